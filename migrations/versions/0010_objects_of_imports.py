"""What is planned and came of an import is kept by object; its rows keep their cells."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOVED = """INSERT INTO import_objects (job_id, number, key, ref, action, tried, result, comment)
SELECT job_id, number, key, ref,
  CASE result WHEN 'created' THEN 'create' WHEN 'updated' THEN 'update'
    WHEN 'deleted' THEN 'delete' ELSE result END,
  tried IS NOT NULL, result, comment
FROM import_rows WHERE result IS NOT NULL"""
MOVED_BACK = """UPDATE import_rows SET
  key = coalesce((SELECT o.key FROM import_objects o
    WHERE o.job_id = import_rows.job_id AND o.number = import_rows.object), ''),
  ref = (SELECT o.ref FROM import_objects o
    WHERE o.job_id = import_rows.job_id AND o.number = import_rows.object),
  result = (SELECT o.result FROM import_objects o
    WHERE o.job_id = import_rows.job_id AND o.number = import_rows.object),
  comment = coalesce((SELECT o.comment FROM import_objects o
    WHERE o.job_id = import_rows.job_id AND o.number = import_rows.object), '')"""


def upgrade() -> None:
    op.create_table(
        "import_objects",
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=True),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("before_box", sa.LargeBinary(), nullable=True),
        sa.Column("after_box", sa.LargeBinary(), nullable=True),
        sa.Column("input_box", sa.LargeBinary(), nullable=True),
        sa.Column("tried", sa.Boolean(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["jobs.id"], name=op.f("fk_import_objects_job_id_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_import_objects")),
    )
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        for name in ("key", "ref", "follows"):
            batch_op.create_index(f"ix_import_objects_job_id_{name}", ["job_id", name])
    op.execute(MOVED)
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.add_column(sa.Column("object", sa.Integer(), nullable=True))
    op.execute("UPDATE import_rows SET object = number")
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_import_rows_job_id_key")
        batch_op.alter_column("object", existing_type=sa.Integer(), nullable=False)
        for name in ("key", "ref", "tried", "result", "comment"):
            batch_op.drop_column(name)
        batch_op.create_index("ix_import_rows_job_id_object", ["job_id", "object"])
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("import_state", sa.JSON(), nullable=False, server_default="{}")
        )


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("import_state")
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("key", sa.String(length=255), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("ref", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("tried", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("result", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("comment", sa.Text(), nullable=False, server_default=""))
        batch_op.create_index("ix_import_rows_job_id_key", ["job_id", "key"])
    op.execute(MOVED_BACK)
    with op.batch_alter_table("import_rows", schema=None) as batch_op:
        batch_op.drop_index("ix_import_rows_job_id_object")
        batch_op.drop_column("object")
    op.drop_table("import_objects")
