"""Metafield columns: one for each definition of the store, asked by name under an alias; and one
for each metafield without a definition that the exported objects turn out to have.

The facts ``metafields:<OWNER TYPE>`` are the definitions, in the store's own order (see
``transfer/reading/shop_facts.py``). Those without a definition are the facts of
``undefined(<OWNER TYPE>)`` (see ``transfer/reading/undefined.py``).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from transfer.types.base import (
    Attach,
    Block,
    Column,
    Connection,
    Each,
    Item,
    Pass,
    Repeated,
    literal,
)
from transfer.types.forms import Form, file_name
from transfer.types.metafield_forms import metafield_form
from transfer.types.shop_facts import MetafieldDefinition
from transfer.types.writing import Input, Json, Mutation, Step

FRAGMENTS = {
    "product_reference": "... on Product { handle }",
    "collection_reference": "... on Collection { handle }",
    "page_reference": "... on Page { handle }",
    "article_reference": "... on Article { handle }",
    "variant_reference": "... on ProductVariant { title product { handle } }",
    "metaobject_reference": "... on Metaobject { type handle }",
    "mixed_reference": "... on Metaobject { type handle }",
    "file_reference": "... on MediaImage { image { url } } ... on GenericFile { url } "
    "... on Video { filename } ... on Model3d { filename }",
}
"""What is asked of a referenced object, by the metafield's type; others show the id they hold."""
ANY = f"__typename {' '.join(dict.fromkeys(FRAGMENTS.values()))}"
"""What is asked of a referenced object whose type is not known."""

SCOPES = ("read_products", "read_content", "read_files", "read_metaobjects")
"""What it takes to read what metafields refer to."""
SEO = """titleTag: metafield(namespace: "global", key: "title_tag") { value }
      descriptionTag: metafield(namespace: "global", key: "description_tag") { value }"""
"""What a type without a field ``seo`` is asked for; real files name the two without namespace."""


def seo_columns(title: str, description: str) -> Block:
    """What search engines read, from these paths: a type's own field ``seo``, else metafields."""
    own = title.startswith("seo.")
    places = {"title": (title, "SEO Title"), "description": (description, "SEO Description")}
    return Block(
        tuple(
            Column(
                f"Metafield: {name}_tag [string]",
                path,
                top_only=True,
                write=path if own else f"{name}_tag:value",
                aliases=(alias,),
                cleared="" if own else None,
            )
            for name, (path, alias) in places.items()
        )
    )


SEO_COLUMNS = seo_columns("titleTag.value", "descriptionTag.value")

RAW = f"id namespace key type value reference {{ {ANY} }}"
"""What is asked of a metafield whose name and type are not known."""


WRITE = "metafields:value"
"""Where the value of a metafield goes: a path in an item of the step ``metafields``."""
WRITTEN = Step(
    "metafields",
    send=Mutation(
        "metafieldsSet",
        ("metafields: [MetafieldsSetInput!]!",),
        input="metafields",
        errors="userErrors { field message code elementIndex }",
    ),
    clear=Mutation(
        "metafieldsDelete", ("metafields: [MetafieldIdentifierInput!]!",), input="metafields"
    ),
    item=lambda fact: {"namespace": fact.namespace, "key": fact.key},
    more=lambda fact: {"type": fact.type},
    owner="ownerId",
    most=25,
)
"""Shopify sets 25 metafields in a call, all of them or none, and takes no empty value."""
DIGEST = "compareDigest"
"""Of what a metafield holds, null where there is none: Shopify writes only over that."""


def _read(owner: Item, definition: MetafieldDefinition) -> Json:
    """The digest as an input has it; None of a metafield that was not asked for one."""
    metafield = owner.get(definition.alias, {})
    if metafield is None:
        return {DIGEST: None}
    return {DIGEST: metafield[DIGEST]} if DIGEST in metafield else None


def _unless_changed(item: Input, digest: Json) -> Json:
    return item | digest if isinstance(digest, dict) else item


GUARDED = replace(
    WRITTEN,
    send=replace(WRITTEN.send, guard=DIGEST),
    stored=_read,
    finish=_unless_changed,
)
"""For objects whose metafields are read with their digests: of those of their own mutations Shopify
compares none."""


def _without_owner(item: Input) -> Json:
    return {name: value for name, value in item.items() if name != WRITTEN.owner}


WRITTEN_ALONG = replace(
    WRITTEN,
    into="metafields",
    creation=_without_owner,
    addition=_without_owner,
    update=_without_owner,
)
"""For objects whose own mutations take metafields: those cost less than a call more."""


def _named(namespace: str, key: str) -> Callable[[object], Input]:
    return lambda fact: {"namespace": namespace, "key": key}


SEO_WRITTEN_ALONG = tuple(
    replace(
        WRITTEN_ALONG, name=key, item=_named("global", key), more=lambda fact: {"type": "string"}
    )
    for key in ("title_tag", "description_tag")
)
"""The two steps behind ``SEO_COLUMNS``."""


def undefined(owner: str) -> str:
    """The name of the facts of an owner type's metafields without a definition."""
    return f"metafields:{owner}/undefined"


def fields(owner: str, *, guarded: bool = False) -> tuple[Repeated, Repeated]:
    """The aliased fields of an owner type's metafields. Those without a definition are not asked
    for by name: ``connection`` brings them. The step GUARDED takes those that are ``guarded``."""
    return (
        Repeated(f"metafields:{owner}", "metafields", _field, _guarded if guarded else None),
        Repeated(undefined(owner), "metafields", lambda fact: ""),
    )


def connection(owner: str, fields: str = RAW) -> Connection:
    """All metafields of an owner, to find those without a definition."""
    return Connection("metafields", types=("Metafield",), fields=fields, undefined=owner)


VARIANTS = Pass(
    "productVariants",
    connections=(
        connection(
            "PRODUCTVARIANT",
            f"{RAW} holder: owner {{ ... on ProductVariant {{ id owner: product {{ id }} }} }}",
        ),
    ),
    attach=Attach(to="variants", by="holder.id", name="metafields", shown=False),
    about="variants' metafields without a definition are",
)
SHOP = Pass(
    "metafields",
    fields=f"{RAW} owner: owner {{ ... on Shop {{ id }} }}",
    plain=True,
    within="shop { %s }",
    attach=Attach(name="metafields", shown=False),
    undefined="SHOP",
    about="metafields without a definition are",
)


def columns(owner: str, *, header: str, of: str = "") -> Each:
    """A column for each definition; ``header`` has ``{}`` for ``namespace.key [type]``."""
    column = Column(header, ".", top_only=not of, write=WRITE, form_for=_form)
    block = Block((column,), of=of, find=_find)
    return Each(f"metafields:{owner}", (block,))


def undefined_columns(owner: str, *, header: str, of: str = "") -> Each:
    """A column for each metafield without a definition; real files have them last."""
    return Each(undefined(owner), columns(owner, header=header, of=of).blocks)


def _form(definition: MetafieldDefinition) -> Form:
    return metafield_form(definition.type)


def _field(definition: MetafieldDefinition, more: str = "") -> str:
    parts = (definition.namespace, definition.key)
    namespace, key = map(literal, parts)
    target = FRAGMENTS.get(definition.type)
    selection = f"value reference {{ __typename {target} }}" if target else "value"
    asked = f"{selection}{more}"
    return f"{definition.alias}: metafield(namespace: {namespace}, key: {key}) {{ {asked} }}"


def _guarded(definition: MetafieldDefinition) -> str:
    return _field(definition, f" {DIGEST}")


def listed(type: str) -> str | None:
    """What is asked of each object that a metafield of this type lists (its value holds only
    their ids as JSON), or None for any other metafield."""
    return FRAGMENTS.get(type.removeprefix("list.")) if type.startswith("list.") else None


def _find(definition: MetafieldDefinition) -> Callable[[Item], Any]:
    alias, reference = definition.alias, definition.type in FRAGMENTS

    def find(owner: Item) -> Any:
        metafield = owner.get(alias)
        if metafield is None:
            return None
        if "cell" in metafield:
            return metafield["cell"]
        target = metafield["reference"] if reference else None
        return metafield["value"] if target is None else reference_cell(target)

    return find


def reference_cell(target: Item) -> str:
    """What stands in a cell for a referenced object: its handle, or a file's bare name."""
    match target["__typename"]:
        case "Metaobject":
            return f"{target['type']}.{target['handle']}"
        case "ProductVariant":
            return f"{target['product']['handle']}.{target['title']}"
        case "MediaImage":
            return file_name((target["image"] or {}).get("url") or "")
        case "GenericFile":
            return file_name(target["url"] or "")
        case "Video" | "Model3d":
            return str(target["filename"])
        case _:
            return str(target.get("handle", ""))
