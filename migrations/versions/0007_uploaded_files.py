"""Uploaded files wait in pieces for a worker; each import knows how much it takes up."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_chunks",
        sa.Column("job_id", sa.String(length=24), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["shop_id"], ["shops.id"], name=op.f("fk_import_chunks_shop_id_shops")
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_import_chunks")),
    )
    with op.batch_alter_table("import_chunks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_chunks_shop_id"), ["shop_id"], unique=False)
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stored_bytes", sa.BigInteger(), nullable=False, server_default="0")
        )


def downgrade() -> None:
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_column("stored_bytes")
    op.drop_table("import_chunks")
