"""create_standin(): settings, store, blueprints, and the one door for a shop's own host name."""

import re
from dataclasses import dataclass

from flask import Flask

from standin import (
    admin,
    bulk,
    graphql_api,
    mail,
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

ROOMS = (admin, bulk, graphql_api, mail, misbehave, plan, seeding, sent, tokens, uploads, webhooks)
SHOP_HOST = re.compile(r"(?P<domain>[a-z0-9][a-z0-9-]*\.myshopify\.com)(:\d+)?")


@dataclass
class Standin:
    """What the blueprints share, as current_app.extensions["standin"]."""

    config: Config
    store: Store
    buckets: Buckets


class HostAsPath:
    """Serve https://<shop>/admin/... as /<shop>/admin/..., so that routes know one form only."""

    def __init__(self, app):
        self.app = app

    def __call__(self, environ, start_response):
        host = SHOP_HOST.fullmatch(environ.get("HTTP_HOST", "").lower())
        if host and environ["PATH_INFO"].startswith("/admin/"):
            environ["PATH_INFO"] = f"/{host['domain']}{environ['PATH_INFO']}"
        return self.app(environ, start_response)


def create_standin(config: Config) -> Flask:
    app = Flask(__name__)
    app.extensions["standin"] = Standin(
        config, Store(config.data), Buckets(config.bucket, config.restore_rate)
    )
    app.wsgi_app = HostAsPath(app.wsgi_app)
    for room in ROOMS:
        app.register_blueprint(room.bp)
    bulk.resume(app)
    return app
