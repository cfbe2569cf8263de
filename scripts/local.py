"""Settings for a machine of one's own: everything local, secrets made once and kept under VAR."""

import os
import random
import secrets
import socket
from collections.abc import Iterable
from pathlib import Path

from transfer.scopes import scopes

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000, 2)
"""Below the range from which the system gives ports to connections of its own."""


def taken(port: int) -> bool:
    """Whether something listens on this port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def free_pair(ports: Iterable[int] = ()) -> int:
    """The first of these ports, else any, that is free together with the next one: PORT of
    ``make run``."""
    for port in ports or random.sample(PORTS, len(PORTS)):
        if not taken(port) and not taken(port + 1):
            return port
    raise OSError("No two ports in a row are free.")


def settings(var: Path, port: int) -> dict[str, str]:
    """The environment in which app, worker and stand-in find each other.

    What the caller's environment sets wins; secrets come from ``var/secrets.env``, where those
    that are missing are made.
    """
    mail = (var / "mail").resolve()
    standin = f"http://localhost:{port + 1}"
    made = {
        "APP_URL": f"http://localhost:{port}",
        "DATABASE_URL": f"sqlite:///{(var / 'altera.db').resolve()}",
        "SHOPIFY_CLIENT_ID": "altera-local",
        "SHOPIFY_ORIGIN": f"http://{HOST}:{port + 1}/{{shop}}",
        "APP_BRIDGE_URL": f"{standin}/app-bridge.js",
        "FRAME_ANCESTOR": standin,
        "SHOPIFY_ADMIN_URL": standin,
        "SHOPIFY_SCOPES": " ".join(scopes()),
        "CLI_COMMAND": "npx ./cli",
        "MAIL_URL": mail.as_uri(),
        "MAIL_FROM": "Altera <altera@example.com>",
        "MAIL_FOLDER": str(mail),
        "LOG_FORMAT": "text",
        "LOG_LEVEL": "warning",
        "STANDIN_PORT": str(port + 1),
        "STANDIN_DATA": str((var / "standin").resolve()),
    }
    return made | _secrets(var / "secrets.env") | dict(os.environ)


def _secrets(file: Path) -> dict[str, str]:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    lines = file.read_text().splitlines()
    kept = dict(line.split("=", 1) for line in lines if "=" in line)
    made = {
        "SECRET_KEY": secrets.token_hex(32),
        "KEY_PEPPERS": f"1:{secrets.token_hex(32)}",
        "ENCRYPTION_KEYS": f"1:{secrets.token_hex(32)}",
        "SHOPIFY_CLIENT_SECRET": secrets.token_hex(32),
    }
    missing = {name: value for name, value in made.items() if name not in kept}
    with file.open("a") as end:
        end.writelines(f"{name}={value}\n" for name, value in missing.items())
    return kept | missing
