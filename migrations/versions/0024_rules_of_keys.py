"""How imports of a key are applied, its label, and the rules of a shop for its keys."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("imports", sa.String(16), nullable=False, server_default="within_limits")
        )
        batch_op.add_column(
            sa.Column("import_limits", sa.String(), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("environment", sa.String(16), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("rule_ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("rule_ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_api_keys_rule_ends_at",
            ["rule_ends_at"],
            sqlite_where=sa.text("deleted_at IS NULL"),
            postgresql_where=sa.text("deleted_at IS NULL"),
        )
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_rules", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    with op.batch_alter_table("shops", schema=None) as batch_op:
        batch_op.drop_column("key_rules")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index("ix_api_keys_rule_ends_at")
        for name in ("rule_ended_at", "rule_ends_at", "environment", "import_limits", "imports"):
            batch_op.drop_column(name)
