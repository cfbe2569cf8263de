"""What was asked of a job beyond its types, how far each type is, and jobs that staff start."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("options", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("progress", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(
            sa.Column("series", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("started_by", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.create_index("ix_jobs_shop_id_created_at", ["shop_id", "created_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_shop_id_created_at")
        for name in ("started_by", "series", "progress", "options"):
            batch_op.drop_column(name)
