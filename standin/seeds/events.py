"""Events: what happened to products, collections and pages, and comments on orders."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, timestamp

SUBJECTS = (("Product", "PRODUCT"), ("Collection", "COLLECTION"), ("Page", "PAGE"))
ACTIONS = {
    "create": "added",
    "published": "published",
    "update": "changed",
    "unpublished": "unpublished",
}
LOOK_AT = 100  # records of each type that events are about


def make(seeder: Seeder, first: int, how_many: int) -> Iterator[dict]:
    found = [
        (record, subject_type)
        for typename, subject_type in SUBJECTS
        for record in seeder.shop.page(typename, LOOK_AT)
    ]
    orders = seeder.shop.page("Order", LOOK_AT)
    for i in range(first, first + how_many if found else first):
        if orders and i % 7 == 6:
            yield _comment(seeder, orders[i % len(orders)], i)
            continue
        record, subject_type = found[i * 7 % len(found)]
        action, done = list(ACTIONS.items())[i % len(ACTIONS)]
        author = "Alice Northfold" if i % 3 else "Bulk Editor"
        yield {
            "__typename": "BasicEvent",
            "id": seeder.id("BasicEvent"),
            "action": action,
            "message": f"{author} {done} {record['title']}.",
            "author": author,
            "appTitle": None if i % 3 else author,
            "arguments": [record["title"]],
            "attributeToApp": i % 3 == 0,
            "attributeToUser": i % 3 != 0,
            "criticalAlert": False,
            "hasAdditionalContent": i % 5 == 0,
            "additionalContent": {"note": f"Step {i}"} if i % 5 == 0 else None,
            "subject": record["id"],
            "subjectId": record["id"],
            "subjectType": subject_type,
            "createdAt": timestamp(i, days=6),
        }


def _comment(seeder: Seeder, order: dict, i: int) -> dict:
    """A word on an order's timeline."""
    return {
        "__typename": "CommentEvent",
        "id": seeder.id("CommentEvent"),
        "action": "comment",
        "message": f"Alice Northfold left a comment on {order['name']}.",
        "rawMessage": 'Asked for "Größe 38".\nSent a note 📦',
        "appTitle": None,
        "attributeToApp": False,
        "attributeToUser": True,
        "canDelete": True,
        "canEdit": True,
        "criticalAlert": False,
        "edited": False,
        "attachments": [],
        "subject": order["id"],
        "createdAt": timestamp(i, days=6),
    }
