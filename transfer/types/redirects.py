"""Redirects: URL redirections. One row is one redirect, so REPLACE does what MERGE does."""

from transfer.types.base import Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import MERGE, id_of
from transfer.types.writing import Key, Mutation, Writing
from translations import N_

redirects = DataType(
    name="redirects",
    label=N_("Redirects"),
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
                        Column("Path", "path", write="path"),
                        Column("Command", "id", MERGE),
                        Column("Target", "target", write="target"),
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
        keys=(Key(("Path",), "path"),),
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
