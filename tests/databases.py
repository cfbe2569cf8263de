"""Databases of their own for tests that may not share one."""

from sqlalchemy import create_engine, text


def fresh_database(server: str, name: str) -> str:
    """An empty database of this name on the PostgreSQL server of this address; its address."""
    driven = server.replace("postgresql://", "postgresql+psycopg://")
    admin = create_engine(driven, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.replace("/postgres?", f"/{name}?")
