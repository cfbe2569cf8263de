"""Secrets that turn up where nobody looks: docs/security.md, 14 and 16. One site is lived in, then
everything that it wrote is searched."""

import base64
import email
import email.policy
import re
import secrets
import time

import httpx
import pytest

from models import db
from models.key_format import checksum
from models.tables import TABLES
from models.vault import Vault
from tests.cast import Script, make_key
from tests.confirming import confirm
from tests.databases import settings_for
from tests.processes import PLAIN, live
from tests.terminal import DIRECT, Terminal

SHOP, OTHER = "sweep.myshopify.com", "sweep-two.myshopify.com"
FULL_KEY = re.compile(r"altera_[0-9A-Za-z]{46}")
OF_A_KEY = ("permissions", "row", "reveal", "hide", "rotation", "delete")
PAGES = [
    *("/settings/keys/", "/settings/keys/list", "/settings/keys/new", "/settings/plan/"),
    *("/settings/activity/", "/nowhere"),
    *(f"/settings/keys/{{0}}/{page}" for page in OF_A_KEY),
]


OUR_TABLES = """SELECT table_schema, table_name FROM information_schema.tables
                WHERE table_schema NOT IN ('pg_catalog', 'information_schema')"""


@pytest.mark.both_databases
def test_incident_14_what_the_database_holds_is_no_key(app, shop):
    key, text = make_key(shop, "products:export")
    stored = key.digest.hex()
    base62 = base64.b64encode(key.digest).decode().rstrip("=").replace("/", "0").replace("+", "1")
    body = f"altera_{base62[:40]}"
    for sent in (
        stored,
        f"altera_{stored}",
        base64.b64encode(key.digest).decode(),
        body + checksum(body),
        key.secret_box.hex(),
        key.preview,
        str(key.id),
        text[:-6],
        text.removeprefix("altera_"),
    ):
        assert Script(app, sent.encode().decode("latin-1")).get("/key").status_code == 401
    assert Script(app, text).get("/key").status_code == 200


def test_incident_16_a_key_ends_unless_the_merchant_says_otherwise(merchant):
    dialog = merchant.get("/settings/keys/new").text
    choices = dialog.partition('name="expires"')[2].partition("</select>")[0]
    [chosen] = re.findall(r'<option value="(\w+)" selected', choices)
    assert chosen == "90"


@pytest.mark.parametrize("table", TABLES)
def test_incident_16_no_row_shows_a_secret_in_its_repr(app, table):
    columns = table.__table__.columns
    named = table.__mapper__.get_property_by_column
    texts = [named(column).key for column in columns if column.type.python_type in (str, bytes)]
    row = table(**dict.fromkeys(texts, "sEcReT") | {c.key: 1 for c in columns if c.primary_key})
    assert "sEcReT" not in repr(row) + str(row)


@pytest.mark.both_databases
def test_incident_16_a_key_that_can_be_revealed_stands_nowhere_in_the_clear(app, shop):
    key, text = make_key(shop, "products:export")
    assert key.reveal() == text
    for table in TABLES:
        for row in db.session.execute(db.select(table.__table__)):
            assert not any(text[7:].encode() in value for value in row if isinstance(value, bytes))
            assert text[7:] not in str(row)


# -- one site, lived in ------------------------------------------------------------------------


class Sweep:
    """What a site wrote and answered while merchants and programs used it."""

    def __init__(self, site, folder):
        self.site, self.folder, self.secret, self.answers = site, folder, {}, {}
        self.kept = []

    def merchant(self, method, path, shop=SHOP, **data):
        token = self.site.standin.tell(shop, "id-token")["id_token"]
        self.secret[f"ID token for {method} {path}"] = token
        headers = {"Authorization": f"Bearer {token}", "HX-Request": "true"}
        return httpx.request(method, self.site.url + path, data=data, headers=headers, **PLAIN)

    def program(self, method, path, authorization, **more):
        """A call, whose answer is kept to be searched."""
        answer = httpx.request(
            method,
            f"{self.site.url}/api/v1{path}",
            headers={"Authorization": authorization},
            **PLAIN,
            **more,
        )
        self.keep(f"{method} {path} {len(self.answers)}", answer)
        return answer

    def keep(self, name, answer):
        self.answers[name] = f"{answer.headers}\n{answer.text}"

    def mails(self):
        for path in sorted((self.site.folder / "var" / "mail").rglob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
            assert all(bodies)
            parts = [body.get_content() for body in bodies if body]
            yield "\n".join([*map(str, mail.values()), *parts])


@pytest.fixture(scope="module")
def sweep(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    noisy = {
        "KEY_REVEAL_MINUTES": "0",
        "GUNICORN_CMD_ARGS": "--access-logfile - --log-level debug",
        "PYTHONUNBUFFERED": "1",
    }
    with live(folder, **noisy, **settings_for(request, "sweep")) as site:
        found = Sweep(site, folder)
        _live(found)
        yield found


def _live(sweep):
    """A day of a shop: keys made, used, mistyped, rotated, leaked; jobs that work and that fail."""
    for shop in (SHOP, OTHER):
        sweep.merchant("PUT", "/settings/email", shop, email="ops@example.com")
        confirm(sweep.site, shop)
    [first] = _made(sweep, "POST", "/settings/keys/", "first", permission=["redirects:export"])
    [second] = _made(sweep, "POST", "/settings/keys/", "second", permission=["redirects:export"])
    [(first_id,), (second_id,)] = sweep.site.rows(
        "altera.db", "select id from api_keys order by id"
    )
    rotation = f"/settings/keys/{second_id}/rotation"
    [third] = _made(sweep, "POST", rotation, "third", overlap="none")
    typo = first[:-1] + ("0" if first[-1] != "0" else "1")
    sweep.secret["mistyped key"] = typo
    for sent in (first, f" {first}", first.lower(), typo, second, "x" * 200, "altera_"):
        for path in ("/key", "/exports", "/nowhere", f"/exports/{sent[:30]}"):
            sweep.program("GET", path, f"Bearer {sent}")
    for form in ("Basic {}", "Token {}", "{}", "Bearer {0} {0}"):
        sweep.program("GET", "/key", form.format(first))
    for body in ({"types": ["orders"]}, {"types": [first]}, {"types": ["redirects"], first: 1}):
        sweep.program("POST", "/exports", f"Bearer {first}", json=body)
    sweep.program("POST", "/exports", f"Bearer {first}", content=b"{" + first.encode())
    sweep.answers = {k: v for k, v in sweep.answers.items() if " /exports/altera" not in k}
    _jobs(sweep, first)
    _terminal(sweep, first)
    sweep.program("POST", "/leaked-keys", "", json={"keys": [third, typo, first.upper()]})
    for page in PAGES:
        sweep.keep(page, sweep.merchant("GET", page.format(first_id)))
    sweep.keep("no token", httpx.get(f"{sweep.site.url}/settings/keys/", **PLAIN))
    sweep.keep("CSV", httpx.get(sweep.site.url + _link(sweep), **PLAIN))
    sweep.merchant("DELETE", f"/settings/keys/{first_id}")
    _wait(lambda: len(list(sweep.mails())) >= 7)
    sweep.secret |= _settings(sweep.site.folder / "var" / "secrets.env")
    sweep.secret |= _tokens(sweep)


def _made(sweep, method, path, name, **data):
    answer = sweep.merchant(
        method, path, name=name, expires="90", request_id=secrets.token_hex(8), **data
    )
    keys = set(FULL_KEY.findall(answer.text))
    sweep.secret |= {f"{name} key": key for key in keys}
    return keys


def _jobs(sweep, key):
    """An export that is fetched, and one that Shopify refuses for good, each asked for twice."""
    for trouble, end in (({}, "completed"), ({"http_403": 500}, "failed")):
        sweep.site.standin.tell(SHOP, "misbehave", **trouble)
        for _ in range(2):
            made = sweep.program("POST", "/exports", f"Bearer {key}", json={"types": ["redirects"]})
            _until(sweep, key, f"/exports/{made.json()['id']}", end)
    sweep.site.standin.tell(SHOP, "misbehave")


def _until(sweep, key, job, end):
    """Follow a job to this end, and ask for its file."""
    _wait(lambda: sweep.program("GET", job, f"Bearer {key}").json()["status"] == end)
    sweep.program("GET", f"{job}/file", f"Bearer {key}")


def _terminal(sweep, key):
    """A person types the key into the command line, and uses it."""
    terminal = Terminal(sweep.folder / "home", DIRECT)
    terminal.home.mkdir()
    sweep.terminal = terminal
    url = ("--url", sweep.site.url)
    commands = [("shop", "add", SHOP, *url), ("shop", "test"), ("shop", "list"), ("job", "list")]
    for words in [*commands, ("export", "create", "orders")]:
        typed = key if words[1] == "add" else None
        sweep.answers[" ".join(words)] = terminal.run(*words, type_in=typed)[1]
        sweep.kept.append(_kept(terminal, key))


def _kept(terminal, key):
    """The files in which the command line keeps a key: their modes, and those of their folders."""
    files = [path for path in terminal.home.rglob("*") if path.is_file()]
    return [
        (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777)
        for path in files
        if key in path.read_text("latin-1")
    ]


def _link(sweep):
    return sweep.merchant("GET", "/settings/activity/file").headers["HX-Redirect"]


def _wait(true):
    deadline = time.monotonic() + 240
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.3)  # more often, the asking would be most of what the site does


def _settings(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


def _tokens(sweep):
    """Shopify's tokens of the shop, opened with the key that seals them."""
    version, _, digits = sweep.secret["ENCRYPTION_KEYS"].partition(":")
    vault = Vault({int(version): bytes.fromhex(digits)})
    columns = ("access_token_box", "refresh_token_box")
    [boxes] = sweep.site.rows(
        "altera.db", f"select {', '.join(columns)} from shops where domain = ?", SHOP
    )
    return {
        name: vault.open(box, owner=f"shop:{SHOP}")
        for name, box in zip(columns, boxes, strict=True)
    }


def _leaks(sweep, text):
    """The names of the secrets that stand in a text; of ``1:abc`` the part behind the colon."""
    return [name for name, value in sweep.secret.items() if value.rpartition(":")[2] in text]


def test_incident_16_the_sweep_knows_what_to_look_for(sweep):
    kinds = {"first key", "second key", "third key", "mistyped key", "SECRET_KEY", "KEY_PEPPERS"}
    kinds |= {"ENCRYPTION_KEYS", "SHOPIFY_CLIENT_SECRET", "access_token_box", "refresh_token_box"}
    assert kinds <= set(sweep.secret)
    assert min(len(value) for value in sweep.secret.values()) > 20
    for name, value in sweep.secret.items():
        assert _leaks(sweep, f"… {value} …"), name


def test_incident_16_no_log_has_a_secret(sweep):
    log = (sweep.site.folder / "run.log").read_text()
    assert "GET /api/v1/key" in log, "every request is logged"
    assert _leaks(sweep, log) == []


def test_incident_16_no_answer_after_the_first_has_a_secret(sweep):
    for name, text in sweep.answers.items():
        assert _leaks(sweep, text) == [], name
    assert len(sweep.answers) > 30


def test_incident_16_no_mail_has_a_secret(sweep):
    mails = list(sweep.mails())
    subjects = "\n".join(mail.partition("\n\n")[0] for mail in mails)
    assert "Leaked" in subjects and "rotated" in subjects and "created" in subjects
    for mail in mails:
        assert _leaks(sweep, mail) == []


def test_a_job_that_failed_for_good_is_mailed_once_by_the_worker(sweep):
    told = [mail for mail in sweep.mails() if "An export for" in mail and "failed" in mail]
    assert len(told) == 1
    for words in ("first", "redirects", "address is not on the app", "no more emails"):
        assert words in " ".join(told[0].split())


def test_incident_16_no_database_has_a_secret_in_the_clear(sweep):
    stored = dict(_stored(sweep.site))
    assert any("first" in text for text in stored.values()), "the names of the keys are found"
    for where, text in stored.items():
        assert _leaks(sweep, text) == [], where


def _stored(site):
    """What lies in the databases, in pieces, with the name of each: SQLite's files as they are,
    PostgreSQL's tables, those of the durable jobs too."""
    if not site.database_url:
        for path in (site.folder / "var").glob("altera*.db*"):
            yield path.name, path.read_bytes().decode("latin-1")
        return
    for schema, table in site.rows("altera.db", OUR_TABLES):
        cells = [
            cell
            for row in site.rows("altera.db", f'SELECT * FROM "{schema}"."{table}"')
            for cell in row
        ]
        texts = (c.decode("latin-1") if isinstance(c, bytes) else str(c) for c in cells)
        yield f"{schema}.{table}", "\n".join(texts)


def test_incident_16_the_command_line_keeps_the_key_in_a_file_of_its_users_alone(sweep):
    """From the first moment on: what another command would put right is not seen here."""
    assert sweep.kept == [[(0o600, 0o700)]] * 5
