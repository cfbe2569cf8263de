"""Databases of their own for tests that may not share one."""

import pytest
from sqlalchemy import create_engine, text

DATABASES = ("sqlite", "postgresql")


def driven(url: str) -> str:
    """The address with the driver that the app takes."""
    return url.replace("postgresql://", "postgresql+psycopg://")


def settings_for(request: pytest.FixtureRequest, name: str) -> dict[str, str]:
    """What ``make run`` is told to run on the kind of database that this fixture's parameter names:
    nothing for the SQLite file of its own, else an empty PostgreSQL database of this name."""
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
