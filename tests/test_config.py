"""Settings: typed, named when wrong, all of them documented."""

import re
import subprocess
from pathlib import Path

import pytest

from config import BadSettings, Settings, read
from tests.forked import Program

GOOD = {
    "APP_URL": "https://altera.example.com",
    "SECRET_KEY": "ef" * 32,
    "KEY_PEPPERS": "1:" + "ab" * 32,
    "ENCRYPTION_KEYS": "2:" + "cd" * 32,
    "SHOPIFY_CLIENT_ID": "id",
    "SHOPIFY_CLIENT_SECRET": "secret",
}
ROOT = Path(__file__).parent.parent


def test_good_settings_are_typed():
    settings = read(GOOD | {"KEY_REVEAL_MINUTES": "5", "IMPORT_MAX_MB": "7"})
    assert {1: bytes.fromhex("ab" * 32)} == settings.KEY_PEPPERS
    assert (settings.KEY_REVEAL_MINUTES, settings.IMPORT_MAX_MB) == (5, 7)
    assert read(GOOD | {"KEY_REVEAL_MINUTES": "forever"}).KEY_REVEAL_MINUTES == "forever"


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_setting_stops_the_start_by_name(name):
    rest = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(BadSettings, match=f"{name} is missing"):
        read(rest)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("APP_URL", "altera.example.com"),
        ("APP_URL", "https://altera.example.com/"),
        ("SECRET_KEY", "ef" * 15),
        ("KEY_PEPPERS", "ab" * 32),
        ("KEY_PEPPERS", "1:zz"),
        ("KEY_PEPPERS", "0:" + "ab" * 32),
        ("ENCRYPTION_KEYS", "1:" + "ab" * 16),
        ("KEY_REVEAL_MINUTES", "always"),
        ("KEY_REVEAL_MINUTES", "-1"),
        ("IMPORT_MAX_MB", "0"),
        ("RETRY_SECONDS", "0"),
        ("WORKER_NAME_SECONDS", "inf"),
        ("SHOPIFY_ORIGIN", "https://shop.example"),
        ("PLANS", "Free, Pro"),
        ("PLANS", '[{"name": "Free", "handle": "free", "api": false, "keys": 0, "jobs": 1}]'),
        ("PLAN_SOURCE", "guess"),
        ("PLAN_SOURCE", "fixed:Gold"),
        ("PLAN_GRACE_HOURS", "-1"),
        ("APP_HANDLE", "Altera!"),
        ("CLI_COMMAND", "npx altera; rm"),
        ("KEY_PEPPERS", "1:" + "ab" * 32 + ",1:" + "cd" * 32),
        ("DATABASE_URL", "mysql://user:password@host/name"),
        ("DATABASE_URL", "sqlite:///altera.db"),
        ("JOBS_DATABASE_URL", "/var/lib/altera/jobs.db"),
        ("WORKER_NAME", "worker 1"),
        ("WORKER_NAME", "w" * 101),
        ("APP_BRIDGE_URL", "app-bridge.js"),
        ("FRAME_ANCESTOR", "https://a.example; script-src *"),
        ("PARTNER_URL", "partners.shopify.com"),
        ("MAIL_URL", "smtp.example.com"),
        ("RATE_LIMIT_STORAGE_URL", "redis:"),
        ("TRUSTED_PROXIES", "proxy-1"),
        ("PRIVATE_ISSUERS", "gitlab.internal"),
        ("PRIVATE_ISSUERS", "https://gitlab.internal/path"),
        ("GITHUB_API_URL", "https://api.github.com/"),
        ("METRICS_PORT", "99999"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "debug"),
        ("LOG_REQUESTS", "some"),
        ("WEB_CONCURRENCY", "0"),
        ("CLIENT_SECONDS", "0"),
        ("TRANSFERS", "none"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_its_value(name, value):
    with pytest.raises(BadSettings) as caught:
        read(GOOD | {name: value})
    assert str(caught.value).startswith(f"The setting {name} is wrong")
    assert "\n" not in str(caught.value)
    assert not re.search(r"pattern|Value error|\^|literal\[", str(caught.value))


@pytest.mark.parametrize(
    ("name", "value"), [("KEY_PEPPERS", "1:" + "zz" * 32), ("SECRET_KEY", "zz" * 15)]
)
def test_a_secret_is_never_in_the_message(name, value):
    with pytest.raises(BadSettings) as caught:
        read(GOOD | {name: value})
    assert "zz" not in str(caught.value)


@pytest.mark.parametrize("name", ["PARTNER_ORG_ID", "PARTNER_APP_ID", "PARTNER_TOKEN"])
def test_the_partner_api_needs_its_three_settings(name):
    partner = {"PARTNER_ORG_ID": "1", "PARTNER_APP_ID": "2", "PARTNER_TOKEN": "prtapi"}
    assert read(GOOD | partner | {"PLAN_SOURCE": "partner"}).PLAN_SOURCE == "partner"
    with pytest.raises(BadSettings, match=f"{name} is wrong"):
        read(GOOD | partner | {"PLAN_SOURCE": "partner", name: ""})


def test_every_setting_is_in_the_example_and_the_operators_guide():
    example = re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M)
    assert example == list(Settings.model_fields)
    guide = (ROOT / "docs" / "operate.md").read_text()
    assert [name for name in example if f"`{name}`" not in guide] == []


def test_the_example_reads_the_same_in_a_shell_and_means_the_defaults():
    """What a shell makes of it, systemd and compose do: no value needs more than single quotes."""
    source = "set -a; . ./.env.example; exec env -0"
    answer = subprocess.run(
        ["sh", "-c", source], cwd=ROOT, env={}, check=True, capture_output=True, text=True
    )
    given = dict(line.split("=", 1) for line in answer.stdout.split("\0") if line)
    quoted = {
        name: value.removeprefix("'").removesuffix("'")
        for name, value in re.findall(
            r"^([A-Z_]+)=(.*)$", (ROOT / ".env.example").read_text(), re.MULTILINE
        )
    }
    assert quoted.items() <= given.items()
    settings, default = read(given | GOOD), read(GOOD)
    assert settings == default.model_copy(update={"DATABASE_URL": given["DATABASE_URL"]})


@pytest.mark.parametrize("command", [["flask", "--app", "app", "manifest"], ["worker"]])
def test_a_wrong_setting_is_all_that_a_command_says(command, tmp_path):
    log = tmp_path / "log"
    assert Program(command, GOOD | {"IMPORT_MAX_MB": "many"}, log).wait(180) == 1
    said = log.read_text().removeprefix("Error: ")
    assert said.startswith("The setting IMPORT_MAX_MB is wrong: ") and said.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "used", "jobs"),
    [
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u@h/d", "postgresql+psycopg://u@h/d", "postgresql+psycopg://u@h/d"),
        ("sqlite:////x/a.db", "sqlite:////x/a.db", "sqlite:////x/a-jobs.db"),
    ],
)
def test_the_database_gets_the_driver_that_is_installed(given, used, jobs):
    settings = read(GOOD | {"DATABASE_URL": given})
    assert (settings.database_url, settings.jobs_database_url) == (used, jobs)
