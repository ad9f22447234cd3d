"""What is left of conversations when their texts are purged: counts by day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "dagcijfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("items", sa.String(length=500), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("not_useful", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("day", "channel", "kind", "items", name="dagcijfer_eenmaal"),
    )
    with op.batch_alter_table("dagcijfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dagcijfer_day"), ["day"], unique=False)


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("dagcijfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dagcijfer_day"))

    op.drop_table("dagcijfer")
