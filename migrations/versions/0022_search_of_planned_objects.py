"""An index that answers a search for planned objects by their keys without reading the objects."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        batch_op.drop_index("ix_import_objects_job_id_key")
        batch_op.create_index(
            "ix_import_objects_job_id_key_number", ["job_id", "key", "number"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        batch_op.drop_index("ix_import_objects_job_id_key_number")
        batch_op.create_index("ix_import_objects_job_id_key", ["job_id", "key"], unique=False)
