"""Redirects: URL redirections. One row is one redirect, so REPLACE does what MERGE does."""

import re
from urllib.parse import urlsplit

from transfer.types.base import Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import MERGE, STRIPPED, BadCell, Form, id_of
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Key, Mutation, Writing
from translations import N_, ngettext

LONGEST_PATH = 1024
ADDRESS = re.compile(r"https?://", re.IGNORECASE)


def parse_path(cell: str, facts: ShopFacts) -> str:
    """A path as Shopify keeps it: with a slash in front, without the store's own domain."""
    path = cell.strip()
    if ADDRESS.match(path):
        try:
            parts = urlsplit(path)
            own = parts.hostname in facts.domains
        except ValueError:  # such as http://[
            own = False
        if not own:
            raise BadCell(
                f"“{path[:80]}” is an address of another site. Write only what comes after the "
                "domain, such as /old-page."
            )
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.startswith("/"):
        path = f"/{path}"
    if len(path) > LONGEST_PATH:
        raise BadCell(f"It is longer than {LONGEST_PATH:,} characters.")
    return path


def same_path(path: str) -> str:
    """Shopify takes paths that differ in case, or by a slash at the end, for the same."""
    return (path.rstrip("/") or path[:1]).lower()


def with_and_without_slash(path: str) -> tuple[str, ...]:
    """The paths that ``same_path`` takes for this one, case aside."""
    return (path,) if path == "/" else (path, f"{path}/")


PATH = Form(lambda facts: str, parse=parse_path, canonical=same_path)

redirects = DataType(
    name="redirects",
    label=N_("Redirects"),
    counted=lambda count: ngettext("%(num)s redirect", "%(num)s redirects", count),
    about=N_("URL redirections"),
    read_scopes=("read_online_store_navigation",),
    write_scopes=("write_online_store_navigation",),
    passes=(Pass("urlRedirects", fields="id path target"),),
    sheets=(
        Sheet(
            "Redirects",
            aliases=("Redirect", "URL Redirects"),
            blocks=(
                Block(
                    (
                        Column("ID", "id", id_of("UrlRedirect")),
                        Column("Path", "path", PATH, write="path", aliases=("Redirect from",)),
                        Column("Command", "id", MERGE),
                        Column(
                            "Target", "target", STRIPPED, write="target", aliases=("Redirect to",)
                        ),
                    )
                ),
            ),
        ),
    ),
    filters=(
        Filter("path"),
        Filter("target"),
        Filter("id", form="range"),
        Filter("created_at", form="range"),
    ),
    count="urlRedirectsCount",
    writing=Writing(
        typename="UrlRedirect",
        keys=(Key(("Path",), "path", searched=with_and_without_slash),),
        create=Mutation(
            "urlRedirectCreate",
            ("urlRedirect: UrlRedirectInput!",),
            input="urlRedirect",
            saved="urlRedirect",
        ),
        update=Mutation(
            "urlRedirectUpdate",
            ("id: ID!", "urlRedirect: UrlRedirectInput!"),
            input="urlRedirect",
            target="id",
            saved="urlRedirect",
        ),
        delete=Mutation("urlRedirectDelete", ("id: ID!",), target="id"),
        required=("Path", "Target"),
        unlike=("Path", "Target"),
    ),
)
