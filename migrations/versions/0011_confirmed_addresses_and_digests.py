"""Addresses that are confirmed, and notices that wait for a digest.

Addresses that get mail already count as confirmed.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "shops", sa.Column("contact_confirmed_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(
        "UPDATE shops SET contact_confirmed_at = CURRENT_TIMESTAMP WHERE contact_email IS NOT NULL"
    )
    op.add_column(
        "notices",
        sa.Column("in_digest", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    with op.batch_alter_table("notices", schema=None) as batch_op:
        batch_op.drop_column("in_digest")
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.drop_column("contact_confirmed_at")
