"""The API beside its own description: whatever fits it, or nearly does, is answered as described.

Every check of schemathesis is made, but for what no schema can say: that a file is a spreadsheet
and that columns and filters are those of the type; that an Idempotency-Key was used for another
call; that an ID token is genuine; and that a report of leaked keys always hears the same.
"""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CheckFunction
from schemathesis.core.result import Ok
from schemathesis.generation.meta import TestPhase
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from blueprints.api.openapi import described
from blueprints.api.openapi_paths import JSONL, XLSX, ZIP
from tests.cast import free_port, make_key
from tests.chance import examples
from tests.processes import PLAIN, running
from transfer.permissions import PERMISSIONS

BOUNDED = settings(
    max_examples=examples(15),
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
NOT_SAID = {
    "/exports": [positive_data_acceptance],
    "/imports": [positive_data_acceptance],
    "/imports/{id}/apply": [positive_data_acceptance],
    "/imports/{id}/undo": [positive_data_acceptance],
    "/files": [positive_data_acceptance],
    "/uploads": [positive_data_acceptance],
    "/files/status": [positive_data_acceptance],
    "/leaked-keys": [negative_data_rejection],
    "/token": [positive_data_acceptance],
}
for media_type in (XLSX, ZIP, JSONL):
    schemathesis.serializer.alias(media_type, "application/octet-stream")
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 428, 429, "5xx"]
"""What schemathesis takes for a refusal by default, and 413: a drawn body may be too large."""
CHECKS = {"negative_data_rejection": {"expected-statuses": REFUSALS}}
api = schemathesis.openapi.from_dict(
    described("http://localhost"), config=schemathesis.Config.from_dict({"checks": CHECKS})
)
OPERATIONS: list[APIOperation] = [
    result.ok() for result in api.get_all_operations() if isinstance(result, Ok)
]
OF_JOBS = [one for one in OPERATIONS if one.path.startswith(("/exports/{id}", "/imports/{id}"))]


def each(operations: list[APIOperation]) -> pytest.MarkDecorator:
    """A test for each of these operations."""
    labels = [operation.label for operation in operations]
    return pytest.mark.parametrize("operation", operations, ids=labels)


@pytest.fixture(scope="module")
def address(environment, application, jobs_database, tmp_path_factory):
    """The app under gunicorn, on the tests' database."""
    port = free_port()
    command = ["gunicorn", "--config", "/dev/null", "--no-control-socket", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "error", "app:create_app()"]
    url = f"http://127.0.0.1:{port}"
    log = tmp_path_factory.mktemp("openapi") / "log"
    with running(command, environment | {"APP_URL": url}, log, f"{url}/healthz"):
        yield url


@pytest.fixture
def key(app, shop):
    """The text of a key that may do everything."""
    return make_key(shop, *PERMISSIONS)[1]


@pytest.fixture
def jobs(store, tmp_path):
    """An export and an import of Alice's key that are over, by the path of their calls."""
    store.add_redirect("/old", "/new")
    made = store.export("redirects"), store.run_import(store.keep(tmp_path, "Path,Target\n/a,/b\n"))
    return {f"/{job.kind}s/": job.id for job in made}


def ask_all(operation: APIOperation, address: str, *keys: str, **path: str) -> None:
    """Send what schemathesis draws for an operation with each of these keys, none where it is
    empty, and make its checks of each answer. Each value that the schema allows or forbids is sent
    with the first key alone: who has none is refused before anything is read.

    It is drawn here: ``api.parametrize()`` draws all of it in each process that collects the tests.
    """
    leave_out = list[CheckFunction](NOT_SAID.get(operation.path, []))

    def ask(case: schemathesis.Case) -> None:
        case.path_parameters |= path
        of_values = case.meta is not None and case.meta.phase.name == TestPhase.COVERAGE
        for text in keys[:1] if of_values else keys:
            headers = {"Authorization": f"Bearer {text}"} if text else {}
            case.call_and_validate(
                base_url=f"{address}/api/v1", headers=headers, excluded_checks=leave_out, timeout=60
            )

    schema = api.include(path=operation.path, method=operation.method)
    [result] = get_all_tests(schema=schema, test_func=ask, settings=BOUNDED, given_kwargs={})
    assert isinstance(result, Ok)
    _, test = result.ok()
    test()


def test_the_document_that_is_served_is_the_one_that_is_tried(address):
    assert httpx.get(f"{address}/api/v1/openapi.json", **PLAIN).json() == described(address)


def test_every_operation_is_tried():
    written = {
        f"{method.upper()} {path}"
        for path, item in described("http://localhost")["paths"].items()
        for method in item
        if method != "parameters"
    }
    assert {operation.label for operation in OPERATIONS} == written


@each(OPERATIONS)
def test_whatever_is_sent_with_and_without_a_key_is_answered_as_described(operation, address, key):
    ask_all(operation, address, key, "")


@each(OF_JOBS)
def test_jobs_that_are_there_are_answered_as_described(operation, address, store, jobs):
    [job_id] = (of for path, of in jobs.items() if operation.path.startswith(path))
    ask_all(operation, address, store.key_text, id=job_id)
