"""create_standin(): settings, store, blueprints, and the one door for a shop's own host name."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from standin import (
    admin,
    bulk,
    customer_mail,
    graphql_api,
    mail,
    marking,
    misbehave,
    plan,
    seeding,
    sent,
    tokens,
    uploads,
    webhooks,
)
from standin.config import Config
from standin.store import Store
from standin.throttle import Buckets

ROOMS = (
    admin,
    bulk,
    customer_mail,
    graphql_api,
    mail,
    marking,
    misbehave,
    plan,
    seeding,
    sent,
    tokens,
    uploads,
    webhooks,
)
SHOP_HOST = re.compile(r"(?P<domain>[a-z0-9][a-z0-9-]*\.myshopify\.com)(:\d+)?")


@dataclass
class Standin:
    """What the blueprints share, as current_app.extensions["standin"]."""

    config: Config
    store: Store
    buckets: Buckets
    seedings: set[str] = field(default_factory=set)
    """The names under which shops are kept as they were first seeded; see seeding.py."""


class HostAsPath(Flask):
    """Serve https://<shop>/admin/... as /<shop>/admin/..., so that routes know one form only."""

    def wsgi_app(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        host = SHOP_HOST.fullmatch(environ.get("HTTP_HOST", "").lower())
        if host and environ["PATH_INFO"].startswith("/admin/"):
            environ["PATH_INFO"] = f"/{host['domain']}{environ['PATH_INFO']}"
        return super().wsgi_app(environ, start_response)


def create_standin(config: Config) -> Flask:
    app = HostAsPath(__name__)
    app.extensions["standin"] = Standin(
        config, Store(config.data), Buckets(config.bucket, config.restore_rate)
    )
    for room in ROOMS:
        app.register_blueprint(room.bp)
    bulk.resume(app)
    return app
