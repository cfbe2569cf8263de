"""The language of each response: the merchant's, from the locale that Shopify sends."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from flask import Flask, request

import translations


def register(app: Flask) -> None:
    app.before_request(_set_language)
    env: Any = app.jinja_env  # the extension adds install_gettext_callables
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        lambda message: translations.catalogue().gettext(message),
        lambda *forms: translations.catalogue().ngettext(*forms),
        newstyle=True,
    )
    env.globals["locale"] = translations.locale


def _set_language() -> None:
    """The API always answers in English."""
    program = request.path.startswith("/api/")
    translations.speak(translations.ENGLISH if program else translations.best(_locales()))


def _locales() -> Iterator[str]:
    """The locales to try: of this URL, of the page that sends the request, the browser's.

    Shopify adds the first to the URL of every document; htmx names the page in a header.
    """
    yield request.args.get("locale", "")
    _, _, query = request.headers.get("HX-Current-URL", "").partition("?")
    yield from parse_qs(query).get("locale", ())
    yield from request.accept_languages.values()
