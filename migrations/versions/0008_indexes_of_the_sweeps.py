"""Indexes for what the worker looks for each minute."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_jobs_status_shop_id_created_at": ("jobs", ["status", "shop_id", "created_at"], None),
    "ix_jobs_created_at": ("jobs", ["created_at"], None),
    "ix_activities_at": ("activities", ["at"], None),
    "ix_key_days_day": ("key_days", ["day"], None),
    "ix_permission_uses_last_used_at": ("permission_uses", ["last_used_at"], None),
    "ix_api_keys_reveal_until": ("api_keys", ["reveal_until"], "secret_box IS NOT NULL"),
    "ix_api_keys_retires_at": ("api_keys", ["retires_at"], "deleted_at IS NULL"),
    "ix_api_keys_expires_at": ("api_keys", ["expires_at"], "deleted_at IS NULL"),
    "ix_webhook_deliveries_waiting": (
        "webhook_deliveries",
        ["shop_id", "received_at"],
        "handled_at IS NULL",
    ),
}
"""Table, columns and, of a partial index, the condition, by name."""


def upgrade() -> None:
    for name, (table, columns, condition) in INDEXES.items():
        where = sa.text(condition) if condition else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, (table, _columns, _condition) in INDEXES.items():
        op.drop_index(name, table_name=table)
