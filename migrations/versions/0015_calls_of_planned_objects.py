"""An object of an import keeps how many of its calls were answered, and which is in the air."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sent", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("sending", sa.String(length=36), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("import_objects", schema=None) as batch_op:
        batch_op.drop_column("sending")
        batch_op.drop_column("sent")
