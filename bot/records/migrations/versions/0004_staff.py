"""What staff did with missed questions, and what the last check of each address found."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "afhandeling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wording", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("who", sa.String(length=60), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("item", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("afhandeling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_afhandeling_wording"), ["wording"], unique=False)

    op.create_table(
        "adrescontrole",
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("address"),
    )


def downgrade() -> None:
    """Change them back."""
    op.drop_table("adrescontrole")
    with op.batch_alter_table("afhandeling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_afhandeling_wording"))

    op.drop_table("afhandeling")
