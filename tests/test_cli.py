"""The command line's own tests, run by Node; and the package as npm packs it."""

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest

from models.key_format import generate
from tests.cli_network import HOST, SHOP, certificates, https_server, proxy_to

pytestmark = pytest.mark.slow

CLI = Path(__file__).parent.parent / "cli"


TESTS = sorted((CLI / "test").glob("*.test.js"))
assert TESTS


@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name.removesuffix(".test.js"))
def test_the_command_line_passes_its_own_tests(file):
    """Each file in one process: ``--test`` would only start a second one for it."""
    command = ["node", "--test-reporter=tap", file]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        command, cwd=CLI, capture_output=True, text=True, env=os.environ | {"PATH": path}
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert "# fail 0" in done.stdout and "# tests 0" not in done.stdout


def test_the_package_runs_from_its_tarball(tmp_path, pytestconfig):
    """In the long run npx installs it and runs it by its name; in the short one the file of that
    name is run where the tarball was unpacked."""
    packed = subprocess.run(
        ["npm", "pack", "--json", "--pack-destination", str(tmp_path)],
        cwd=CLI,
        capture_output=True,
        text=True,
        check=True,
    )
    [package] = json.loads(packed.stdout)
    files = {entry["path"] for entry in package["files"]}
    assert package["name"] == "altera" and "bin/altera.js" in files
    ours = re.compile(r"(bin|src)/|(package\.json|README\.md)$")
    assert [name for name in files if not ours.match(name)] == []
    if pytestconfig.option.everything:
        command = ["npx", "--yes", "--offline", f"./{package['filename']}"]
    else:
        subprocess.run(["tar", "xf", package["filename"]], cwd=tmp_path, check=True)
        unpacked = tmp_path / "package"
        about = json.loads((unpacked / "package.json").read_text())
        command = [str(unpacked / about["bin"]["altera"])]
    said = subprocess.run(
        [*command, "--version"],
        cwd=tmp_path,
        env=os.environ | {"npm_config_cache": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    assert said.stdout.strip() == package["version"]


def test_the_repository_has_the_same_undici_as_the_package():
    at = {
        name: json.loads((CLI.parent / name / "package.json").read_text()) for name in (".", "cli")
    }
    installed = at["."]["devDependencies"]["undici"]
    assert at["cli"]["optionalDependencies"] == {"undici": f"^{installed}"}


KEY = generate()


@pytest.fixture
def company(tmp_path):
    """A network that one leaves by a proxy alone, and ``run`` to run the command line in it."""
    trusted, served = certificates(tmp_path)
    with https_server(served) as port, proxy_to(port) as proxy:

        def run(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
            inside = {
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "ALTERA_URL": f"https://{HOST}",
                "ALTERA_API_KEY": KEY,
                "HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}",
                "NODE_EXTRA_CA_CERTS": str(trusted),
            }
            command = ["node", str(CLI / "bin" / "altera.js"), *words]
            return subprocess.run(
                command, env=inside | env, capture_output=True, text=True, timeout=60
            )

        yield run, proxy


def test_calls_go_through_the_proxy_of_the_environment(company):
    run, proxy = company
    done = run("shop", "test")
    assert done.returncode == 0, done.stderr
    assert f"The connection to {SHOP} works." in done.stdout
    assert done.stderr == ""
    assert proxy.seen == [(f"{HOST}:443", None)]


def named(name: str, proxy) -> dict[str, str]:
    """The proxy under another of its usual names. People leave the scheme out."""
    return {"HTTPS_PROXY": "", name: f"127.0.0.1:{proxy.port}"}


def test_files_go_through_the_proxy_in_one_piece_and_in_parts(company, tmp_path):
    run, proxy = company
    small, large = tmp_path / "small.png", tmp_path / "large.png"
    small.write_bytes(os.urandom(1000))
    large.write_bytes(os.urandom(1_000_000))
    done = run("files", "upload", str(small), str(large), **named("https_proxy", proxy))
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "Uploaded 2 files" in done.stderr
    assert set(proxy.seen) == {(f"{HOST}:443", None)}


def test_the_proxy_gets_its_name_and_password_and_nobody_sees_them(company):
    run, proxy = company
    address = f"http://alice:s3cret@127.0.0.1:{proxy.port}"
    done = run("doctor", HTTPS_PROXY=address)
    assert done.returncode == 0, done.stdout
    credentials = b64encode(b"alice:s3cret").decode()
    assert {seen for _, seen in proxy.seen} == {f"Basic {credentials}"}
    assert f"Proxy         http://127.0.0.1:{proxy.port}\n" in done.stdout
    assert "company.pem (NODE_EXTRA_CA_CERTS)" in done.stdout
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "exception", [HOST, ".company.test", "company.test", "x, *", f"{HOST}:443"]
)
def test_an_exception_goes_around_the_proxy(company, exception):
    run, proxy = company
    done = run("shop", "test", NO_PROXY=exception)
    assert done.returncode == 1  # nobody but the proxy knows the name
    assert done.stderr.startswith(f"Cannot reach https://{HOST} (E")
    assert proxy.seen == []


@pytest.mark.parametrize(
    ("status", "words", "name"),
    [
        (407, "requires a user name and password (407)", "http_proxy"),
        (403, f"refused to connect to {HOST} (403)", "HTTP_PROXY"),
    ],
)
def test_a_proxy_of_any_usual_name_that_refuses_is_told_as_one(company, status, words, name):
    run, proxy = company
    proxy.refusal = status
    done = run("shop", "test", **named(name, proxy))
    assert proxy.seen == [(f"{HOST}:443", None)]
    assert done.returncode == 1
    assert done.stderr.startswith(f"The proxy http://127.0.0.1:{proxy.port} {words}")
    assert done.stderr.count("\n") == 1


def test_a_proxy_that_is_not_there_or_is_none_is_one_sentence(company):
    run, _ = company
    away = run("shop", "test", HTTPS_PROXY="http://127.0.0.1:9")
    assert away.returncode == 1
    assert "through the proxy http://127.0.0.1:9 (ECONNREFUSED)" in away.stderr
    nonsense = run("shop", "test", HTTPS_PROXY="socks5://127.0.0.1:9")
    assert nonsense.returncode == 1
    assert nonsense.stderr.startswith("HTTPS_PROXY is not the address of an HTTP proxy.")


def test_a_certificate_that_is_not_trusted_names_the_way_to_trust_it(company):
    run, _ = company
    done = run("shop", "test", NODE_EXTRA_CA_CERTS="")
    assert done.returncode == 1
    assert "is not trusted" in done.stderr and "NODE_EXTRA_CA_CERTS" in done.stderr
