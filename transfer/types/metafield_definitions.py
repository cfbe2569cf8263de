"""Metafield definitions: custom field schemas. A row is one validation of one definition.

Real files are known as far as the header of an import: ``ID``, the accesses, the capabilities,
``Metafields Count``, ``Row #`` and ``Top Row`` are named in the style of other sheets.
"""

from transfer.types.base import NUMBERING, Block, Column, DataType, Filter, Pass, Sheet
from transfer.types.forms import BOOLEAN, INTEGER, MERGE, form
from translations import N_

PINNED = form(lambda position: "true", "boolean", empty="false")
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
        Column("ID", "id"),
        Column("Namespace", "namespace"),
        Column("Key", "key"),
        Column("Command", "id", MERGE),
        Column("Name", "name"),
        Column("Owner Type", "ownerType"),
        Column("Description", "description"),
        Column("Pinned: Is Pinned", "pinnedPosition", PINNED),
        Column("Pinned: Position", "pinnedPosition", INTEGER),
        Column("Type: Category", "type.category"),
        Column("Type: Name", "type.name"),
        Column("Access: Admin API", "access.admin"),
        Column("Access: Storefront API", "access.storefront"),
        Column("Access: Customer Account API", "access.customerAccount"),
        *(
            Column(f"Capability: {words}", f"capabilities.{name}.enabled", BOOLEAN)
            for words, name in CAPABILITIES.items()
        ),
        Column("Metafields Count", "metafieldsCount", INTEGER),
    )
)
VALIDATIONS = Block(
    (
        Column("Validation: Name", "name"),
        Column("Validation: Type", "type"),
        Column("Validation: Value", "value"),
    ),
    of="validations",
)

metafield_definitions = DataType(
    name="metafield_definitions",
    label=N_("Metafield Definitions"),
    about=N_("Custom field schemas"),
    facts=("metafield_owners",),
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
)
