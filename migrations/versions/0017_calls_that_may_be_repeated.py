"""Calls with an Idempotency-Key, and the first answer to each, for a day."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "repeatable_calls",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("location", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_repeatable_calls_key_id_api_keys")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_repeatable_calls_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("key_id", "name", name=op.f("pk_repeatable_calls")),
    )
    with op.batch_alter_table("repeatable_calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_repeatable_calls_created_at"), ["created_at"])
        batch_op.create_index(batch_op.f("ix_repeatable_calls_shop_id"), ["shop_id"])


def downgrade() -> None:
    op.drop_table("repeatable_calls")
