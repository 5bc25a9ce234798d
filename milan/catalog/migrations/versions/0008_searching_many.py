"""What a million units are searched and listed by: descriptions by faithfulness, and the words of each."""

import sqlalchemy as sa
from alembic import op

from milan.catalog.inflection import said_words

revision = "0008"
down_revision = "0007"

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

ROWS_A_STEP = 10_000
SOME = "SELECT id, version_id, phrase FROM description WHERE phrase IS NOT NULL AND id > :last"
INSERTED = "INSERT INTO description_word (version_id, word, description_id) VALUES (:version, :word, :id)"


def upgrade() -> None:
    """Add the index and the table, and fill the table from what is said."""
    op.create_index("ix_description_faithfulness", "description", ["faithfulness"])
    op.create_table(
        "description_word",
        sa.Column("version_id", sa.Integer, primary_key=True),
        sa.Column("word", TEXT, primary_key=True),
        sa.Column(
            "description_id",
            sa.Integer,
            sa.ForeignKey("description.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_description_word_description_id", "description_word", ["description_id"])
    connection = op.get_bind()
    last = -1
    while said := connection.execute(
        sa.text(f"{SOME} ORDER BY id LIMIT :n"), {"last": last, "n": ROWS_A_STEP}
    ).all():
        last = said[-1].id
        rows = [
            {"version": row.version_id, "word": word, "id": row.id}
            for row in said
            for word in said_words(row.phrase)
        ]
        if rows:
            connection.execute(sa.text(INSERTED), rows)
