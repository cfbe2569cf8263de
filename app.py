"""The application: settings, JSON, database, blueprints, mail, commands. Nothing else."""

import os
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import orjson
from flask import Flask
from flask_migrate import Migrate

import blueprints
import logs
import scratch
from blueprints.api.fast_json import OrjsonProvider
from commands.hand_back import hand_back
from commands.manifest import manifest
from commands.notify import notify
from commands.privacy_report import privacy_report
from commands.tokens import reencrypt, refresh_tokens
from config import THREADS, Settings, read
from mail import outbox
from models import db
from models.scrubbed_errors import HIDDEN
from models.vault import Vault

MAX_FORM = 64 * 1024
YEAR = 365 * 24 * 3600
COMPRESSED = ["text/html", "text/css", "text/javascript"]


class Altera(Flask):
    """Flask without the question, at each of a request's functions, whether it is async; and with
    an error for a body whose sender has gone before its end."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Without the server's word that bodies end by themselves Werkzeug counts a body of known
        length, so that half a file is never taken for a whole one."""
        if environ.get("CONTENT_LENGTH"):
            environ.pop("wsgi.input_terminated", None)
        return super().wsgi_app(environ, start_response)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the WSGI app under these settings, else those of the environment.

    Raises BadSettings, which names the setting.
    """
    settings = settings or read(os.environ)
    app = Altera(__name__)
    app.config.update(
        SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={
            **HIDDEN,
            "pool_pre_ping": True,
            "max_overflow": THREADS + settings.TRANSFERS,
            "json_serializer": lambda value: orjson.dumps(
                value, option=orjson.OPT_NON_STR_KEYS
            ).decode(),
            "json_deserializer": orjson.loads,
        },
        MAX_CONTENT_LENGTH=MAX_FORM,
        MAX_FORM_MEMORY_SIZE=MAX_FORM,
        COMPRESS_MIMETYPES=COMPRESSED,
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM_STREAMING=["br", "gzip"],
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,
    )
    app.url_map.strict_slashes = app.url_map.merge_slashes = False  # no redirects to Host
    app.extensions["vault"] = Vault(settings.ENCRYPTION_KEYS)
    app.json = OrjsonProvider(app)
    db.init_app(app)
    Migrate(app, db)
    blueprints.register(app)
    logs.register(app)
    outbox.watch()
    scratch.sweep()
    for command in (hand_back, manifest, notify, privacy_report, reencrypt, refresh_tokens):
        app.cli.add_command(command)
    return app
