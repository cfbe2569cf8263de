"""What Shopify has to know of the app, from the registry and the settings.

``flask --app app manifest`` prints ``shopify.app.toml``; ``shopify app deploy`` releases it, and
reads no file without ``redirect_urls``, though a managed installation redirects nowhere.
https://shopify.dev/docs/apps/build/cli-for-apps/app-configuration
"""

from collections.abc import Iterable

import click
from flask import current_app
from flask.cli import with_appcontext

from shopify.admin import API_VERSION
from shops.webhooks import COMPLIANCE, HANDLED
from transfer.scopes import reasons, scopes

TOML = """\
# Made by `flask --app app manifest`: change the data types or the settings, not this file.
client_id = "{client_id}"
name = "Altera"
handle = "{handle}"
application_url = "{url}"
embedded = true

[access_scopes]
scopes = "{scopes}"
use_legacy_install_flow = false

[auth]
redirect_urls = ["{url}/"]

[webhooks]
api_version = "{version}"

[[webhooks.subscriptions]]
topics = [{topics}]
uri = "/webhooks"

[[webhooks.subscriptions]]
compliance_topics = [{compliance}]
uri = "/webhooks/compliance"
"""
SCOPES = """\
# Access scopes

The Admin API access scopes that Altera requests, and why. This page and `shopify.app.toml` are
generated from the data types by `python -m scripts.manifest`.

All scopes are **required**; none is optional. A merchant can give a key any data type at any time,
and the program that uses it may run at night, when nobody can grant a scope. A scope is requested
only if a data type declares it. A write scope includes the read scope of the same name, which is
then not requested separately. What a key can access is decided by its permissions, not by these
scopes.

| scope | why |
| --- | --- |
{rows}
"""


@click.command("manifest")
@with_appcontext
def manifest() -> None:
    """Print shopify.app.toml for the app that the settings describe."""
    settings = current_app.config["SETTINGS"]
    click.echo(toml(settings.SHOPIFY_CLIENT_ID, settings.APP_URL, settings.APP_HANDLE), nl=False)


def toml(client_id: str, url: str, handle: str) -> str:
    """The text of ``shopify.app.toml``."""
    own = [topic for topic in HANDLED if topic not in COMPLIANCE]
    return TOML.format(
        client_id=client_id,
        url=url,
        handle=handle,
        scopes=",".join(scopes()),
        version=API_VERSION,
        topics=_list(own),
        compliance=_list(COMPLIANCE),
    )


def scopes_page() -> str:
    """The text of ``docs/scopes.md``."""
    rows = "\n".join(f"| `{scope}` | {why} |" for scope, why in reasons().items())
    return SCOPES.format(rows=rows)


def _list(texts: Iterable[str]) -> str:
    return ", ".join(f'"{text}"' for text in texts)
