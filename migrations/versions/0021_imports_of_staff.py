"""Jobs that staff start without a key, and which columns a planned object changes."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.alter_column("key_id", existing_type=sa.Integer(), nullable=True)
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("columns", sa.Text(), nullable=False, server_default=sa.text("''"))
        )
        batch_op.create_index(
            "ix_import_objects_job_id_action", ["job_id", "action", "number"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        batch_op.drop_index("ix_import_objects_job_id_action")
        batch_op.drop_column("columns")
    op.execute("DELETE FROM jobs WHERE key_id IS NULL")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.alter_column("key_id", existing_type=sa.Integer(), nullable=False)
