"""Which language a request is answered in: the merchant's, as Shopify tells it."""

from collections.abc import Iterator
from urllib.parse import parse_qs

from flask import Flask, request

import translations


def register(app: Flask) -> None:
    app.before_request(_speak)
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(
        lambda message: translations.catalogue().gettext(message),
        lambda *forms: translations.catalogue().ngettext(*forms),
        newstyle=True,
    )
    env.globals["locale"] = translations.locale


def _speak() -> None:
    """Programs are told what is wrong in English, whoever runs them."""
    program = request.path.startswith("/api/")
    translations.speak(translations.ENGLISH if program else translations.best(_wanted()))


def _wanted() -> Iterator[str]:
    """The locales to try: of this address, of the page that sends the request, the browser's.

    Shopify writes the first into the address of every document; htmx names the page in a header.
    """
    yield request.args.get("locale", "")
    _, _, query = request.headers.get("HX-Current-URL", "").partition("?")
    yield from parse_qs(query).get("locale", ())
    yield from request.accept_languages.values()
