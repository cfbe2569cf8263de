"""The order in which the data types of one import are applied: what others refer to comes first."""

from collections.abc import Iterable

from models.import_sheet import ImportSheet
from transfer.types import ALL

FIRST = (
    "metaobject_definitions",
    "metafield_definitions",
    "files",
    "metaobjects",
    "products",
    "collections",
)
LAST = ("catalogs", "articles", "pages", "menus", "shop", "redirects", "draft_orders", "orders")
REST = tuple(data_type.name for data_type in ALL if data_type.name not in (*FIRST, *LAST))
ORDER = (*FIRST, *REST, *LAST)


def in_order(sheets: Iterable[ImportSheet]) -> list[ImportSheet]:
    """Sheets in the order of their types; those of one type as they stand in the file."""
    return sorted(sheets, key=lambda sheet: ORDER.index(sheet.type))
