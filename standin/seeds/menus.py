"""Navigation menus, up to three levels deep."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, slug

ACCOUNT_PAGE = 901
TITLES = ("Main menu", "Footer menu", "Customer account main menu")


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    collections = seeder.shop.page("Collection", 3)
    pages = seeder.shop.page("Page", 3)
    blogs, products = seeder.shop.page("Blog", 1), seeder.shop.page("Product", 1)
    entries = seeder.shop.page("Metaobject", 1)
    account = f"gid://shopify/CustomerAccountPage/{ACCOUNT_PAGE}"
    for i in range(first, first + how_many):
        title = TITLES[i] if i < len(TITLES) else f"Season menu {i + 1}"
        under_shop = [_to(seeder, "COLLECTION", "collections", each) for each in collections]
        if under_shop:
            under_shop[0]["items"] = [_item(seeder, "HTTP", "Sale", "/collections/all?sale=1")]
            under_shop[-1] |= {"tags": ["ash", "wool"], "url": f"{under_shop[-1]['url']}/ash+wool"}
        yield {
            "__typename": "Menu",
            "id": seeder.id("Menu"),
            "title": title,
            "handle": slug(title),
            "isDefault": i < len(TITLES),
            "items": [
                _item(seeder, "FRONTPAGE", "Home", "/"),
                _item(seeder, "CATALOG", "Shop", "/collections/all", items=under_shop),
                *(_to(seeder, "PAGE", "pages", page) for page in pages),
                *(_to(seeder, "BLOG", "blogs", blog) for blog in blogs),
                *(_to(seeder, "PRODUCT", "products", product) for product in products),
                _item(seeder, "SEARCH", "Search", "/search"),
                *(_to_entry(seeder, entry) for entry in entries),
                _item(seeder, "CUSTOMER_ACCOUNT_PAGE", "Orders", "/account/orders", account),
                _item(
                    seeder, "HTTP", 'Help "in a minute" ☕ für alle', "https://help.example.com/"
                ),
            ],
        }


def _item(seeder: Seeder, type: str, title: str, url: str, resource=None, items=()) -> dict:
    return {
        "__typename": "MenuItem",
        "id": seeder.id("MenuItem"),
        "type": type,
        "title": title,
        "url": url,
        "resourceId": resource,
        "tags": [],
        "items": list(items),
    }


def _to_entry(seeder: Seeder, entry: dict) -> dict:
    address = f"/pages/{entry['handle']}"
    return _item(seeder, "METAOBJECT", "An entry", address, entry["id"])


def _to(seeder: Seeder, type: str, folder: str, record: dict) -> dict:
    return _item(seeder, type, record["title"], f"/{folder}/{record['handle']}", record["id"])
