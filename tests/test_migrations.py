"""The migrations make what the models say, and take it away again, on both databases."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, text

from app import create_app
from config import read
from models import db
from models.tables import TABLES


@pytest.fixture
def empty_app(environment, database_url, tmp_path):
    """The app on a database without a single table."""
    if database_url.startswith("sqlite"):
        yield create_app(read(environment | {"DATABASE_URL": f"sqlite:///{tmp_path}/new.db"}))
        return
    admin = create_engine(
        database_url.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS migrated"))
        connection.execute(text("CREATE DATABASE migrated"))
    admin.dispose()
    migrated = database_url.replace("/postgres?", "/migrated?")
    yield create_app(read(environment | {"DATABASE_URL": migrated}))


def test_migrations_make_what_the_models_say_and_take_it_back(empty_app):
    with empty_app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection)
            assert compare_metadata(context, db.metadata) == []
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
        upgrade()
        db.engine.dispose()


def test_every_table_is_listed():
    assert {table.__tablename__ for table in TABLES} == set(db.metadata.tables)
