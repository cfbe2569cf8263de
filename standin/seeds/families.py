"""The goods of the invented shop: ten families of products, each in many lines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    noun: str
    type: str
    category: tuple[str, str]  # code and full name in Shopify's taxonomy
    options: dict[str, tuple[str, ...]]
    cents: int  # price of the first variant
    grams: int
    customs: tuple[str, str, str | None]  # HS code, country and province of origin
    tags: tuple[str, ...]


APPAREL = "Apparel & Accessories"
KITCHEN = "Home & Garden > Kitchen & Dining > Kitchen Appliance Accessories"
WINTER = "Sporting Goods > Outdoor Recreation > Winter Sports & Activities"

FAMILIES = (
    Family(
        "T-Shirt",
        "Shirts",
        ("aa-1-13-8", f"{APPAREL} > Clothing > Clothing Tops > T-Shirts"),
        {"Size": ("S", "M", "L", "XL"), "Color": ("Moss", "Sand", "Ink")},
        2400,
        180,
        ("610910", "PT", None),
        ("apparel", "organic", "summer"),
    ),
    Family(
        "Slippers",
        "Shoes",
        ("aa-8-7", f"{APPAREL} > Shoes > Slippers"),
        {"Size": ("36", "38", "40", "42"), "Color": ("Grå", "Rød")},
        4900,
        420,
        ("640520", "DK", None),
        ("wool", "indoor"),
    ),
    Family(
        "Snowshoes",
        "Winter sports",
        ("sg-4-17-4-2", f"{WINTER} > Snowshoeing > Snowshoes"),
        {"Length": ("22 in", "25 in", "30 in"), "Color": ("Ice", "Rust")},
        15900,
        1900,
        ("950699", "CA", "QC"),
        ("winter", "outdoor"),
    ),
    Family(
        "Toboggan",
        "Winter sports",
        ("sg-4-17-3-6", f"{WINTER} > Sleds > Toboggans"),
        {"Color": ("Natural", "Red")},
        12900,
        5400,
        ("950699", "NO", None),
        ("winter", "outdoor", "wood"),
    ),
    Family(
        "First Aid Kit",
        "Safety",
        ("hb-1-8-4", "Health & Beauty > Health Care > First Aid > First Aid Kits"),
        {"Size": ("Day", "Weekend", "Expedition")},
        1900,
        260,
        ("300650", "US", "OH"),
        ("outdoor", "safety"),
    ),
    Family(
        "Milk Pitcher",
        "Kitchen",
        (
            "hg-11-6-2-9",
            f"{KITCHEN} > Coffee Maker & Espresso Machine Accessories > Frothing Pitchers",
        ),
        {"Volume": ("350 ml", "600 ml"), "Finish": ("Steel", "Copper")},
        2950,
        310,
        ("732393", "IT", None),
        ("coffee", "kitchen"),
    ),
    Family(
        "Oven Gloves",
        "Kitchen",
        ("hg-11-6-3-3", f"{KITCHEN} > Cooktop, Oven & Range Accessories > Oven Gloves"),
        {},
        1850,
        150,
        ("630790", "IN", None),
        ("kitchen", "organic"),
    ),
    Family(
        "Work Light",
        "Lighting",
        ("ha-15-79", "Hardware > Tools > Work Lights"),
        {"Output": ("400 lm", "900 lm"), "Battery": ("USB-C", "AA"), "Color": ("Black", "Olive")},
        3900,
        340,
        ("851310", "DE", None),
        ("outdoor", "tools"),
    ),
    Family(
        "Vase",
        "Decor",
        ("hg-3-72", "Home & Garden > Decor > Vases"),
        {"Height": ("12 cm", "20 cm", "32 cm"), "Glaze": ("Celadon", "Tenmoku")},
        3400,
        780,
        ("691310", "JP", None),
        ("decor", "handmade"),
    ),
    Family(
        "Jigsaw Puzzle",
        "Games",
        ("tg-4-7", "Toys & Games > Puzzles > Jigsaw Puzzles"),
        {"Pieces": ("500", "1000")},
        2200,
        650,
        ("950300", "CZ", None),
        ("games", "indoor", "gift"),
    ),
)

GIFT_CARD = Family(
    "Gift Card",
    "Gift Cards",
    ("gc", "Gift Cards"),
    {"Denominations": ("$25.00", "$50.00", "$100.00")},
    2500,
    0,
    ("", "US", None),
    ("gift",),
)

LINES = (
    *("Fjord", "Ember", "Harbor", "Ålesund", "Meadow", "Kōya", "Alpine", "Birch", "Café Noir"),
    *("Drift", "Old Mill, No. 9", "Tundra", "Saltmarsh", "Łódź", "Heath", "Quarry", 'Señor "Pepe"'),
    *("Loch", "Prairie", "Kiln", "Cove", "Rowan", "Sable", "Wren"),
)

VENDORS = ("Northfold", "Hearth & Field", "Müller Söhne", "Kintsu", "Ridgeway Supply Co.")
