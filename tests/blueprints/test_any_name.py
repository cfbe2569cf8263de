"""Names that are markup, formulas or line breaks stand on every page as the text that they are."""

from html.parser import HTMLParser
from typing import Any

import pytest

from models import db, now
from models.activity import Activity
from models.api_key import ApiKey
from models.job import COMPLETED, EXPORT, Job, new_id
from tests.cast import make_key

EVIL = "\"'><img src=x onerror=alert(1)>{{1234567*7}}%(key)s"
EDIT = {"expires": "keep", "permission": ["products:export"]}
PAGES = ("", "/permissions", "/reveal", "/hide", "/delete", "/disabled", "/rotation")
LISTS = [
    *("keys/", "keys/list", "keys/unneeded", "keys/new", "activity/", "activity/list"),
    *("activity/older", "jobs/", "jobs/list", "plan/"),
]


class Strange(HTMLParser):
    """Tags that no template of ours has, and attributes that would run something."""

    def __init__(self, page: str):
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.found += [tag] * (tag == "img")
        self.found += [name for name, _ in attrs if name.startswith("on") or name == "src" == tag]


@pytest.fixture
def evil(shop):
    """A key, its jobs, its trail and its last client, all with that name; the key's id."""
    key, _ = make_key(shop, "products:export", name=EVIL)
    key.last_client = key.last_address = EVIL[:45]
    key.last_used_at = now()
    other, _ = make_key(shop, "products:export", name=f"{EVIL} too")
    shop.name = EVIL
    job: dict[str, Any] = {"kind": EXPORT, "types": ["products"], "started_by": EVIL, "error": EVIL}
    job |= {"shop_id": shop.id, "key_id": key.id, "finished_at": now(), "warnings": [EVIL]}
    db.session.add(Job(id=new_id(EXPORT), status=COMPLETED, **job))
    told = {"was_named": EVIL, "error": EVIL, "old": EVIL, "new": EVIL}
    for kind in ("key.changed", "email.changed", "key.refused"):
        facts = {"actor": EVIL, "actor_kind": "staff", "subject": EVIL, "address": EVIL[:45]}
        db.session.add(Activity(shop_id=shop.id, kind=kind, key_id=key.id, detail=told, **facts))
    db.session.commit()
    return key.id


def test_no_page_takes_a_name_for_markup(merchant, evil):
    paths = [f"keys/{evil}{page}" for page in PAGES[1:]] + list(LISTS)
    for path in paths:
        answer = merchant.get(f"/settings/{path}", query_string={"q": EVIL, "words": EVIL})
        assert answer.status_code == 200, path
        assert Strange(answer.text).found == [], path
        assert "8641969" not in answer.text, path


def test_no_answer_to_a_change_takes_a_name_for_markup(merchant, evil):
    answers = [
        merchant.put(f"/settings/keys/{evil}", data=EDIT | {"name": EVIL}),
        merchant.put(f"/settings/keys/{evil}", data=EDIT | {"name": EVIL, "expires": EVIL}),
        merchant.post("/settings/keys/", data=EDIT | {"name": EVIL, "request_id": EVIL}),
        merchant.post(f"/settings/keys/{evil}/rotation", data={"overlap": EVIL}),
        merchant.post(f"/settings/keys/{evil}/rotation", data={"overlap": "day"}),
        merchant.put("/settings/email", data={"email": EVIL}),
        merchant.put("/settings/keys/0", data={}, headers={"HX-Current-URL": f"/?host={EVIL}"}),
        merchant.get("/settings/keys/", query_string={"host": EVIL, "preset": EVIL}),
    ]
    for number, answer in enumerate(answers):
        assert answer.status_code in (200, 404, 422), number
        assert Strange(answer.text).found == [], number
        told = answer.headers.get("HX-Trigger", "") + answer.headers.get("HX-Replace-Url", "")
        assert "<" not in told


def test_a_name_of_many_lines_is_no_name(merchant, evil):
    for end in ("\r\n", "\n", "\u2028", "\x1b[31m", "\u202e", "\0"):
        answer = merchant.put(f"/settings/keys/{evil}", data=EDIT | {"name": f"a{end}b"})
        assert answer.status_code == 422
    db.session.expire_all()
    assert db.session.get_one(ApiKey, evil).name == EVIL
