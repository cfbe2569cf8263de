"""Collections: smart ones, with rules, and custom ones, whose products are chosen by hand.

Both come from the same objects; which sheet a collection is on, its sources tell
(``transfer/types/collection_rules.py``).
"""

from collections.abc import Callable, Iterable

from transfer.types import metafields
from transfer.types.base import (
    NUMBERING,
    PUBLISHED_STATUSES,
    Attach,
    Block,
    Children,
    Column,
    Connection,
    DataType,
    Each,
    Filter,
    Item,
    Pass,
    Sheet,
)
from transfer.types.collection_rules import SOURCES, is_smart, rules
from transfer.types.collection_writing import (
    COLUMN,
    LOWERED,
    MUST_MATCH,
    PRODUCT,
    RELATION,
    WRITING,
    condition_form,
)
from transfer.types.files import LINK, link_form
from transfer.types.forms import (
    BOOLEAN,
    HANDLE,
    INTEGER,
    MERGE,
    MOMENT,
    Form,
    Render,
    id_of,
    parse_boolean,
    parse_moment,
    words,
)
from transfer.types.personal import PUBLIC, columns
from transfer.types.product_columns import DATES, SEO
from transfer.types.product_columns import SCOPE as SCOPE_OF_PRODUCTS
from transfer.types.sales_channels import ENTRIES, entries_are_known, entries_on
from transfer.types.shop_facts import Channel, ShopFacts
from transfer.types.writing import PLACE
from translations import N_, ngettext

SORT_ORDER = words(
    {
        "ALPHA_ASC": "Alphabet",
        "ALPHA_DESC": "Alphabet Descending",
        "BEST_SELLING": "Best Selling",
        "CREATED": "Created",
        "CREATED_DESC": "Created Descending",
        "MANUAL": "Manual",
        "MOST_RELEVANT": "Most Relevant",
        "PRICE_ASC": "Price",
        "PRICE_DESC": "Price Descending",
    }
)

OBJECTS = Pass(
    "collections",
    fields=f"""id handle title descriptionHtml sortOrder templateSuffix updatedAt
      image {{ id url width height altText }} productsCount {{ count }} seo {{ title description }}
      {SOURCES}""",
    repeated=metafields.fields("COLLECTION"),
    connections=(
        Connection(
            "products",
            types=("Product",),
            fields="id handle",
            count="productsCount.count",
        ),
        metafields.connection("COLLECTION"),
    ),
)
PUBLICATIONS = Pass(
    "collections",
    connections=(ENTRIES,),
    plain=True,
    attach=Attach(),
    about="publishing is",
    scopes=("read_publications",),
)


def linked(collection: Item) -> list[Item]:
    """The collection's products; they have a position where they are sorted by hand."""
    by_hand = collection["sortOrder"] == "MANUAL"
    return [
        {"position": place if by_hand else None} | product
        for place, product in enumerate(collection["products"], 1)
    ]


def _on(channels: Iterable[Channel], alias: str, collection: Item) -> Item | None:
    """The collection's entry on a sales channel, when it is published there."""
    places = {channel.publication for channel in channels if channel.alias == alias}
    return next((one for one in entries_on(places, collection) if one["isPublished"]), None)


def _is_on(channel: Channel) -> Callable[[Item], bool | None]:
    """Whether it is published to a sales channel; None where that could not be read."""

    def is_on(collection: Item) -> bool | None:
        on = bool(_on([channel], channel.alias, collection))
        return on if entries_are_known(collection) else None

    return is_on


def _published(facts: ShopFacts) -> Render:
    def published(collection: Item | bool) -> str:
        shown = (
            collection if isinstance(collection, bool) else _on(facts.channels, "web", collection)
        )
        return "true" if shown else ""

    return published


def _published_at(facts: ShopFacts) -> Render:
    read = MOMENT.render(facts)

    def published_at(collection: Item | str) -> str:
        if isinstance(collection, str):
            return read(collection)
        date = (_on(facts.channels, "web", collection) or {}).get("publishDate")
        return read(date) if date else ""

    return published_at


def _scope(facts: ShopFacts) -> Render:
    def scope(collection: Item | bool) -> str:
        if not isinstance(collection, bool):
            collection = bool(_on(facts.channels, "pos", collection))
        return "global" if collection else "web"

    return scope


PUBLISHED = Form(_published, "boolean", parse=lambda cell, facts: parse_boolean(cell))
PUBLISHED_AT = Form(_published_at, parse=parse_moment)
SCOPE = Form(_scope, parse=SCOPE_OF_PRODUCTS.parse)


COLLECTION = Block(
    (
        Column("ID", "id", id_of("Collection")),
        Column("Handle", "handle", HANDLE, write="handle", clears=False),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title"),
        Column(
            "Body HTML",
            "descriptionHtml",
            top_only=True,
            write="descriptionHtml",
            aliases=("Body (HTML)",),
            cleared="",
        ),
        Column("Sort Order", "sortOrder", SORT_ORDER, write="sortOrder", clears=False),
        Column("Template Suffix", "templateSuffix", write="templateSuffix"),
        Column("Updated At", "updatedAt", MOMENT),
        Column("Published", ".", PUBLISHED, write="online:", clears=False),
        Column("Published At", ".", PUBLISHED_AT, write="online:publishDate", clears=False),
        Column("Published Scope", ".", SCOPE, write="pos:", clears=False),
        Column("Image Src", "image.url", LINK, write="image.src", form_in=link_form),
        Column("Image Width", "image.width", INTEGER),
        Column("Image Height", "image.height", INTEGER),
        Column("Image Alt Text", "image.altText", write="image.altText", cleared=""),
    )
)
RULES = (
    Block((Column("Must Match", ".", MUST_MATCH, top_only=True, write="=match", clears=False),)),
    Block(
        (
            Column(
                "Rule: Product Column",
                "column",
                COLUMN,
                write="=column",
                aliases=("Rule: Column",),
            ),
            Column("Rule: Relation", "relation", RELATION, write="=relation"),
            Column("Rule: Condition", "condition", write="=condition", form_in=condition_form),
        ),
        of="rules",
    ),
)
POSITION = Column("Product: Position", "position", INTEGER, write=PLACE, clears=False)
LINKED = (
    Column("Product: ID", "id", id_of("Product")),
    Column("Product: Handle", "handle", LOWERED),
    POSITION,
)
CHOSEN = (
    Column("Product: ID", "id", id_of("Product"), write="=id"),
    Column("Product: Handle", "handle", PRODUCT, write="=product"),
    POSITION,
    Column("Product: Command", "id", MERGE),
)
END = (
    Block((Column("Products Count", "productsCount.count", INTEGER),)),
    Each(
        "channels",
        (
            Block(
                (Column("Published: {}", ".", BOOLEAN, write="published:", clears=False),),
                find=_is_on,
            ),
        ),
    ),
    DATES,
    SEO,
    metafields.columns("COLLECTION", header="Metafield: {}"),
    metafields.undefined_columns("COLLECTION", header="Metafield: {}"),
)

collections = DataType(
    name="collections",
    label=N_("Collections"),
    counted=lambda count: ngettext("%(num)s collection", "%(num)s collections", count),
    about=N_("Smart and manual collections"),
    read_scopes=metafields.SCOPES,
    write_scopes=("write_products", "write_publications", "write_online_store_navigation"),
    facts=("channels", "metafields:COLLECTION"),
    passes=(OBJECTS, PUBLICATIONS),
    sheets=(
        Sheet(
            "Smart Collections",
            aliases=("Smart Collection",),
            only=is_smart,
            children=(Children("rules", rules), Children("linked", linked)),
            blocks=(COLLECTION, NUMBERING, *RULES, Block(LINKED, of="linked"), *END),
        ),
        Sheet(
            "Custom Collections",
            aliases=("Manual Collections", "Custom Collection"),
            only=lambda collection: not is_smart(collection),
            children=(Children("linked", linked),),
            blocks=(COLLECTION, NUMBERING, Block(CHOSEN, of="linked"), *END),
        ),
    ),
    imported_sheets=(
        Sheet(
            "Collections",
            children=(Children("rules", rules), Children("linked", linked)),
            blocks=(COLLECTION, NUMBERING, *RULES, Block(CHOSEN, of="linked"), *END),
        ),
    ),
    filters=(
        Filter("handle"),
        Filter("title"),
        Filter("collection_type", values=("custom", "smart")),
        Filter("publishable_status", "published_status", values=PUBLISHED_STATUSES),
        Filter("published_status", values=PUBLISHED_STATUSES),
        Filter("id", form="range"),
        Filter("product_id", form="range"),
        Filter("published_at", form="range"),
        Filter("updated_at", form="range"),
    ),
    count="collectionsCount",
    writing=WRITING,
    personal={
        **columns(
            PUBLIC,
            """Published; Published At; Published Scope; Must Match; Rule: Product Column;
            Rule: Relation; Rule: Condition; Product: Handle; Published: {}; Metafield: {}""",
        )
    },
)
