"""Dependencies, image, compose file and proxy, as far as they can be judged without a container."""

import re
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

from config import Settings
from scripts.install import halves
from tests.test_house import FILES, ROOMS, imports

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrations", "web-1", "web-2", "worker-1", "worker-2")
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]


def normal(name):
    """A package's name as every index takes it."""
    return re.split(r"[\[<>=~; ]", name)[0].lower().replace("_", "-")


def test_the_app_asks_for_no_package_that_it_does_not_use():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    paths = [ROOT / f"{name}.py" for name in FILES] + [ROOT / "gunicorn.conf.py"]
    for room in (ROOMS | {"migrations"}) - {"standin"}:
        paths += (ROOT / room).rglob("*.py")
    used = {name.partition(".")[0] for path in paths for name in imports(path) if name}
    packages = packages_distributions()
    needed = {normal(package) for name in used for package in packages.get(name, ())}
    assert set(map(normal, declared)) - needed == set()


@pytest.mark.parametrize("file", sorted((ROOT / "requirements").iterdir()), ids=lambda p: p.name)
def test_each_package_is_installed_by_one_of_two_pips(file):
    pinned = re.findall(r"^\S+==\S+", file.read_text(), re.MULTILINE)
    parts = [re.findall(r"^\S+==\S+", part, re.MULTILINE) for part in halves(file.read_text())]
    assert sorted(parts[0] + parts[1]) == sorted(pinned) and len(parts[0]) - len(parts[1]) in (0, 1)
    for part in halves(file.read_text()):
        assert all("--hash=sha256:" in package for package in re.split(r"\n(?=\S)", part))


def copied():
    """What the image takes from the repository."""
    for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE):
        yield from line.split()[:-1]


def test_every_file_that_the_image_takes_is_there_and_let_through():
    let_through = re.findall(r"^!(.*)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)
    assert set(copied()) == set(let_through)
    assert [name for name in copied() if not (ROOT / name).exists()] == []


def test_the_image_has_every_module_of_the_app():
    outside = {"benchmarks", "scripts", "standin", "tests"}
    modules = {path.name for path in ROOT.glob("*.py")}
    folders = {path.parent.name for path in ROOT.glob("*/__init__.py")} - outside
    assert modules | folders | {"migrations", "static", "templates"} <= set(copied())


def test_the_image_is_built_in_stages_and_runs_as_nobody_in_particular():
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 3
    assert re.search(r"^USER [1-9]\d*$", LAST_STAGE, re.MULTILINE)
    assert "pip install" not in LAST_STAGE and "npm" not in LAST_STAGE
    assert "--require-hashes" in DOCKERFILE and "npm ci" in DOCKERFILE
    assert "TMPDIR=/scratch" in LAST_STAGE and "VOLUME /scratch" in LAST_STAGE
    assert re.search(r"^HEALTHCHECK .*\n? CMD .*healthz", LAST_STAGE, re.MULTILINE)


def test_the_image_has_the_pages_assets_as_make_installs_them():
    makefile = (ROOT / "Makefile").read_text()
    in_make = set(re.findall(r"cp (node_modules/\S+ static/vendor/\S+)", makefile))
    assert in_make == set(re.findall(r"cp (node_modules/\S+ static/vendor/\S+)", DOCKERFILE))


def test_no_secret_is_in_image_or_compose_file():
    secret = {name for name, field in Settings.model_fields.items() if field.repr is False}
    given = {name for one in SERVICES.values() for name in one.get("environment", {})}
    assert given & secret <= {"DATABASE_URL", "JOBS_DATABASE_URL", "RATE_LIMIT_STORAGE_URL"}
    assert re.findall(r"(?:ENV|ARG) \w*(?:SECRET|KEY|PASSWORD)", DOCKERFILE) == []
    assert "POSTGRES_PASSWORD:?" in SERVICES["database"]["environment"]["POSTGRES_PASSWORD"]


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_nothing_and_get_settings_that_exist(name):
    service = SERVICES[name]
    assert service["read_only"] is True and service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert set(service["environment"]) <= set(Settings.model_fields)
    assert int(service["stop_grace_period"].removesuffix("s")) > 30


def test_there_are_two_of_each_and_no_two_workers_share_a_name():
    assert set(SERVICES) == {*OURS, "proxy", "database", "counts"}
    names = {SERVICES[name]["environment"]["WORKER_NAME"] for name in ("worker-1", "worker-2")}
    assert names == {"worker-1", "worker-2"}
    shared = [SERVICES[name]["environment"] | {"WORKER_NAME": ""} for name in OURS]
    assert all(one == shared[0] | one for one in shared)


def test_everything_waits_for_what_it_needs():
    for name, service in SERVICES.items():
        for needed, how in service.get("depends_on", {}).items():
            done = how["condition"] == "service_completed_successfully"
            healthy = "healthcheck" in SERVICES[needed] or needed.startswith("web-")
            assert done or healthy, (name, needed)


def test_the_proxy_streams_takes_turns_and_believes_no_client():
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    assert set(re.findall(r"server ([\w-]+):8000", proxy)) == {"web-1", "web-2"}
    assert "proxy_buffering off;" in proxy
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in proxy
    assert f"client_max_body_size {Settings.model_fields['IMPORT_MAX_MB'].default}m;" in proxy
    assert "proxy_request_buffering" not in proxy
    [kept] = re.findall(r"^    keepalive_timeout (\d+)s;", proxy, re.MULTILINE)
    gunicorn = (ROOT / "gunicorn.conf.py").read_text()
    [ours] = re.findall(r"^keepalive = (\d+)$", gunicorn, re.MULTILINE)
    assert int(kept) < int(ours)
    mounted, bodies = SERVICES["proxy"]["volumes"]
    assert f"client_body_temp_path {bodies.partition(':')[2]};" in proxy
    assert (ROOT / mounted.partition(":")[0]).is_file()
