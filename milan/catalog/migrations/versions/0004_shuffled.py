"""How faithful a version's phrases are to units that were said something else."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; of older descriptions it is not known."""
    op.add_column("description_version", sa.Column("shuffled", sa.JSON))
