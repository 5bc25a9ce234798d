"""Images by reference: where a folder is, what a file's content was, and how much is kept of all."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Add the columns; of every image that was there before a picture was kept."""
    op.add_column("picture", sa.Column("content", TEXT))
    op.add_column("collection", sa.Column("pictures", TEXT))
    op.add_column("collection", sa.Column("folder", TEXT))
    op.execute(
        "UPDATE collection SET pictures = 'keep' WHERE id IN"
        " (SELECT collection_id FROM picture WHERE thumbnail IS NOT NULL)"
    )
