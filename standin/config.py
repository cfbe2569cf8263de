"""Every setting of the stand-in, read once from the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from standin.throttle import MAXIMUM, RESTORE_RATE


class BadSetting(Exception):
    """A setting is missing or malformed; the message names it and says what to do."""


@dataclass(frozen=True)
class Config:
    port: int
    host: str
    data: Path
    app_url: str  # empty: no app hears of anything
    client_id: str
    client_secret: str
    scopes: frozenset[str]  # access scopes granted to the app; empty = all that exist
    mail_folder: Path | None
    bucket: float = MAXIMUM  # points a shop lets the app spend at once ...
    restore_rate: float = RESTORE_RATE  # ... and how many come back a second

    @property
    def origin(self) -> str:
        """Where browsers and the app reach the stand-in."""
        return f"http://localhost:{self.port}"


def read(environ: Mapping[str, str] = os.environ) -> Config:
    """Return the settings, or raise BadSetting."""
    port = environ.get("STANDIN_PORT", "8001")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise BadSetting(f"STANDIN_PORT is {port!r}. Set it to a port number such as 8001.")
    mail = environ.get("MAIL_FOLDER")
    return Config(
        port=int(port),
        host=environ.get("STANDIN_HOST", "127.0.0.1"),
        data=Path(_required(environ, "STANDIN_DATA")),
        app_url=environ.get("APP_URL", "http://localhost:8000").rstrip("/"),
        client_id=_required(environ, "SHOPIFY_CLIENT_ID"),
        client_secret=_required(environ, "SHOPIFY_CLIENT_SECRET"),
        scopes=frozenset(environ.get("SHOPIFY_SCOPES", "").replace(",", " ").split()),
        mail_folder=Path(mail) if mail else None,
        bucket=float(environ.get("STANDIN_BUCKET", MAXIMUM)),
        restore_rate=float(environ.get("STANDIN_RESTORE_RATE", RESTORE_RATE)),
    )


def _required(environ: Mapping[str, str], name: str) -> str:
    if not (value := environ.get(name)):
        raise BadSetting(f"{name} is not set. Set it in the environment.")
    return value
