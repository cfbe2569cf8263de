"""When an uploaded file was last asked about, by which it is forgotten."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("uploaded_files", schema=None) as batch_op:
        batch_op.alter_column(
            "created_at",
            new_column_name="used_at",
            existing_type=sa.DateTime(timezone=True),
            existing_nullable=False,
        )
    op.create_index("ix_uploaded_files_used_at", "uploaded_files", ["used_at"])


def downgrade() -> None:
    op.drop_index("ix_uploaded_files_used_at", table_name="uploaded_files")
    with op.batch_alter_table("uploaded_files", schema=None) as batch_op:
        batch_op.alter_column(
            "used_at",
            new_column_name="created_at",
            existing_type=sa.DateTime(timezone=True),
            existing_nullable=False,
        )
