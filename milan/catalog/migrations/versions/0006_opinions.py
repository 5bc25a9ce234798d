"""People's own words and votes, and an index from which lists of units are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the table and the index."""
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("layer_id", sa.Integer, sa.ForeignKey("layer.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("written", TEXT, nullable=False),
        sa.Column("about", TEXT),
        sa.Column("fits", sa.Boolean),
        sa.Column("words", TEXT),
    )
    op.create_index("ix_opinion_layer_id", "opinion", ["layer_id", "number"])
    op.create_index(
        "ix_description_version_id", "description", ["version_id", "unit_id", "status", "faithfulness"]
    )
