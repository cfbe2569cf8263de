"""A site with a worker, for the command line that follows the recipes of ``docs/recipes``."""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from models import db
from models.job import COMPLETED
from tests.servers import Server, web, worker
from transfer.permissions import EXPORTS, IMPORTS
from worker import make_database

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "docs" / "recipes"
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def site(application, environment, tmp_path_factory) -> Iterator[Server]:
    """The site and its worker, one for all recipes of a module."""
    folder = tmp_path_factory.mktemp("site")
    make_database(application.config["SETTINGS"].jobs_database_url)
    with ExitStack() as stack:
        server = stack.enter_context(web(environment, folder, WEB_CONCURRENCY="1"))
        stack.enter_context(worker(environment, folder, folder.name))
        yield server


@pytest.fixture
def again(store, tmp_path) -> Callable[..., dict[str, int]]:
    """Imports a recipe's file without the command line, which has shown its way before; returns
    how many rows came to what."""

    def again(name: str, type: str) -> dict[str, int]:
        file = (RECIPES / name).read_bytes()
        job = store.run_import(store.keep(tmp_path, file, type=type))
        assert (job.status, job.error) == (COMPLETED, None)
        return job.counts

    return again


@pytest.fixture
def altera(site, store, tmp_path) -> Run:
    """Runs the command line as a script does, with a key that may do everything."""
    store.key.permissions = sorted({*EXPORTS, *IMPORTS})
    db.session.commit()

    def run(*words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        command = ["node", str(ROOT / "cli" / "bin" / "altera.js"), *words]
        own = {"ALTERA_URL": site.url, "ALTERA_API_KEY": store.key_text, "HOME": str(tmp_path)}
        env = {"PATH": os.environ["PATH"], **own}
        done = subprocess.run(
            command, cwd=RECIPES, env=env, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == code, done.stdout + done.stderr
        db.session.rollback()
        return done

    return run
