"""Menus: navigation menus and structure, a row for each item of up to three levels."""

from transfer.types.base import (
    NUMBERING_TOP_FIRST,
    Block,
    Children,
    Column,
    DataType,
    Filter,
    Item,
    Pass,
    Sheet,
)
from transfer.types.forms import HANDLE, INTEGER, LIST, MERGE, form, id_of, parse_boolean
from transfer.types.menu_writing import (
    ANY_ID,
    IGNORED,
    ITEM_TYPE,
    WRITING,
    handle_form,
    id_form,
    url_form,
)
from transfer.types.personal import PUBLIC, all_of
from transfer.types.writing import PLACE
from translations import N_, ngettext

TRUE = form(lambda value: "true" if value else "", "boolean", parse=parse_boolean)
WITH_HANDLE = ("ARTICLE", "BLOG", "COLLECTION", "METAOBJECT", "PAGE", "PRODUCT", "SHOP_POLICY")
"""Items that lead to a resource with a handle, which ends the path of their address."""
ITEM = "id title type resourceId tags url"

OBJECTS = Pass(
    "menus",
    fields=f"id handle title isDefault items {{ {ITEM} items {{ {ITEM} items {{ {ITEM} }} }} }}",
)


def items(menu: Item) -> list[Item]:
    """The items depth first, parents before children; positions restart under each parent."""
    return _below(menu["items"], None)


def _below(members: list[Item], parent: Item | None) -> list[Item]:
    found = []
    for position, item in enumerate(members, 1):
        found.append(item | {"parent": parent, "position": position, "handle": _handle(item)})
        found += _below(item.get("items", []), item)
    return found


def _handle(item: Item) -> str | None:
    if item["type"] not in WITH_HANDLE or not item["url"]:
        return None
    parts: list[str] = item["url"].partition("?")[0].strip("/").split("/")
    return parts[1] if item["type"] == "COLLECTION" and len(parts) > 1 else parts[-1]


MENU = Block(
    (
        Column("ID", "id", id_of("Menu")),
        Column("Handle", "handle", HANDLE, write="handle", clears=False),
        Column("Command", "id", MERGE),
        Column("Title", "title", write="title"),
        Column("Is Default", "isDefault", TRUE),
    )
)
ITEMS = Block(
    (
        Column("Menu Item: ID", "id", id_of("MenuItem")),
        Column("Menu Item: Title", "title", write="title"),
        Column("Menu Item: Command", "id", MERGE),
        Column(
            "Menu Item: Resource Type",
            "type",
            ITEM_TYPE,
            write="type",
            aliases=("Menu Item: Type",),
            clears=False,
        ),
        Column(
            "Menu Item: Resource ID",
            "resourceId",
            ANY_ID,
            write="=resource",
            form_in=id_form,
            unless="Menu Item: Resource Handle",
            clears=False,
        ),
        Column(
            "Menu Item: Resource Handle",
            "handle",
            IGNORED,
            write="resourceId",
            form_in=handle_form,
            clears=False,
        ),
        Column("Menu Item: Collection Tags", "tags", LIST, write="tags", cleared=[]),
        Column("Menu Item: URL", "url", IGNORED, write="url", form_in=url_form, clears=False),
        Column("Menu Item: Parent ID", "parent.id", id_of("MenuItem")),
        Column("Menu Item: Parent Title", "parent.title", write="=parent"),
        Column("Menu Item: Position", "position", INTEGER, write=PLACE, clears=False),
    ),
    of="rows",
)

menus = DataType(
    name="menus",
    label=N_("Menus"),
    counted=lambda count: ngettext("%(num)s menu", "%(num)s menus", count),
    about=N_("Navigation menus and structure"),
    read_scopes=("read_online_store_navigation",),
    write_scopes=("write_online_store_navigation",),
    passes=(OBJECTS,),
    sheets=(
        Sheet(
            "Menus",
            aliases=("Menu",),
            blocks=(MENU, NUMBERING_TOP_FIRST, ITEMS),
            children=(Children("rows", items),),
        ),
    ),
    filters=(Filter("title"), Filter("id", form="range")),
    writing=WRITING,
    personal={
        **all_of(PUBLIC, "rows.title rows.handle rows.url parent.title"),
    },
)
