"""An import keeps the columns of each of its sheets, not those of one file."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JOBS = sa.table(
    "jobs",
    sa.column("id", sa.String),
    sa.column("kind", sa.String),
    sa.column("types", sa.JSON),
    sa.column("rows", sa.Integer),
    sa.column("headers", sa.JSON),
    sa.column("sheets", sa.JSON),
)
IMPORTS = JOBS.c.kind == "import"


def upgrade() -> None:
    _replace("headers", "sheets")


def downgrade() -> None:
    _replace("sheets", "headers")


def _replace(old: str, new: str) -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column(new, sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    columns = (JOBS.c.id, JOBS.c.types, JOBS.c.rows, JOBS.c[old])
    jobs = connection.execute(sa.select(*columns).where(IMPORTS)).all()
    changed = [
        {
            "the_id": number,
            "changed": _sheets(types, rows, known) if new == "sheets" else _headers(known),
        }
        for number, types, rows, known in jobs
        if types
    ]
    if changed:
        update = sa.update(JOBS).where(JOBS.c.id == sa.bindparam("the_id"))
        connection.execute(update.values({new: sa.bindparam("changed", type_=sa.JSON)}), changed)
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column(old)


def _sheets(types: list[str], rows: int | None, headers: list[str]) -> list[dict[str, Any]]:
    sheet = {"type": types[0], "name": "", "of": "", "headers": headers, "offset": 0, "rows": rows}
    return [sheet]


def _headers(sheets: list[dict[str, Any]]) -> list[str]:
    return list(sheets[0]["headers"]) if sheets else []
