"""Images by reference: where a folder is, what a file's content was, and how much is kept of all."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns; of every image that was there before a picture was kept."""
    op.add_column("picture", sa.Column("content", sa.String))
    op.add_column("collection", sa.Column("pictures", sa.String))
    op.add_column("collection", sa.Column("folder", sa.String))
    op.execute(
        "UPDATE collection SET pictures = 'keep' WHERE id IN"
        " (SELECT collection_id FROM picture WHERE thumbnail IS NOT NULL)"
    )
