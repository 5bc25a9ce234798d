"""How good descriptions are, a table a version."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "evaluation",
        sa.Column(
            "version_id",
            sa.Integer,
            sa.ForeignKey("description_version.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("figures", sa.JSON, nullable=False),
    )
