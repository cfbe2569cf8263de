"""How menus are written: ``menuUpdate`` takes the whole tree, and removes what it does not name.

An item keeps what the store has of it but for the cells that change. One that is new, or whose
parent changes, goes under the item that its ``Menu Item: Parent Title`` names.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from transfer.types.base import Item
from transfer.types.forms import (
    TEXT,
    BadCell,
    Form,
    form,
    id_of,
    number_of,
    parse_code,
    parse_handle,
    parse_id,
    short,
)
from transfer.types.shop_facts import ShopFacts
from transfer.types.writing import (
    PLACE,
    WITH_CODE,
    Input,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Parts,
    Reference,
    Writing,
    places,
)

ROWS = "rows"
LEVELS = 3
OF_TYPE = {
    "ARTICLE": "Article",
    "BLOG": "Blog",
    "COLLECTION": "Collection",
    "METAOBJECT": "Metaobject",
    "PAGE": "Page",
    "PRODUCT": "Product",
    "SHOP_POLICY": "ShopPolicy",
}
"""What items lead to, by their types; others need no more than an address, or not even that."""
BY_HANDLE = ("ARTICLE", "BLOG", "COLLECTION", "METAOBJECT", "PAGE", "PRODUCT")
TYPES = (
    *OF_TYPE,
    *("CATALOG", "COLLECTIONS", "CUSTOMER_ACCOUNT_PAGE", "FRONTPAGE", "HTTP", "SEARCH"),
)
OF_ACCOUNT = "CUSTOMER_ACCOUNT_PAGE"
"""Items that lead to a page of an account keep what Shopify says it is; files do not tell it."""
WITH_ADDRESS = ("HTTP", OF_ACCOUNT)
TYPE, HANDLE = "Menu Item: Resource Type", "Menu Item: Resource Handle"
URL = "Menu Item: URL"
ARTICLE_ADDRESS = re.compile(r"/blogs/([^/?#]+)/[^/?#]+")
SET = ("title: String!", "items: [MenuItemUpdateInput!]!")


def _parse_type(cell: str) -> str:
    code = parse_code(cell)
    if code not in TYPES:
        raise BadCell(f"“{short(cell)}” is none of {', '.join(sorted(TYPES))}.")
    return code


def _type_of(row: Mapping[str, str]) -> str:
    try:
        return _parse_type(row.get(TYPE, "") or "HTTP")
    except BadCell:
        return ""


def handle_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The handle of what an item leads to, where that can be found by one; for an article beside
    that of its blog, which is in the address."""
    kind = _type_of(row)
    address = ARTICLE_ADDRESS.search(row.get(URL, "")) if kind == "ARTICLE" else None
    return _article_of(address[1].lower()) if address else BY_NAME.get(kind, IGNORED)


def id_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The ID of what an item leads to counts where no handle says it: those of another store mean
    nothing."""
    kind = _type_of(row)
    if kind not in OF_TYPE or (kind in BY_HANDLE and row.get(HANDLE, "").strip()):
        return ANY_ID
    return BY_ID[kind]


def url_form(row: Mapping[str, str], facts: ShopFacts) -> Form:
    """The address counts where an item leads to nothing else."""
    return TEXT if _type_of(row) in WITH_ADDRESS else IGNORED


def _name(value: str | Reference) -> str:
    return value.name if isinstance(value, Reference) else value


def _by_name(to: str) -> Form:
    return form(_name, parse=lambda cell: Reference(to, cell.strip().lower()))


@lru_cache(maxsize=256)
def _article_of(blog: str) -> Form:
    """The handle of an article of this blog."""
    return form(
        lambda value: _name(value).rpartition(".")[2],
        parse=lambda cell: Reference("Article", f"{blog}.{cell.strip().lower()}"),
    )


def _by_id(to: str) -> Form:
    def parse(cell: str, facts: ShopFacts) -> Reference:
        return Reference(to, parse_id(cell, (to,)))

    return Form(lambda facts: lambda value: number_of(_name(value)), parse=parse, typenames=(to,))


ITEM_TYPE = form(str, parse=_parse_type)
IGNORED = form(str, parse=str, canonical=lambda text: "")
ANY_ID = Form(
    id_of(*OF_TYPE.values()).render,
    parse=id_of(*OF_TYPE.values(), "CustomerAccountPage").parse,
    canonical=lambda text: "",
    typenames=(*OF_TYPE.values(), "CustomerAccountPage"),
)
BY_NAME = {kind: _by_name(OF_TYPE[kind]) for kind in BY_HANDLE}
BY_ID = {kind: _by_id(to) for kind, to in OF_TYPE.items()}


@dataclass(eq=False)
class _Node:
    """An item of the menu as it is to be."""

    title: str
    own: Input
    member: MemberValues | None = None
    parent: "_Node | None" = None
    below: "list[_Node]" = field(default_factory=list)

    @property
    def position(self) -> int | None:
        place = self.member.written.get(PLACE) if self.member else None
        return place if isinstance(place, int) and place > 0 else None


def complete(made: Input, parts: Parts) -> Input:
    """A menu's variables with all its items; title and items are always demanded."""
    menu = parts.item
    if not menu and not made.get("handle"):
        made = {**made, "handle": parse_handle(str(made["title"]))}
    members = parts.members.get(ROWS)
    items = menu.get("items") or []
    tree = _stored(items) if members is None else _planned(members, items)
    title: Input = {"title": menu["title"]} if menu else {}
    return {**title, **made, "items": [_input(node) for node in tree]}


def _walk(items: Iterable[Item], parent: str = "") -> Iterator[tuple[Item, str]]:
    """Each item of the store's menu with the id of that above it."""
    for item in items:
        yield item, parent
        yield from _walk(item.get("items") or (), item["id"])


def _stored(items: Iterable[Item]) -> list[_Node]:
    return [
        _Node(item["title"], _stored_input(item), below=_stored(item.get("items") or ()))
        for item in items
    ]


def _stored_input(item: Item) -> Input:
    """An item's input as the store has it, without those below it."""
    own: Input = {name: item[name] for name in ("id", "title", "type") if item.get(name)}
    if item["type"] in WITH_ADDRESS:
        own["url"] = item.get("url")
    if item.get("resourceId"):
        own["resourceId"] = item["resourceId"]
    if item.get("tags"):
        own["tags"] = item["tags"]
    return own


def _planned(members: Sequence[MemberValues], items: Sequence[Item]) -> list[_Node]:
    stored = {item["id"]: (item, parent) for item, parent in _walk(items)}
    nodes = []
    for member in members:
        if member.action != "delete":
            item, _ = stored.get(member.ref or "", ({}, ""))
            own = _changed(_stored_input(item) if item else {}, member)
            nodes.append(_Node(str(own["title"]), own, member))
    by_ref = {node.member.ref: node for node in nodes if node.member and node.member.ref}
    titled: dict[str, list[int]] = {}
    for place, node in enumerate(nodes):
        titled.setdefault(node.title.casefold(), []).append(place)
    for place, node in enumerate(nodes):
        written = node.member.written if node.member else {}
        ref = node.member.ref if node.member else None
        if ref and "=parent" not in written:
            node.parent = by_ref.get(stored[ref][1])
        elif title := written.get("=parent"):
            node.parent = _above(nodes, titled, place, str(title))
    for node in nodes:
        _check_levels(node)
        if node.parent:
            node.parent.below.append(node)
    for node in nodes:
        node.below = _in_order(node.below)
    return _in_order([node for node in nodes if node.parent is None])


def _changed(own: Input, member: MemberValues) -> Input:
    """An item's input with the cells that change."""
    written = {p: v for p, v in member.written.items() if not p.startswith("=")}
    if "type" in written:
        own = {name: value for name, value in own.items() if name in ("id", "title")}
    leads = member.all.get("type") in OF_TYPE
    if leads and "=resource" in member.written and "resourceId" not in written:
        written["resourceId"] = member.written["=resource"]
    made = {**own, **written}
    kind = made.setdefault("type", "HTTP")
    title = made.get("title")
    if not title:
        raise BadCell("Menu Item: Title: it is empty.")
    if kind == "HTTP" and not made.get("url"):
        raise BadCell(f"Menu Item: URL: “{title}” has no address to lead to.")
    if kind in OF_TYPE and not made.get("resourceId"):
        raise BadCell(f"{HANDLE}: it is empty, so it is not known where “{title}” leads to.")
    left = {"url": kind not in WITH_ADDRESS, "resourceId": kind not in (*OF_TYPE, OF_ACCOUNT)}
    return {name: value for name, value in made.items() if not left.get(name)}


def _above(
    nodes: Sequence[_Node], titled: Mapping[str, Sequence[int]], place: int, title: str
) -> _Node:
    """The item that a title names: of several the nearest that stands before, else the first
    behind. ``titled`` has the places of the items by their titles."""
    found = titled.get(title.strip().casefold(), ())
    before = bisect_left(found, place)
    behind = bisect_right(found, place)
    if before:
        return nodes[found[before - 1]]
    if behind < len(found):
        return nodes[found[behind]]
    raise BadCell(
        f"Menu Item: Parent Title: “{short(nodes[place].title)}” is to stand under "
        f"“{short(title)}”, which the menu does not have. Add a row for that item too."
    )


def _check_levels(node: _Node) -> None:
    level, above = 1, node.parent
    while above:
        level, above = level + 1, above.parent
        if level > LEVELS:
            raise BadCell(
                f"Menu Item: Parent Title: “{short(node.title)}” would be below the third level, "
                "the last that a menu has."
            )


def _in_order(siblings: list[_Node]) -> list[_Node]:
    return [siblings[at] for at in places([node.position for node in siblings])]


def _input(node: _Node) -> Json:
    below: list[Json] = [_input(one) for one in node.below]
    return {**node.own, "items": below}


def _default(menu: Item) -> str:
    return (
        "It is one of Shopify's own menus, which cannot be deleted."
        if menu.get("isDefault")
        else ""
    )


def _refused(menu: Item, path: str, value: Json) -> str:
    own = path == "handle" and menu["isDefault"]
    return "that of one of Shopify's own menus cannot change." if own else ""


WRITING = Writing(
    typename="Menu",
    keys=(Key(("Handle",)),),
    create=Mutation(
        "menuCreate",
        ("title: String!", "handle: String!", "items: [MenuItemCreateInput!]!"),
        saved="menu",
        errors=WITH_CODE,
    ),
    update=Mutation(
        "menuUpdate",
        ("id: ID!", "title: String!", "handle: String", "items: [MenuItemUpdateInput!]!"),
        target="id",
        saved="menu",
        errors=WITH_CODE,
    ),
    delete=Mutation("menuDelete", ("id: ID!",), target="id", errors=WITH_CODE),
    members=(
        Members(
            of=ROWS,
            into="items",
            keys=(
                Key(("Menu Item: ID",)),
                Key(("Menu Item: Title", "Menu Item: Parent Title")),
            ),
            alone=None,
            command="Menu Item: Command",
            word="item",
            whole=True,
            repeats=True,
            under="Menu Item: Parent ID",
            guarded=True,
            empties={"Menu Item: Parent Title": ("Menu Item: Position",)},
        ),
    ),
    required=("Title",),
    complete=complete,
    undeletable=_default,
    refuses=_refused,
)
