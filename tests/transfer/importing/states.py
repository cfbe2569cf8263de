"""States of a store, drawn by hypothesis: the sheets of the nine types that make one.

What is in one state is often in another, too, with other cells; each refers to what is in it.
"""

from hypothesis import strategies as st

from tests.transfer.importing.files import Rows

State = dict[str, Rows]
TYPES = (
    *("metaobject_definitions", "metafield_definitions", "files", "metaobjects", "products"),
    *("collections", "catalogs", "shop", "redirects"),
)
PICTURES = "https://pictures.example"
WORDS = ("Plain", "Ünïcode 🎈", "a, b; c", '"quoted"', "=1+1", "<p>Hi</p>")
FILES = ("one.png", "two.jpg", "guide.pdf")
MARKETS = ("nordics", "canada")
PLACES = ("Main Street Shop", "North Depot")
FIELDS = {
    "town": ("single_line_text_field", ("Oslo", "São Paulo")),
    "since": ("date", ("1986-02-03", "2020-12-31")),
    "size": ("number_integer", ("1", "42")),
}
METAFIELDS = {
    "care": ("single_line_text_field", ("Cold, 30°", "Dry")),
    "worn": ("boolean", ("true", "false")),
    "tones": ("list.single_line_text_field", ('["S","M"]', '["S"]')),
}


def maybe(cells: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), cells)


def one_of(*cells: str) -> st.SearchStrategy[str]:
    return st.sampled_from(cells)


def some(*of: str) -> st.SearchStrategy[list[str]]:
    """Some of these, in any order."""
    return st.lists(st.sampled_from(of), unique=True)


words, yes_or_no = one_of(*WORDS), one_of("true", "false")
amount = one_of("5.00", "19.90", "1250.00")


@st.composite
def redirects(draw: st.DrawFn) -> Rows:
    targets = one_of("/x", "/y?q=1", "https://z.example/ü")
    return [{"Path": path, "Target": draw(targets)} for path in draw(some("/a", "/B", "/ö"))]


@st.composite
def files(draw: st.DrawFn) -> Rows:
    return [
        {"File Name": name, "Link": f"{PICTURES}/{name}", "Alt Text": draw(maybe(words))}
        for name in draw(some(*FILES))
    ]


@st.composite
def metafield_definitions(draw: st.DrawFn) -> Rows:
    rows = []
    for key in draw(some(*METAFIELDS)):
        own = {"Owner Type": "PRODUCT", "Namespace": "own", "Key": key}
        row = {
            **own,
            "Name": draw(one_of("One", "Another ü")),
            "Description": draw(maybe(words)),
            "Type: Name": METAFIELDS[key][0],
            "Pinned: Is Pinned": draw(yes_or_no),
            "Access: Storefront API": draw(one_of("NONE", "PUBLIC_READ")),
        }
        limits = draw(some("min", "max")) if key == "care" else []
        limited = [
            {**own, "Validation: Name": name, "Validation: Value": draw(bounds[name])}
            for bounds in [{"min": one_of("1", "2"), "max": one_of("80", "90")}]
            for name in limits
        ]
        rows += [row | (limited[0] if limited else {}), *limited[1:]]
    return rows


@st.composite
def makers(draw: st.DrawFn) -> tuple[Rows, Rows]:
    """A definition of metaobjects, and its entries."""
    if not draw(st.booleans()):
        return [], []
    keys = ["name", *draw(some(*FIELDS))]
    shown = draw(st.sampled_from([key for key in keys if key in ("name", "town")]))
    publishable = draw(yes_or_no)
    own = {
        "Type": "maker",
        "Name": draw(one_of("Maker", "Máker")),
        "Description": draw(maybe(words)),
        "Access: Storefront API": draw(one_of("NONE", "PUBLIC_READ")),
        "Capability: Active-draft status": publishable,
        "Capability: Translations": draw(yes_or_no),
    }
    definition = []
    for key in keys:
        row = {
            "Type": "maker",
            "Field: Key": key,
            "Field: Type": FIELDS.get(key, ("single_line_text_field",))[0],
            "Field: Name": draw(one_of("A field", "Fïeld")),
            "Field: Description": draw(maybe(words)),
            "Field: Required": draw(yes_or_no) if key == "name" else "false",
            "Field: Is Display Name": "true" if key == shown else "false",
        }
        if key == "town":
            row["Field: Validations"] = draw(maybe(one_of("max: 80", "max: 80\nmin: 2")))
        definition.append(row)
    definition[0] = own | definition[0]
    entries = []
    for handle in draw(some("ann", "bo", "cy")):
        status = draw(one_of("Active", "Draft")) if publishable == "true" else ""
        of_entry = {"Definition: Handle": "maker", "Handle": handle, "Status": status}
        for key in keys:
            values = one_of(*FIELDS[key][1]) if key in FIELDS else words
            value = draw(values if key == "name" else maybe(values))
            entries.append({**of_entry, "Field": key, "Value": value})
    return definition, entries


OPTIONS = (("Size", ("S", "M")), ("Colour", ("Red", "Blue, light")))


@st.composite
def variants(draw: st.DrawFn, handle: str, images: list[str]) -> Rows:
    options = draw(st.sampled_from([(), OPTIONS[:1], OPTIONS[1:], OPTIONS, OPTIONS[::-1]]))
    values: list[tuple[str, ...]] = [()]
    for _, of_option in options:
        values = [(*one, value) for one in values for value in of_option]
    if options:
        values = draw(st.lists(st.sampled_from(values), unique=True, min_size=1))
    rows = []
    for place, named in enumerate(values):
        row = {
            "Variant SKU": draw(maybe(one_of(f"{handle}-{place}", f"00{place}"))),
            "Variant Barcode": draw(maybe(st.just(f"40{place}"))),
            "Variant Price": draw(amount),
            "Variant Compare At Price": draw(maybe(one_of("2000.00", "3000.00"))),
            "Variant Taxable": draw(yes_or_no),
            "Variant Inventory Policy": draw(one_of("deny", "continue")),
            "Variant Requires Shipping": draw(yes_or_no),
            "Variant Weight": draw(one_of("1", "0.5")),
            "Variant Weight Unit": draw(one_of("kg", "lb")),
            "Variant Cost": draw(maybe(amount)),
            "Variant HS Code": draw(maybe(one_of("621710", "62171090"))),
            "Variant Country of Origin": draw(maybe(one_of("NO", "DE"))),
            "Variant Inventory Tracker": "shopify",
            "Variant Image": draw(maybe(st.sampled_from(images))) if images else "",
        }
        for place_name in PLACES:
            row[f"Inventory Available: {place_name}"] = draw(one_of("0", "3", "12"))
        for n, ((name, _), value) in enumerate(zip(options, named, strict=True), 1):
            row |= {f"Option{n} Name": name, f"Option{n} Value": value}
        rows.append(row)
    return rows


@st.composite
def products(draw: st.DrawFn, defined: list[str]) -> Rows:
    rows = []
    for handle in draw(some("tee", "cap", "mug")):
        images = [f"{PICTURES}/{handle}-{n}.png" for n in draw(some("1", "2", "3"))]
        own = {
            "Title": draw(one_of(f"The {handle}", "Same title")),
            "Body HTML": draw(maybe(words)),
            "Vendor": draw(one_of("Acme", "Ünï")),
            "Type": draw(maybe(words)),
            "Tags": draw(maybe(one_of("a", "a, b", "b, C"))),
            "Status": draw(one_of("Active", "Draft", "Archived")),
            "Template Suffix": draw(maybe(one_of("wide", "tall"))),
            "Published": draw(yes_or_no),
            "Metafield: title_tag [string]": draw(maybe(words)),
            "Metafield: description_tag [string]": draw(maybe(words)),
        }
        for key in defined:
            kind, values = METAFIELDS[key]
            own[f"Metafield: own.{key} [{kind}]"] = draw(maybe(one_of(*values)))
        of_variants = draw(variants(handle, images))
        for n in range(max(len(of_variants), len(images))):
            row = {"Handle": handle, **(own if n == 0 else {})}
            row |= of_variants[n] if n < len(of_variants) else {}
            if n < len(images):
                row |= {"Image Src": images[n], "Image Alt Text": draw(maybe(words))}
            rows.append(row)
    return rows


@st.composite
def collections(draw: st.DrawFn, handles: list[str]) -> tuple[Rows, Rows]:
    """Smart ones, and those of chosen products."""

    def own(handle: str, *orders: str) -> dict[str, str]:
        return {
            "Handle": handle,
            "Title": draw(one_of("One", "Twö")),
            "Body HTML": draw(maybe(words)),
            "Sort Order": draw(one_of(*orders)),
            "Template Suffix": draw(maybe(one_of("wide", "tall"))),
            "Published": draw(yes_or_no),
            "Image Src": draw(maybe(st.just(f"{PICTURES}/cover.png"))),
            "Metafield: title_tag [string]": draw(maybe(words)),
        }

    smart: Rows = []
    for handle in draw(some("cheap", "new")):
        rules = draw(
            st.lists(
                st.sampled_from(
                    [("Tag", "Equals", "a"), ("Variant Price", "Less Than", "20"),
                     ("Vendor", "Contains", "Ac")]
                ),
                unique=True,
                min_size=1,
            )
        )  # fmt: skip
        match = draw(one_of("all conditions", "any condition"))
        for n, (column, relation, condition) in enumerate(rules):
            smart.append(
                {
                    **(own(handle, "Best Selling", "Alphabet") if n == 0 else {"Handle": handle}),
                    "Must Match": match if n == 0 else "",
                    "Rule: Product Column": column,
                    "Rule: Relation": relation,
                    "Rule: Condition": condition,
                }
            )
    custom: Rows = []
    for handle in draw(some("gifts", "staff")):
        linked = draw(some(*handles)) if handles else []
        first = own(handle, "Manual", "Alphabet")
        custom.append(first | ({"Product: Handle": linked[0]} if linked else {}))
        custom += [{"Handle": handle, "Product: Handle": one} for one in linked[1:]]
    return smart, custom


@st.composite
def catalogs(draw: st.DrawFn, of_products: Rows) -> Rows:
    rows: Rows = []
    for market in draw(some(*MARKETS)):
        own = {"Title": f"Of {market}"}
        first = {
            **own,
            "Type": "Market",
            "Type Values": market,
            "Status": "Active",
            "Price List: Name": f"Prices of {market}",
            "Price List: Currency": "EUR",
            "Price List: Adjustment Type": draw(
                one_of("Percentage Decrease", "Percentage Increase")
            ),
            "Price List: Adjustment Value": draw(one_of("5", "12.5")),
            "Price List: Compare At Mode": draw(one_of("Adjusted", "Nullify")),
            "Publication: Autopublish": draw(yes_or_no),
        }
        lines = []
        with_sku: dict[str, dict[str, str]] = {}
        for row in of_products:
            if sku := row.get("Variant SKU"):
                with_sku[sku] = row | with_sku.get(sku, {})
        counts = [row.get("Variant SKU") for row in of_products]
        for sku, row in with_sku.items():
            if counts.count(sku) == 1 and draw(st.booleans()):
                lines.append(
                    {
                        "Product: Command": "MERGE",
                        "Product: Handle": row["Handle"],
                        "Variant: SKU": sku,
                        "Variant: Price": draw(amount),
                    }
                )
        rows += [first | (lines[0] if lines else {}), *(own | line for line in lines[1:])]
    return rows


@st.composite
def states(draw: st.DrawFn) -> State:
    definition, entries = draw(makers())
    of_metafields = draw(metafield_definitions())
    defined = list(dict.fromkeys(row["Key"] for row in of_metafields))
    of_products = draw(products(defined))
    smart, custom = draw(collections(list(dict.fromkeys(r["Handle"] for r in of_products))))
    return {
        "Metaobject Definitions": definition,
        "Metafield Definitions": of_metafields,
        "Files": draw(files()),
        "Metaobjects": entries,
        "Products": of_products,
        "Smart Collections": smart,
        "Custom Collections": custom,
        "Catalogs": draw(catalogs(of_products)),
        "Shop": [{"Metafield: own.motto [single_line_text_field]": draw(words)}],
        "Redirects": draw(redirects()),
    }
