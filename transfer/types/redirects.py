"""Redirects: URL redirections. One row is one redirect, so REPLACE does what MERGE does."""

from shopify.admin import PAGE_INFO
from transfer.types.base import (
    Block,
    Column,
    DataType,
    Filter,
    Pass,
    Sheet,
    Writing,
)
from transfer.types.forms import ID, MERGE
from translations import N_

RESULT = "object: urlRedirect { id } userErrors { field message }"

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
                        Column("ID", "id", ID),
                        Column("Path", "path", write="path"),
                        Column("Command", "id", MERGE),
                        Column("Target", "target", write="target"),
                    )
                ),
            ),
        ),
    ),
    filters=(
        Filter("path", "path"),
        Filter("target", "target"),
        Filter("id", "id", "range"),
        Filter("created_at", "created_at", "range"),
    ),
    count="urlRedirectsCount",
    writing=Writing(
        typename="UrlRedirect",
        key="Path",
        key_term="path",
        required=("Path", "Target"),
        unlike=("Path", "Target"),
        read="query ($ids: [ID!]!) { nodes(ids: $ids) { ... on UrlRedirect { id path target } } }",
        search=f"""query ($query: String!, $after: String) {{
          found: urlRedirects(first: 250, query: $query, after: $after) {{
            nodes {{ id path target }} {PAGE_INFO}
          }}
        }}""",
        create=f"""mutation ($input: UrlRedirectInput!) {{
          result: urlRedirectCreate(urlRedirect: $input) {{ {RESULT} }}
        }}""",
        update=f"""mutation ($id: ID!, $input: UrlRedirectInput!) {{
          result: urlRedirectUpdate(id: $id, urlRedirect: $input) {{ {RESULT} }}
        }}""",
        delete="""mutation ($id: ID!) {
          result: urlRedirectDelete(id: $id) { deletedUrlRedirectId userErrors { field message } }
        }""",
    ),
)
