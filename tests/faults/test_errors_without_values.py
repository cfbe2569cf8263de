"""No value that a statement was given gets into an error, and so into no log and not into what DBOS
stores."""

import base64
import pickle
import traceback

import pytest
from sqlalchemy import MetaData, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from models import db
from models.job import FAILED
from models.scrubbed_errors import HIDDEN
from queues import enqueue
from tests.jobs.test_workflows import wait_for
from tests.servers import worker
from worker import make_database

pytestmark = pytest.mark.both_databases

SECRET = "jo.doe-55501@example.com"
FAULTS = {
    "a duplicate": (
        "INSERT INTO probe (address, number) VALUES (:address, 1), (:address, 2)",
        {"address": SECRET},
    ),
    "an empty column": (
        "INSERT INTO probe (address, number) VALUES (:address, NULL)",
        {"address": SECRET},
    ),
    "a check": ("INSERT INTO probe (address, number) VALUES (:address, -1)", {"address": SECRET}),
    "a wrong type": ("SELECT CAST(:address AS integer) / 0 FROM nowhere", {"address": SECRET}),
    "no number": ("INSERT INTO probe VALUES ('a', CAST(:address AS numeric))", {"address": SECRET}),
    "no such table": ("SELECT * FROM nowhere WHERE address = :address", {"address": SECRET}),
    "a missing parameter": ("SELECT :address, :other", {"address": SECRET}),
    "an object": ("SELECT :address, :other", {"address": SECRET, "other": object()}),
}


@pytest.fixture
def probe(app):
    """A table with every constraint; on an engine like the app's and on DBOS's."""
    engines = [db.engine, create_engine(db.engine.url)]
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE probe (address TEXT UNIQUE, number NUMERIC NOT NULL CHECK (number > 0))"
        )
    yield engines
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE probe")
    engines[1].dispose()


@pytest.mark.parametrize("fault", FAULTS)
def test_of_every_fault_of_the_database_neither_text_nor_pickle_has_a_value(probe, fault):
    statement, parameters = FAULTS[fault]
    for engine in probe:
        try:
            with engine.begin() as connection:
                connection.execute(text(statement), parameters)
        except SQLAlchemyError as error:
            told = "".join(traceback.format_exception(error))
            assert SECRET not in told
            assert SECRET.encode() not in pickle.dumps(error)
            assert type(pickle.loads(pickle.dumps(error))) is type(error)
        else:
            assert fault == "no number" and engine.dialect.name == "sqlite"


def test_the_engines_hide_parameters(app):
    assert db.engine.hide_parameters and HIDDEN == {"hide_parameters": True}


REFUSE = {
    "sqlite": """CREATE TRIGGER refuse BEFORE INSERT ON import_rows
        BEGIN SELECT RAISE(ABORT, 'refused'); END""",
    "postgresql": """ALTER TABLE import_rows
        ADD CONSTRAINT refuse CHECK (number < 0) NOT VALID""",
}
ALLOW = {
    "sqlite": "DROP TRIGGER refuse",
    "postgresql": "ALTER TABLE import_rows DROP CONSTRAINT refuse",
}


def test_a_failed_step_leaves_no_value_in_the_log_or_with_dbos(store, app, environment, tmp_path):
    jobs_url = app.config["SETTINGS"].jobs_database_url
    make_database(jobs_url)
    name = db.engine.dialect.name
    job = store.keep(tmp_path, f"Path,Target\n/a,https://example.com/?of={SECRET}\n")
    enqueue(job)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(REFUSE[name])
    try:
        with worker(environment, tmp_path, tmp_path.name) as server:
            assert wait_for(job).status == FAILED
            log = server.log.read_text()
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql(ALLOW[name])
    assert "IntegrityError" in log and SECRET not in log
    stored = list(everything(jobs_url))
    assert any(b"StepFailed" in value for value in stored)
    assert not any(SECRET.encode() in value for value in stored)


def everything(jobs_url: str):
    """Every value in the tables of DBOS; what is pickled, unpacked as far as bytes go."""
    engine = create_engine(jobs_url)
    with engine.connect() as connection:
        schema = None if engine.dialect.name == "sqlite" else "dbos"
        tables = MetaData()
        tables.reflect(connection, schema=schema)
        for table in tables.sorted_tables:
            for row in connection.execute(table.select()):
                for value in row:
                    yield str(value).encode()
                    try:
                        yield base64.b64decode(str(value), validate=True)
                    except ValueError:
                        continue
    engine.dispose()
