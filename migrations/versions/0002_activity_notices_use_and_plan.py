"""Activity, notices, use and plan."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("once", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name=op.f("fk_notices_shop_id_shops")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("once", name=op.f("uq_notices_once")),
    )
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notices_sent_at"), ["sent_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_notices_shop_id"), ["shop_id"], unique=False)

    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor_kind", sa.String(length=8), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_activities_key_id_api_keys")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_activities_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
    )
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activities_key_id"), ["key_id"], unique=False)
        batch_op.create_index("ix_activities_shop_id_at", ["shop_id", "at"], unique=False)

    op.create_table(
        "key_days",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_key_days_key_id_api_keys")
        ),
        sa.PrimaryKeyConstraint("key_id", "day", name=op.f("pk_key_days")),
    )
    op.create_table(
        "permission_uses",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("permission", sa.String(length=48), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_permission_uses_key_id_api_keys")
        ),
        sa.PrimaryKeyConstraint("key_id", "permission", name=op.f("pk_permission_uses")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("last_address", sa.String(length=45), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("last_client", sa.String(length=80), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("allowed_addresses", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("calls_per_minute", sa.Integer(), nullable=False, server_default="600000")
        )
        batch_op.add_column(sa.Column("retires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("plan", sa.String(length=60), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("plan_checked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.drop_column("plan_checked_at")
        batch_op.drop_column("plan")

    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_column("disabled_at")
        batch_op.drop_column("retires_at")
        batch_op.drop_column("calls_per_minute")
        batch_op.drop_column("allowed_addresses")
        batch_op.drop_column("last_client")
        batch_op.drop_column("last_address")

    op.drop_table("permission_uses")
    op.drop_table("key_days")
    with op.batch_alter_table("activities", schema=None) as batch_op:
        batch_op.drop_index("ix_activities_shop_id_at")
        batch_op.drop_index(batch_op.f("ix_activities_key_id"))

    op.drop_table("activities")
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notices_shop_id"))
        batch_op.drop_index(batch_op.f("ix_notices_sent_at"))

    op.drop_table("notices")
