"""A data type with two nested sets, to see what the rows of an object ask for."""

from transfer.importing.cells import Options
from transfer.importing.columns import FileColumns, compiled
from transfer.importing.plan import NO_OPTIONS, Change, plan
from transfer.importing.snapshot import Snapshot
from transfer.types.base import NUMBERING, Block, Column, DataType, Item, Pass, Sheet
from transfer.types.forms import BOOLEAN, INTEGER, MERGE, MONEY, REPLACE, TAGS, id_of
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import Key, Members, Mutation, Writing

BOX = Block(
    (
        Column("ID", "id", id_of("Product")),
        Column("Handle", "handle", write="handle"),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title"),
        Column("Body", "body", top_only=True, write="body"),
        Column("Tags", "tags", TAGS, write="tags"),
        Column("Tags Command", "id", REPLACE),
        Column("Sold", "sold", BOOLEAN, write="sold"),
        Column("Count", "count", INTEGER),
    )
)
IMAGES = Block(
    (
        Column("Image Src", "url", write="url"),
        Column("Image Command", "id", MERGE),
        Column("Image Alt", "alt", write="alt"),
    ),
    of="media",
)
VARIANTS = Block(
    (
        Column("Variant ID", "id", id_of("ProductVariant")),
        Column("Variant Command", "id", MERGE),
        Column("Option1 Value", "one", write="one"),
        Column("Option2 Value", "two", write="two"),
        Column("SKU", "sku", write="sku"),
        Column("Price", "price", MONEY, write="price"),
        Column("Stock", "stock", INTEGER),
    ),
    of="variants",
)
RULES = Block((Column("Rule", "text", write="text"),), of="rules")
BOXES = DataType(
    name="boxes",
    label="Boxes",
    about="",
    passes=(Pass("products"),),
    sheets=(Sheet("Boxes", (BOX, NUMBERING, IMAGES, VARIANTS, RULES)),),
    writing=Writing(
        typename="Product",
        keys=(Key(("Handle",), "handle"), Key(("Title",), "title")),
        create=Mutation("productSet", ("input: ProductSetInput!",), input="input"),
        required=("Title",),
        members=(
            Members(of="media", keys=(Key(("Image Src",)),), command="Image Command"),
            Members(
                of="variants",
                keys=(
                    Key(("Variant ID",)),
                    Key(("Option1 Value", "Option2 Value")),
                    Key(("SKU",)),
                ),
                command="Variant Command",
                kept=True,
            ),
            Members(of="rules", keys=(), kept=True),
        ),
    ),
)


def gid(number: int, of: str = "ProductVariant") -> str:
    return f"gid://shopify/{of}/{number}"


def variant(number: int, one: str, two: str, sku: str, price: str = "1.00") -> dict:
    of = {"id": gid(number), "one": one, "two": two, "sku": sku, "price": price}
    return of | {"stock": 5}


def image(number: int, url: str, alt: str = "") -> dict:
    return {"id": gid(number, "MediaImage"), "url": url, "alt": alt}


BOX_7: Item = {
    "id": gid(7, "Product"),
    "handle": "tee",
    "title": "Tee",
    "body": "Soft",
    "tags": ["a", "b"],
    "sold": True,
    "count": 3,
    "media": [image(1, "x/1.png", "One"), image(2, "x/2.png")],
    "variants": [
        variant(1, "Red", "S", "007"),
        variant(2, "Red", "M", "B-2"),
        variant(3, "Blue", "S", "B-3"),
    ],
    "rules": [{"text": "first"}, {"text": "second"}],
}


def columns_of(text: str) -> tuple[FileColumns, list[tuple[int, dict[str, str]]]]:
    """The columns and the numbered rows of a file, whose cells stand between bars."""
    header, *lines = [
        [cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()
    ]
    columns = compiled(BOXES, header, ShopFacts())
    return columns, [(number, columns.cells(row)) for number, row in enumerate(lines, 2)]


def planned(text: str, *items: dict, options: Options = NO_OPTIONS) -> Change:
    """What the rows of a file ask for that are all about one object."""
    columns, rows = columns_of(text)
    snapshot = Snapshot(columns)
    for item in items:
        snapshot.add_item(item)
    return plan(columns, rows, snapshot, options)
