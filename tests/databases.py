"""Which databases a test runs on, and databases of their own for tests that may not share one.

A test that goes through a database runs on SQLite. One that shows something which depends on the
database (SQL that differs, locks, JSON operators, streams, migrations, faults of the database or of
a worker) is marked ``both_databases`` and runs on PostgreSQL too. One that only passes through it
(what a page says, what the API refuses, how Shopify is answered, how a data type is written) is
not: the statements that it sends are those of marked tests. With ``--everything`` all run on both.
"""

import pytest
from sqlalchemy import create_engine, text

DATABASES = ("sqlite", "postgresql")
FIXTURES = ("database_url", "live_site", "site", "sweep")
"""The fixtures that take the name of a database as their parameter."""


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Choose the databases of a test that uses such a fixture and does not choose itself."""
    marks = list(metafunc.definition.iter_markers())
    both = metafunc.config.option.everything or any(m.name == "both_databases" for m in marks)
    chosen = {m.args[0] for m in marks if m.name == "parametrize"}
    for fixture in set(FIXTURES) & set(metafunc.fixturenames) - chosen:
        metafunc.parametrize(fixture, DATABASES if both else DATABASES[:1], indirect=True)


def driven(url: str) -> str:
    """The address with the driver that the app takes."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def settings_for(request: pytest.FixtureRequest, name: str) -> dict[str, str]:
    """The settings with which ``make run`` uses the database that this fixture's parameter names:
    none for its own SQLite file, else those of an empty PostgreSQL database of this name."""
    if request.param == "sqlite":
        return {}
    return {"DATABASE_URL": fresh_database(request.getfixturevalue("postgresql"), name)}


def fresh_database(server: str, name: str) -> str:
    """An empty database of this name on the PostgreSQL server of this address; its address."""
    admin = create_engine(driven(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")
