"""Metafield definitions: custom field schemas. A row is one validation of one definition.

Real files are known as far as the header of an import: ``ID``, the accesses, the capabilities,
``Metafields Count``, ``Row #`` and ``Top Row`` are named in the style of other sheets.
"""

from transfer.types import validations
from transfer.types.base import NUMBERING, Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import (
    AS_CODE,
    BOOLEAN,
    INTEGER,
    MERGE,
    STRIPPED,
    BadCell,
    form,
    gid_of,
    parse_boolean,
    parse_code,
    short,
)
from transfer.types.shop_facts import OWNERS
from transfer.types.writing import (
    WITH_CODE,
    Input,
    Instead,
    Key,
    Members,
    Mutation,
    Parts,
    Writing,
)
from translations import N_, ngettext

PINNED = form(
    lambda value: "false" if value is False else "true",
    "boolean",
    empty="false",
    parse=parse_boolean,
)
"""A position, or false."""
OWNERS_BY_WORD = {owner.replace("_", ""): owner for owner in OWNERS}


def _owner(cell: str) -> str:
    owner = OWNERS_BY_WORD.get(parse_code(cell).replace("_", ""))
    if owner is None:
        raise BadCell(f"“{short(cell)}” owns no metafields. Write it like PRODUCT or COLLECTION.")
    return owner


def _type(cell: str) -> str:
    return cell.strip().lower()


OWNER = form(str, parse=_owner)
TYPE = form(str, parse=_type)
CAPABILITIES = {
    "Admin Filterable": "adminFilterable",
    "Smart Collection Condition": "smartCollectionCondition",
    "Unique Values": "uniqueValues",
    "Cart to Order Copyable": "cartToOrderCopyable",
}
FIELDS = f"""id namespace key name ownerType description pinnedPosition metafieldsCount
  type {{ category name }} access {{ admin storefront customerAccount }}
  capabilities {{ {" ".join(f"{name} {{ enabled }}" for name in CAPABILITIES.values())} }}
  validations {{ name type value }}"""
DEFINITION = Block(
    (
        Column("ID", "id", gid_of("MetafieldDefinition")),
        Column("Namespace", "namespace", STRIPPED, write="namespace"),
        Column("Key", "key", STRIPPED, write="key"),
        Column("Command", "id", MERGE),
        Column("Name", "name", write="name"),
        Column("Owner Type", "ownerType", OWNER, write="ownerType"),
        Column("Description", "description", write="description", cleared=""),
        Column("Pinned: Is Pinned", "pinnedPosition", PINNED, write="pin", clears=False),
        Column("Pinned: Position", "pinnedPosition", INTEGER),
        Column("Type: Category", "type.category"),
        Column("Type: Name", "type.name", TYPE, write="type"),
        Column("Access: Admin API", "access.admin"),
        Column(
            "Access: Storefront API",
            "access.storefront",
            AS_CODE.among("NONE", "PUBLIC_READ"),
            write="access.storefront",
            clears=False,
        ),
        Column(
            "Access: Customer Account API",
            "access.customerAccount",
            AS_CODE.among("NONE", "READ", "READ_WRITE"),
            write="access.customerAccount",
            clears=False,
        ),
        *(
            Column(
                f"Capability: {words}",
                f"capabilities.{name}.enabled",
                BOOLEAN,
                write=f"capabilities.{name}.enabled",
            )
            for words, name in CAPABILITIES.items()
        ),
        Column("Metafields Count", "metafieldsCount", INTEGER),
    )
)
VALIDATIONS = Block(
    (
        Column("Validation: Name", "name", STRIPPED, write="name"),
        Column("Validation: Type", "type"),
        Column(
            "Validation: Value",
            "value",
            validations.VALUE,
            write="value",
            form_in=validations.value_form,
        ),
    ),
    of="validations",
)

IDENTITY = ("ownerType", "namespace", "key")
ENABLE = Mutation(
    "standardMetafieldDefinitionEnable",
    (
        "ownerType: MetafieldOwnerType!",
        "namespace: String",
        "key: String",
        "pin: Boolean = false",
        "access: StandardMetafieldDefinitionAccessInput",
        "capabilities: MetafieldCapabilityCreateInput",
    ),
    saved="createdDefinition",
    errors=WITH_CODE,
)
"""Makes a definition of one of Shopify's templates: its name and type are the template's."""


def _complete(made: Input, parts: Parts) -> Input:
    """Shopify finds a definition by its names, not by its id."""
    return {name: parts.item[name] for name in IDENTITY} | made if parts.item and made else made


metafield_definitions = DataType(
    name="metafield_definitions",
    label=N_("Metafield Definitions"),
    counted=lambda count: ngettext(
        "%(num)s metafield definition", "%(num)s metafield definitions", count
    ),
    about=N_("Custom field schemas"),
    read_scopes=("read_metaobject_definitions",),
    write_scopes=("write_products",),
    facts=("metafield_owners", "metaobject_types"),
    passes=(
        Pass(
            "metafieldDefinitions",
            fields=FIELDS,
            each="metafield_owners",
            arguments=lambda owner: f"ownerType: {owner.owner}",
            plain=True,
        ),
    ),
    sheets=(
        Sheet(
            "Metafield Definitions",
            aliases=("Metafield Definition",),
            blocks=(DEFINITION, NUMBERING, VALIDATIONS),
        ),
    ),
    filters=(
        Filter("owner_type", "metafield_owners", "name"),
        Filter("namespace"),
        Filter("key"),
        Filter("type"),
        Filter("id", form="range"),
        Filter("created_at", form="range"),
        Filter("updated_at", form="range"),
    ),
    writing=Writing(
        typename="MetafieldDefinition",
        keys=(Key(("Owner Type", "Namespace", "Key")),),
        create=Mutation(
            "metafieldDefinitionCreate",
            ("definition: MetafieldDefinitionInput!",),
            input="definition",
            saved="createdDefinition",
            errors=WITH_CODE,
            instead=Instead(
                ("RESERVED_NAMESPACE_KEY",),
                ENABLE,
                takes=(*IDENTITY, "pin", "access", "capabilities"),
            ),
        ),
        update=Mutation(
            "metafieldDefinitionUpdate",
            ("definition: MetafieldDefinitionUpdateInput!",),
            input="definition",
            saved="updatedDefinition",
            returns="job: validationJob { id done }",
            errors=WITH_CODE,
        ),
        delete=Mutation("metafieldDefinitionDelete", ("id: ID!",), target="id", errors=WITH_CODE),
        members=(
            Members(
                of="validations",
                keys=(Key(("Validation: Name",)),),
                into="validations",
                whole=True,
                named=(),
                required=("Validation: Name", "Validation: Value"),
            ),
        ),
        required=("Namespace", "Key", "Owner Type", "Name", "Type: Name"),
        fixed=("Namespace", "Key", "Owner Type", "Type: Name"),
        instead="To have another, delete the definition in one import and create it in the next.",
        complete=_complete,
        removed_last=True,
    ),
)
