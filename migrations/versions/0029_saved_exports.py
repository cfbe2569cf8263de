"""Choices of exports that staff saved under a name."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_exports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(length=64), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_saved_exports_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_exports")),
        sa.UniqueConstraint("shop_id", "name", name=op.f("uq_saved_exports_shop_id")),
    )


def downgrade() -> None:
    op.drop_table("saved_exports")
