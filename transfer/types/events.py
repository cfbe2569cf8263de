"""Events: store activity logs, kept by Shopify for a year. One row is one event.

A comment on the timeline names its author as a member of the staff, whom the app may not read.
``Path`` is where the subject stands in the admin.
"""

import orjson

from transfer.types.base import Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import ID, LOWER, MOMENT, form, id_of, number_of
from transfer.types.personal import TEXT, all_of
from translations import N_

SUBJECT_TYPES = (
    *("article", "blog", "collection", "comment", "company", "company_location", "customer"),
    *("discount_automatic_bxgy", "discount_automatic_node", "discount_code_node", "discount_node"),
    *("draft_order", "inventory_transfer", "order", "page", "price_rule", "product"),
    *("product_variant", "unknown"),
)

FOLDERS = {
    "Article": "articles",
    "Blog": "blogs",
    "Collection": "collections",
    "Company": "companies",
    "Customer": "customers",
    "DraftOrder": "draft_orders",
    "Order": "orders",
    "Page": "pages",
    "Product": "products",
}
KIND = {"ProductVariant": "VARIANT", "DraftOrder": "DRAFT_ORDER"}


def _subject_type(subject: str) -> str:
    """Shopify's word for what an event is about; a comment tells only its GID."""
    if "/" not in subject:
        return subject
    name = subject.split("/")[3]
    return KIND.get(name, name.upper())


def _path(gid: str) -> str:
    """``gid://shopify/Page/7`` to ``/admin/pages/7``; ``""`` for what has no page of its own."""
    name, number = gid.split("/")[3], number_of(gid)
    return f"/admin/{FOLDERS[name]}/{number}" if name in FOLDERS else ""


def _json(value: object) -> str:
    return orjson.dumps(value).decode()


def _text(value: object) -> str:
    return value if isinstance(value, str) else _json(value)


SUBJECT = "subjectId|on.id"
OBJECTS = Pass(
    "events",
    fields="""id message createdAt action
      ... on BasicEvent { subjectId subjectType author arguments additionalContent }
      ... on CommentEvent { on: subject { id } rawMessage }""",
)
EVENT = Block(
    (
        Column("ID", "id", id_of("BasicEvent", "CommentEvent")),
        Column("Message", "message"),
        Column("Created At", "createdAt", MOMENT),
        Column("Subject Type", f"subjectType|{SUBJECT}", form(_subject_type)),
        Column("Subject ID", SUBJECT, ID),
        Column("Verb", "action", LOWER),
        Column("Author", "author"),
        Column("Arguments", "arguments", form(_json)),
        Column("Body", "rawMessage|additionalContent", form(_text)),
        Column("Path", SUBJECT, form(_path)),
    )
)

events = DataType(
    name="events",
    label=N_("Events"),
    about=N_("Store activity logs"),
    importable=False,
    passes=(OBJECTS,),
    sheets=(Sheet("Activity", aliases=("Events", "Event"), blocks=(EVENT,)),),
    filters=(
        Filter("subject_type", values=SUBJECT_TYPES),
        Filter("action"),
        Filter("id", form="range"),
        Filter("created_at", form="range"),
        Filter("comments", form="boolean"),
    ),
    count="eventsCount(query: $query)",
    personal={
        **all_of(TEXT, "message author arguments rawMessage additionalContent"),
    },
)
