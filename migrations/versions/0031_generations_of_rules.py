"""The keys of issuers for every process, and which keys are of a rule as it now is."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "issuer_key_sets",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("jwks", sa.JSON(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("issuer", name="pk_issuer_key_sets"),
    )
    op.create_index("ix_issuer_key_sets_fetched_at", "issuer_key_sets", ["fetched_at"])
    for table in ("workload_rules", "workload_keys"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(
                sa.Column("generation", sa.Integer(), nullable=False, server_default="0")
            )


def downgrade() -> None:
    for table in ("workload_keys", "workload_rules"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column("generation")
    op.drop_table("issuer_key_sets")
