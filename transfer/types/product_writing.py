"""How products are written: the mutations, and what columns cannot say each for itself."""

from collections import Counter
from dataclasses import dataclass

from transfer.types.base import Item
from transfer.types.forms import BadCell
from transfer.types.metafields import WRITTEN_ALONG as METAFIELDS
from transfer.types.product_images import as_file, content_type, is_file, same_image
from transfer.types.product_stock import STOCK
from transfer.types.sales_channels import PUBLISHED
from transfer.types.shop_facts import Catalog
from transfer.types.writing import (
    WITH_CODE,
    Combinations,
    Input,
    Join,
    Json,
    Key,
    Members,
    MemberValues,
    Mutation,
    Order,
    Parts,
    Step,
    Writing,
    new_member,
)

OPTIONS, MOST_VARIANTS = 3, 2048
TITLE, DEFAULT = "Title", "Default Title"
"""The option, and its value, of a product that has none."""
NO_VARIANT = (
    "Option1 Value: it is empty, and no Variant ID or Variant SKU of the row is one of the "
    "product's. Fill in one of the three."
)
SET = Mutation(
    "productSet",
    ("input: ProductSetInput!", "synchronous: Boolean = true"),
    input="input",
    saved="product",
    errors=WITH_CODE,
)
UPDATE = Mutation(
    "productUpdate",
    ("product: ProductUpdateInput!", "media: [CreateMediaInput!]"),
    input="product",
    target="product.id",
    saved="product",
)
DELETE = Mutation("productDelete", ("input: ProductDeleteInput!",), target="input.id")
OPTIONS_CREATE = Mutation(
    "productOptionsCreate",
    (
        "productId: ID!",
        "options: [OptionCreateInput!]!",
        "variantStrategy: ProductOptionCreateVariantStrategy = LEAVE_AS_IS",
    ),
    errors=WITH_CODE,
    repeated=("OPTION_ALREADY_EXISTS",),
)
OPTIONS_DELETE = Mutation(
    "productOptionsDelete",
    (
        "productId: ID!",
        "options: [ID!]!",
        "strategy: ProductOptionDeleteStrategy = NON_DESTRUCTIVE",
    ),
    errors=WITH_CODE,
    repeated=("OPTION_DOES_NOT_EXIST",),
)
OPTIONS_REORDER = Mutation(
    "productOptionsReorder", ("productId: ID!", "options: [OptionReorderInput!]!"), errors=WITH_CODE
)
OPTION_UPDATE = Mutation(
    "productOptionUpdate", ("productId: ID!", "option: OptionUpdateInput!"), errors=WITH_CODE
)
DETACH = Mutation(
    "productVariantDetachMedia",
    ("productId: ID!", "variantMedia: [ProductVariantDetachMediaInput!]!"),
    errors=WITH_CODE,
    repeated=("MEDIA_IS_NOT_ATTACHED_TO_VARIANT",),
)
VARIANT_INPUTS = ("productId: ID!", "variants: [ProductVariantsBulkInput!]!")
NEW_MEDIA = "media: [CreateMediaInput!]"
FILES = Mutation("fileUpdate", ("files: [FileUpdateInput!]!",), input="files", errors=WITH_CODE)
ADD_PRICES = Mutation(
    "priceListFixedPricesAdd",
    ("priceListId: ID!", "prices: [PriceListPriceInput!]!"),
    input="prices",
    errors=WITH_CODE,
)
DELETE_PRICES = Mutation(
    "priceListFixedPricesDelete",
    ("priceListId: ID!", "variantIds: [ID!]!"),
    input="variantIds",
    errors=WITH_CODE,
    gone=("PRICE_NOT_FIXED",),
)


# ---------------------------------------------------------------------------- prices, shipping


def _price(item: Input, stored: Json) -> Json:
    """A fixed price replaces the one that is there as a whole."""
    price, compare_at = item["price"], item["compareAtPrice"]
    if not isinstance(price, dict) or price.get("amount") is None:
        raise BadCell("Compare At Price: a catalog has none without a price of its own.")
    if not isinstance(compare_at, dict) or compare_at.get("amount") is None:
        return {name: part for name, part in item.items() if name != "compareAtPrice"}
    return item


def _currencies(catalog: Catalog) -> Input:
    return {name: {"currencyCode": catalog.currency} for name in ("price", "compareAtPrice")}


PRICES = Step(
    "prices",
    send=ADD_PRICES,
    clear=DELETE_PRICES,
    takes=lambda catalog: catalog.price_list is not None,
    more=_currencies,
    owner="variantId",
    variables=lambda catalog: {"priceListId": catalog.price_list},
    cleared=lambda item: item["variantId"],
    whole=True,
    finish=_price,
)


ASSOCIATE, DISSOCIATE = (
    Mutation(
        "deliveryProfileUpdate",
        ("id: ID!", "profile: DeliveryProfileInput!"),
        input=f"profile.{variants}",
        named=variants,
    )
    for variants in ("variantsToAssociate", "variantsToDissociate")
)
SHIPPING = Step(
    "shipping",
    send=ASSOCIATE,
    clear=DISSOCIATE,
    owner="variantId",
    aims=lambda profile, stored: {"id": profile or stored},
    stored=lambda variant, fact: (variant.get("deliveryProfile") or {}).get("id"),
    finish=lambda item, stored: item["variantId"],
    cleared=lambda item: item["variantId"],
)
"""A variant that leaves its profile is in the general one."""
# ---------------------------------------------------------------------------- options, variants


def _named(place: int, part: str = "name") -> str:
    return f"optionValues.{place}.{part}"


def _option_names(variants: tuple[MemberValues, ...]) -> list[str]:
    """What the options are called: by the first variant that says so. Empty where no variant has
    a value."""
    names = []
    for place in range(OPTIONS):
        found = (one.all.get(_named(place, "optionName")) for one in variants)
        used = any(one.all.get(_named(place)) for one in variants)
        names.append(next((str(name) for name in found if name and used), ""))
    return names


@dataclass(frozen=True)
class _Options:
    """The options of a product beside those that its variants are to have, by their names.
    ``renamed`` has new names by the old ones."""

    wanted: list[str]
    renamed: dict[str, str]
    new: dict[str, int]
    """New ones, with the places at which variants have their values."""
    gone: list[str]

    @classmethod
    def of(cls, parts: Parts) -> "_Options":
        """A name that the product has means that option, wherever it stands; another name is a new
        one of the option at its place, unless that one is wanted elsewhere."""
        stored = [one["name"] for one in parts.item.get("options") or ()]
        names = _option_names(_staying(parts))
        wanted = [name for name in names if name]
        renamed, new = {}, {}
        for place, name in enumerate(names if stored else ()):
            if not name or name in stored:
                continue
            if place < len(stored) and stored[place] not in wanted:
                renamed[stored[place]] = name
            else:
                new[name] = place
        left = [name for name in stored if name not in wanted and name not in renamed]
        return cls(wanted, renamed, new, left if len(wanted) < len(stored) + len(new) else [])

    def ordered(self, parts: Parts) -> list[str]:
        """The names of the options in the order in which they stand without being moved."""
        stored = [one["name"] for one in parts.item.get("options") or ()]
        kept = [self.renamed.get(name, name) for name in stored if name not in self.gone]
        return [*kept, *self.new]


def _staying(parts: Parts) -> tuple[MemberValues, ...]:
    return tuple(v for v in parts.members.get("variants", ()) if v.action != "delete")


def _some_go(parts: Parts) -> bool:
    """Whether variants go after others are as they are to be: they must differ till then, in
    options that only the ones have by a value that nothing else has."""
    return any(one.action == "delete" for one in parts.members.get("variants", ()))


def _is_place_taken(parts: Parts) -> bool:
    """Whether a variant is to have the option values of one that goes, which must then go first.
    Shopify does not delete the last one."""
    variants, values = parts.members.get("variants", ()), _values_by_then(parts)
    gone = [values.pop(one.ref, {}) for one in variants if one.action == "delete" and one.ref]
    names = _option_names(_staying(parts))
    for one in _staying(parts) if gone and values else ():
        wanted = {n: one.all.get(_named(place)) for place, n in enumerate(names) if n}
        changes = not wanted.items() <= values.get(one.ref or "", {}).items()
        if changes and any(wanted.items() <= of_gone.items() for of_gone in gone):
            return True
    return False


def _values_by_then(parts: Parts) -> dict[str, dict[str, str]]:
    """The values of the variants that are there by their options' names, once these are called as
    they are to be and new ones are made."""
    options = _Options.of(parts)
    stored = {v["id"]: v["selectedOptions"] for v in parts.item.get("variants") or ()}
    first = _first_values(parts, options)
    return {
        ref: {options.renamed.get(one["name"], one["name"]): one["value"] for one in chosen} | first
        for ref, chosen in stored.items()
    }


def _first_values(parts: Parts, options: _Options) -> dict[str, str]:
    """By the names of new options the value that all variants have at first."""
    variants = () if _some_go(parts) else _staying(parts)
    values = {
        name: [one.all.get(_named(place)) for one in variants]
        for name, place in options.new.items()
    }
    return {name: str(next(filter(None, of), DEFAULT)) for name, of in values.items()}


def _first(parts: Parts) -> list[tuple[Mutation, Input]]:
    """Options that are called otherwise, and new ones; images that variants no longer have; files
    of the store that the product is to have."""
    variants, options = _staying(parts), _Options.of(parts)
    ids = {one["name"]: one["id"] for one in parts.item.get("options") or ()}
    found: list[tuple[Mutation, Input]] = []
    for old, name in options.renamed.items():
        option: Input = {"id": ids[old], "name": name}
        found.append((OPTION_UPDATE, {"productId": parts.target, "option": option}))
    first_values = _first_values(parts, options).items()
    new: list[Json] = [{"name": name, "values": [{"name": one}]} for name, one in first_values]
    if new:
        found.append((OPTIONS_CREATE, {"productId": parts.target, "options": new}))
    if detached := _detached(parts, variants):
        found.append((DETACH, {"productId": parts.target, "variantMedia": detached}))
    if attached := _attached(parts, variants):
        found.append((FILES, {"files": attached}))
    return found


def _last(parts: Parts) -> list[tuple[Mutation, Input]]:
    """Options that no variant has any more, once all variants differ without them; the order."""
    options = _Options.of(parts)
    found: list[tuple[Mutation, Input]] = []
    if options.gone and options.wanted:
        ids: list[Json] = [o["id"] for o in parts.item["options"] if o["name"] in options.gone]
        found.append((OPTIONS_DELETE, {"productId": parts.target, "options": ids}))
    there = options.ordered(parts)
    if there != options.wanted and sorted(there) == sorted(options.wanted):
        order: list[Json] = [{"name": name} for name in options.wanted]
        found.append((OPTIONS_REORDER, {"productId": parts.target, "options": order}))
    return found


def _attached(parts: Parts, variants: tuple[MemberValues, ...]) -> list[Json]:
    """The files that new images of the product and of its variants are already."""
    there = {media["id"] for media in parts.item.get("media") or ()}
    new = parts.created("media")
    found: dict[str, Input] = {}
    for one in new:
        if is_file(source := one.written.get("originalSource")):
            alt = {name: value for name, value in one.written.items() if name == "alt"}
            found[source] = {"id": source, **alt, "referencesToAdd": [parts.target]}
    for one in variants:
        if is_file(source := one.written.get("image")) and source not in there:
            found.setdefault(source, {"id": source, "referencesToAdd": [parts.target]})
    return [*found.values()]


def _detached(parts: Parts, variants: tuple[MemberValues, ...]) -> list[Json]:
    """The images that variants are to have no more."""
    images = {v["id"]: (v.get("image") or {}).get("url") for v in parts.item.get("variants") or ()}
    found: list[Json] = []
    for one in variants:
        url = images.get(one.ref)
        gone = url and "image" in one.written and one.written["image"] is None
        if gone and (media := _media_of(parts.item, url)):
            found.append({"variantId": one.ref, "mediaIds": [media]})
    return found


def _media_of(item: Item, url: str | None) -> str | None:
    """The id of the product's image at this address."""
    for media in item.get("media") or ():
        if same_image((media.get("image") or {}).get("url") or "") == same_image(url or ""):
            return str(media["id"])
    return None


def _option_values(variant: Input, names: list[str]) -> None:
    """Let a variant's option values name their options, and leave out those that it has not."""
    given = variant.get("optionValues")
    if not isinstance(given, list):
        return
    for place, value in enumerate(given):
        named = any(names[place : place + 1])
        if isinstance(value, dict) and value.get("name") and not (named or value.get("optionName")):
            raise BadCell(f"Option{place + 1} Value: the Option{place + 1} Name is empty.")
    values: list[Json] = [
        {"optionName": value.get("optionName") or name, "name": value["name"]}
        for name, value in zip(names, given, strict=False)
        if isinstance(value, dict) and value.get("name")
    ]
    variant["optionValues"] = values


def _values_of_options(inputs: list[Input], parts: Parts) -> None:
    """Let variants' option values name their options: all that the product has until the end, and
    none where a variant keeps its values."""
    options, names = _Options.of(parts), _option_names(_staying(parts))
    stored = {v["id"]: v["selectedOptions"] for v in parts.item.get("variants") or ()}
    last = {one["name"]: one["value"] for of in stored.values() for one in of}
    new = parts.created("variants")
    last = {} if new and _some_go(parts) else last
    for variant in inputs:
        if "optionValues" not in variant:
            continue
        _option_values(variant, names)
        there = {one["name"]: one["value"] for one in stored.get(variant.get("id"), ())}
        values = _list(variant["optionValues"])
        for name in options.gone:
            values.append(
                {"optionName": name, "name": there.get(name) or last.get(name) or DEFAULT}
            )
        kept = {options.renamed.get(name, name): value for name, value in there.items()}
        if kept == {v["optionName"]: v["name"] for v in values if isinstance(v, dict)}:
            del variant["optionValues"]
    inputs[:] = _in_turn([variant for variant in inputs if variant.keys() != {"id"}], parts)


def _in_turn(inputs: list[Input], parts: Parts) -> list[Input]:
    """The inputs of variants, those first that take option values which no other has by then."""
    now = {ref: frozenset(values.items()) for ref, values in _values_by_then(parts).items()}
    taken = Counter(now.values())
    left = [one for one in inputs if one.get("optionValues") and one.get("id") in now]
    ordered = [one for one in inputs if one not in left]
    while left:
        waiting = []
        for one in left:
            values = [value for value in _list(one["optionValues"]) if isinstance(value, dict)]
            wanted = frozenset((str(v["optionName"]), str(v["name"])) for v in values)
            if taken[wanted]:
                waiting.append(one)
                continue
            taken.subtract([now[str(one["id"])]])
            taken[wanted] += 1
            ordered.append(one)
        if len(waiting) == len(left):  # they change places: Shopify has the last word
            return ordered + waiting
        left = waiting
    return ordered


def _variants(inputs: list[Input], parts: Parts) -> Input:
    """Complete the inputs of variants: their options' names, their images by what they are."""
    _weights(inputs, parts)
    _values_of_options(inputs, parts)
    new = parts.created("media")
    sources = [same_image(str(one.written.get("originalSource"))) for one in new]
    takes_media = False
    for variant in inputs:
        if "id" not in variant and not variant.get("optionValues"):
            raise BadCell(NO_VARIANT)
        image = variant.pop("image", None)
        if not isinstance(image, str):
            continue
        if is_file(image):
            variant["mediaId"] = image
        elif known := _media_of(parts.item, image):
            variant["mediaId"] = known
        elif same_image(image) in sources and "media" in parts.added:
            variant["mediaId"] = new_member("media", sources.index(same_image(image)))
        else:
            if same_image(image) not in sources:
                sources.append(same_image(image))
                new.append(MemberValues(None, "create", {"originalSource": image}, {}))
            place = sources.index(same_image(image))
            variant["mediaSrc"] = [new[place].written["originalSource"]]
            takes_media = True
    if not takes_media:
        return {}
    media = [dict(one.written) for one in new]
    _media(media, parts)
    return {"media": [*media]}


def _media(inputs: list[Input], parts: Parts) -> Input:
    """Say of new media what they are; those that are files of the store already are attached
    before."""
    inputs[:] = [media for media in inputs if not is_file(media.get("originalSource"))]
    for media in inputs:
        source = media.get("originalSource")
        if source and not media.get("mediaContentType"):
            media["mediaContentType"] = content_type(str(source))
    return {}


def _weights(variants: list[Input], parts: Parts) -> None:
    """A weight has a unit, the store's where the file has none; a unit alone is no weight."""
    for variant in variants:
        item = variant.get("inventoryItem")
        measured = item.get("measurement") if isinstance(item, dict) else None
        weight = measured.get("weight") if isinstance(measured, dict) else None
        if not isinstance(item, dict) or not isinstance(weight, dict):
            continue
        if weight.get("value") is None:
            del item["measurement"]
        elif not weight.get("unit"):
            weight["unit"] = parts.facts.weight_unit


def _complete(product: Input, parts: Parts) -> Input:
    """The input of a new product: its options as its variants have them, variants' images among
    its files."""
    variants = [one for one in _list(product.get("variants")) if isinstance(one, dict)]
    if not (parts.new and variants):
        return product
    _weights(variants, parts)
    names = _names_in(variants)
    if not any(names):
        names = [TITLE]
    options: list[dict[str, None]] = [{} for _ in names]
    for variant in variants:
        _option_values(variant, names)
        if not variant.get("optionValues"):
            variant["optionValues"] = [{"optionName": TITLE, "name": DEFAULT}]
        for value in _list(variant["optionValues"]):
            if isinstance(value, dict):
                options[names.index(str(value["optionName"]))][str(value["name"])] = None
    _among_files(product, variants)
    product["productOptions"] = [
        {"name": name, "position": place, "values": [{"name": value} for value in values]}
        for place, (name, values) in enumerate(zip(names, options, strict=True), 1)
        if name
    ]
    return product


def _names_in(variants: list[Input]) -> list[str]:
    names = [""] * OPTIONS
    for variant in variants:
        for place, value in enumerate(_list(variant.get("optionValues"))):
            if isinstance(value, dict) and value.get("optionName") and not names[place]:
                names[place] = str(value["optionName"])
    return names


def _among_files(product: Input, variants: list[Input]) -> None:
    """The image of a variant must be one of the product's files."""
    files = [one for one in _list(product.get("files")) if isinstance(one, dict)]
    sources = {same_image(str(one.get("originalSource"))): one for one in files}
    for variant in variants:
        file = variant.get("file")
        if not isinstance(file, dict):
            continue
        source = str(file.get("originalSource"))
        known = sources.get(same_image(source))
        if known is None:
            known = sources[same_image(source)] = {"originalSource": source}
            files.append(known)
        variant["file"] = as_file({"originalSource": known["originalSource"]})
    if files:
        product["files"] = [as_file(one) for one in files]


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


OPTION_PATHS = tuple(
    _named(place, part) for place in range(OPTIONS) for part in ("optionName", "name")
)
WEIGHT = ("inventoryItem.measurement.weight.value", "inventoryItem.measurement.weight.unit")
VARIANTS = Members(
    of="variants",
    keys=(
        Key(("Variant ID",)),
        Key(
            ("Option1 Value", "Option2 Value", "Option3 Value"),
            of=("Option1 Name", "Option2 Name", "Option3 Name"),
        ),
        Key(("Variant SKU",), "sku"),
        Key(("Variant Barcode",), "barcode"),
    ),
    into="variants",
    within={"image": "file.originalSource"},
    positions="position",
    position="Variant Position",
    command="Variant Command",
    combined=Combinations(
        "Variant Generate From Options",
        of=("Option1 Value", "Option2 Value", "Option3 Value"),
        of_one=("Variant ID", "Variant SKU", "Variant Barcode", "Variant Position"),
        most=MOST_VARIANTS,
    ),
    kept=True,
    stand_in=("Option1 Value", DEFAULT),
    elsewhere=(
        "“{}” is the ID of a variant of another product. Leave it empty to make a new variant here."
    ),
    lost="A variant that an undo brings back is a new one: past orders no longer lead to it.",
    alone=2,
    create=Mutation(
        "productVariantsBulkCreate",
        (*VARIANT_INPUTS, NEW_MEDIA, "strategy: ProductVariantsBulkCreateStrategy = DEFAULT"),
        input="variants",
        errors=WITH_CODE,
    ),
    update=Mutation(
        "productVariantsBulkUpdate",
        (*VARIANT_INPUTS, NEW_MEDIA),
        input="variants",
        errors=WITH_CODE,
    ),
    delete=Mutation(
        "productVariantsBulkDelete",
        ("productId: ID!", "variantsIds: [ID!]!"),
        input="variantsIds",
        errors=WITH_CODE,
    ),
    owner="productId",
    order=Order(
        Mutation(
            "productVariantsBulkReorder",
            ("productId: ID!", "positions: [ProductVariantPositionInput!]!"),
            input="positions",
            errors=WITH_CODE,
        ),
        lambda ref, place: {"id": ref, "position": place + 1},
        mixed_by=(OPTIONS_REORDER,),
    ),
    gone_first=_is_place_taken,
    together=(OPTION_PATHS, WEIGHT),
    apart=tuple(path for path in OPTION_PATHS if path.endswith("optionName")),
    finish=_variants,
)
MEDIA = Members(
    of="media",
    keys=(Key(("Image Src",)),),
    into="files",
    within={"mediaContentType": "contentType"},
    position="Image Position",
    command="Image Command",
    listed=r";\s*(?=https?://)",
    update=FILES,
    delete=FILES,
    added="media",
    removed=lambda ref, owner: {"id": ref, "referencesToRemove": [owner]},
    order=Order(
        Mutation(
            "productReorderMedia",
            ("id: ID!", "moves: [MoveInput!]!"),
            input="moves",
            target="id",
            returns="job { id done }",
            errors="userErrors: mediaUserErrors { field message code }",
        ),
        lambda ref, place: {"id": ref, "newPosition": str(place)},
    ),
    only_new=("mediaContentType", "originalSource"),
    required=("Image Src",),
    finish=_media,
    watched="""query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Product {
      media(first: 50) { nodes { id state: status problems: mediaErrors { message } } } } } }""",
    discard=Mutation("fileDelete", ("fileIds: [ID!]!",), input="fileIds", errors=WITH_CODE),
)

WRITING = Writing(
    typename="Product",
    keys=(Key(("Handle",), "handle"), Key(("Title",), "title")),
    create=SET,
    update=UPDATE,
    delete=DELETE,
    members=(VARIANTS, MEDIA),
    through=(
        (Key(("Variant ID",), "variant_id"), Key(("Variant SKU",), "sku")),
        (Key(("Variant Barcode",), "barcode"),),
    ),
    required=("Title",),
    only_new=("giftCard",),
    complete=_complete,
    joins={"collections": Join("collectionsToJoin", "collectionsToLeave")},
    together=(("seo.title", "seo.description"),),
    along={"handle": {"redirectNewHandle": True}},
    address=lambda cells: f"/products/{cells.get('Handle')}",
    fields="options { id name }",
    first=_first,
    firsts=(OPTION_UPDATE, OPTIONS_CREATE, DETACH, FILES),
    facts=("delivery_profiles",),
    lost="Past orders no longer lead to it, nor does what other apps keep of it, such as reviews.",
    after=(
        METAFIELDS,
        *STOCK,
        PRICES,
        SHIPPING,
        *PUBLISHED,
        Step("options", send=OPTIONS_DELETE, others=(OPTIONS_REORDER,), makes=_last),
    ),
)
