"""Events: what happened to products, collections and pages."""

from collections.abc import Iterator

from standin.seeds.base import Seeder, moment

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
    for i in range(first, first + how_many if found else first):
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
            "createdAt": moment(i, days=6),
        }
