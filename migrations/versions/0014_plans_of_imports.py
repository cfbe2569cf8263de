"""What an import plans is kept with its job, and which import undoes which.

An import that was running is taken up again where it was: with making its plan.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("plan", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("undoes", sa.String(length=24), nullable=True))
        batch_op.add_column(sa.Column("undone_by", sa.String(length=24), nullable=True))
    op.execute("UPDATE jobs SET status = 'planning' WHERE kind = 'import' AND status = 'running'")


def downgrade() -> None:
    op.execute(
        "UPDATE jobs SET status = 'running' WHERE kind = 'import' "
        "AND status IN ('planning', 'applying')"
    )
    op.execute("UPDATE jobs SET status = 'completed' WHERE status = 'planned'")
    op.execute("UPDATE jobs SET status = 'canceled' WHERE status = 'held'")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("undone_by")
        batch_op.drop_column("undoes")
        batch_op.drop_column("plan")
