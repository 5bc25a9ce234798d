"""Passages of a text beside images: their words."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; what was there before are images."""
    op.add_column("picture", sa.Column("words", sa.JSON))
