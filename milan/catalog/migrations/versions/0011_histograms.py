"""A histogram of every unit's activations, and an index of who else holds a picture."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column, empty for units that were found before, and the index."""
    op.add_column("unit", sa.Column("histogram", sa.LargeBinary))
    op.create_index("ix_exemplar_picture", "exemplar", ["picture", "unit_id"])
