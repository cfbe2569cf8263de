"""When each permission of a key was granted, from the activity trail as far as that goes."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEYS = sa.table(
    "api_keys",
    sa.column("id", sa.Integer),
    sa.column("permissions", sa.String),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("granted_at", sa.JSON),
)
ACTIVITIES = sa.table(
    "activities",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("key_id", sa.Integer),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("detail", sa.JSON),
)


def upgrade() -> None:
    op.add_column(
        "api_keys", sa.Column("granted_at", sa.JSON(), nullable=False, server_default="{}")
    )
    connection = op.get_bind()
    changes = sa.select(ACTIVITIES.c.key_id, ACTIVITIES.c.at, ACTIVITIES.c.detail)
    changes = changes.where(ACTIVITIES.c.kind == "key.changed").order_by(ACTIVITIES.c.id)
    added: dict[int, dict[str, str]] = {}
    for key_id, at, detail in connection.execute(changes):
        for permission in detail.get("added", []):
            added.setdefault(key_id, {})[permission] = _iso(at)
    rows = [
        {"the_id": key_id, "granted": _granted(permissions, created_at, added.get(key_id, {}))}
        for key_id, permissions, created_at in connection.execute(
            sa.select(KEYS.c.id, KEYS.c.permissions, KEYS.c.created_at)
        )
    ]
    if rows:
        update = sa.update(KEYS).where(KEYS.c.id == sa.bindparam("the_id"))
        connection.execute(update.values(granted_at=sa.bindparam("granted", type_=sa.JSON)), rows)


def downgrade() -> None:
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_column("granted_at")


def _granted(permissions: str, created_at: datetime, added: dict[str, str]) -> dict[str, Any]:
    return {name: added.get(name, _iso(created_at)) for name in permissions.split()}


def _iso(at: datetime) -> str:
    """SQLite forgets the zone of a time; all of ours are in UTC."""
    return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).isoformat()
