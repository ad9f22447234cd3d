"""Conversations, and what visitors thought of them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables."""
    op.create_table(
        "bericht",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("reply", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=True),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("conversation", "message_id", name="bericht_eenmaal"),
    )
    with op.batch_alter_table("bericht", schema=None) as batch_op:
        batch_op.create_index("bericht_gesprek", ["conversation", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bericht_asked_at"), ["asked_at"], unique=False)

    op.create_table(
        "gesprek",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("gesprek", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gesprek_started_at"), ["started_at"], unique=False)

    op.create_table(
        "keuze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation", sa.String(length=200), nullable=False),
        sa.Column("chosen_at", sa.DateTime(), nullable=False),
        sa.Column("question", sa.String(length=1000), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("keuze", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_keuze_conversation"), ["conversation"], unique=False)


def downgrade() -> None:
    """Change them back."""
    with op.batch_alter_table("keuze", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_keuze_conversation"))

    op.drop_table("keuze")
    with op.batch_alter_table("gesprek", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gesprek_started_at"))

    op.drop_table("gesprek")
    with op.batch_alter_table("bericht", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bericht_asked_at"))
        batch_op.drop_index("bericht_gesprek")

    op.drop_table("bericht")
