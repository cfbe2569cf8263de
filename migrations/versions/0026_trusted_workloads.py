"""Rules that trust workloads, and their short-lived keys."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("for_workload", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "workload_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("handle", sa.String(length=32), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("own_audience", sa.String(length=255), nullable=False),
        sa.Column("claims", sa.JSON(), nullable=False),
        sa.Column("outside_events", sa.Boolean(), nullable=False),
        sa.Column("repository", sa.String(length=255), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_workload_rules_key_id_api_keys")
        ),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_workload_rules_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workload_rules")),
        sa.UniqueConstraint("handle", name=op.f("uq_workload_rules_handle")),
        sa.UniqueConstraint("key_id", name=op.f("uq_workload_rules_key_id")),
    )
    with op.batch_alter_table("workload_rules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workload_rules_shop_id"), ["shop_id"])
    op.create_table(
        "workload_keys",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name=op.f("fk_workload_keys_key_id_api_keys")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_workload_keys")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_workload_keys_token_digest")),
    )
    with op.batch_alter_table("workload_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_workload_keys_key_id"), ["key_id"])
        batch_op.create_index(batch_op.f("ix_workload_keys_kept_until"), ["kept_until"])


def downgrade() -> None:
    op.drop_table("workload_keys")
    op.drop_table("workload_rules")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_column("for_workload")
