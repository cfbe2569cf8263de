"""The calls of each key in the last days, and the networks that they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "key_requests",
        sa.Column("id", BIG, nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.String(8), nullable=False),
        sa.Column("route", sa.String(120), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(24), nullable=False),
        sa.Column("request_id", sa.String(64), nullable=False),
        sa.Column("unlisted", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shops.id"], name="fk_key_requests_shop_id_shops"),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name="fk_key_requests_key_id_api_keys"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_key_requests"),
    )
    op.create_index("ix_key_requests_key_id_id", "key_requests", ["key_id", "id"])
    op.create_index("ix_key_requests_shop_id_id", "key_requests", ["shop_id", "id"])
    op.create_index("ix_key_requests_at", "key_requests", ["at"])
    op.create_table(
        "key_networks",
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("network", sa.String(43), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["api_keys.id"], name="fk_key_networks_key_id_api_keys"
        ),
        sa.PrimaryKeyConstraint("key_id", "network", name="pk_key_networks"),
    )
    op.create_index("ix_key_networks_last_seen_at", "key_networks", ["last_seen_at"])


def downgrade() -> None:
    op.drop_table("key_networks")
    op.drop_table("key_requests")
