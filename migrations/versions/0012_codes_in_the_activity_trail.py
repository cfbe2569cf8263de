"""The activity trail keeps a code for the overlap of a rotation, not its English label."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CODES = {"No time: it ends now": "none", "1 hour": "hour", "1 day": "day", "7 days": "week"}
ACTIVITIES = sa.table(
    "activities",
    sa.column("id", sa.Integer),
    sa.column("kind", sa.String),
    sa.column("detail", sa.JSON),
)


def upgrade() -> None:
    _replace(CODES)


def downgrade() -> None:
    _replace({code: label for label, code in CODES.items()})


def _replace(overlaps: Mapping[str, str]) -> None:
    connection = op.get_bind()
    rotations = sa.select(ACTIVITIES.c.id, ACTIVITIES.c.detail)
    rotations = rotations.where(ACTIVITIES.c.kind == "key.rotated")
    changes = [
        {"the_id": number, "changed": detail | {"overlap": overlaps[detail["overlap"]]}}
        for number, detail in connection.execute(rotations)
        if detail.get("overlap") in overlaps
    ]
    if changes:
        update = sa.update(ACTIVITIES).where(ACTIVITIES.c.id == sa.bindparam("the_id"))
        connection.execute(update.values(detail=sa.bindparam("changed", type_=sa.JSON)), changes)
