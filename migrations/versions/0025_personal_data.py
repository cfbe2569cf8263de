"""How much personal data a key sees, and the secret of a store's stand-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("personal_data", sa.String(length=8), nullable=False, server_default="all")
        )
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("stand_ins_box", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.drop_column("stand_ins_box")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_column("personal_data")
