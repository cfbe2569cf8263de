"""Keys that somebody tries to make, change or read for others: docs/security.md, 1 and 15."""

import pytest

from models import db
from models.activity import Activity
from models.api_key import ApiKey
from models.job import EXPORT, IMPORT, Job, new_id
from models.notice import Notice
from tests.cast import ALICE, FETCH, Script, authenticate, id_token, make_key

KEYS = "/settings/keys/"
FORM = {
    "name": "Mine",
    "expires": "never",
    "permission": ["files:export", "files:import"],
    "overlap": "none",
    "request_id": "r1",
    "email": "thief@example.com",
}
OF_ONE_KEY = [
    (rule, method)
    for rule, methods in {
        "": ("PUT", "DELETE"),
        "/permissions": ("GET",),
        "/reveal": ("GET",),
        "/hide": ("GET",),
        "/delete": ("GET",),
        "/rotation": ("GET", "POST"),
        "/disabled": ("GET", "PUT", "DELETE"),
        "/requests/": ("GET",),
        "/requests/list": ("GET",),
        "/requests/older": ("GET",),
        "/requests/file": ("GET",),
    }.items()
    for method in methods
]


def row(key_id):
    db.session.expire_all()
    columns = ApiKey.__table__
    return tuple(db.session.execute(db.select(columns).where(columns.c.id == key_id)).one())


def counted():
    return [
        db.session.scalar(db.select(db.func.count()).select_from(t)) for t in (Activity, Notice)
    ]


def test_the_list_of_calls_about_one_key_is_complete(application):
    found = {
        (rule.rule.removeprefix(f"{KEYS}<int:key_id>"), method)
        for rule in application.url_map.iter_rules()
        if rule.rule.startswith(f"{KEYS}<int:key_id>")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert found == set(OF_ONE_KEY)


@pytest.mark.parametrize(("path", "method"), OF_ONE_KEY)
def test_incident_1_without_a_session_nobody_touches_a_key(app, shop, path, method):
    key, text = make_key(shop, "products:export")
    before, as_merchant = row(key.id), {"user_id": "8811", "shop": ALICE, "shop_id": str(shop.id)}
    for token in ("", text, id_token(ALICE, secret="x" * 64)):
        headers = FETCH | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = app.test_client().open(
            f"{KEYS}{key.id}{path}", method=method, headers=headers, data=FORM | as_merchant
        )
        assert answer.status_code == 401
        assert text not in answer.text
    assert row(key.id) == before


def test_incident_1_without_a_session_nobody_makes_a_key(app, shop):
    chosen = FORM | {"user_id": "8811", "userId": "8811", "shop": ALICE, "shop_id": str(shop.id)}
    for address in (KEYS, f"{KEYS}?shop={ALICE}", f"{KEYS}?user_id=8811&shop_id={shop.id}"):
        for body in ({"data": chosen}, {"json": chosen}):
            assert app.test_client().post(address, headers=FETCH, **body).status_code == 401
    assert db.session.scalar(db.select(db.func.count(ApiKey.id))) == 0


def test_incident_1_fields_that_a_form_does_not_have_set_nothing(merchant, shop, other_shop):
    extra = {
        "shop": other_shop.domain,
        "shop_id": other_shop.id,
        "created_by": "1",
        "user_id": "1",
        "id": 7,
        "digest": "x",
        "permissions": "orders:export",
        "permissions_text": "orders:export",
        "scopes": "orders:export",
        "secret_box": "x",
        "deleted_at": "",
    }
    merchant.post(KEYS, data=FORM | extra)
    [key] = db.session.scalars(db.select(ApiKey)).all()
    held = {"files:export", "files:import"}
    assert (key.shop_id, key.created_by, key.permissions) == (shop.id, "8811", held)

    edit = FORM | extra | {"allowed_addresses": "", "calls_per_minute": "9"}
    merchant.put(f"{KEYS}{key.id}", data=edit)
    merchant.post(f"{KEYS}{key.id}/rotation", data=edit | {"request_id": "r2", "overlap": "day"})
    db.session.expire_all()
    for made in db.session.scalars(db.select(ApiKey)):
        assert (made.shop_id, made.created_by, made.permissions) == (shop.id, "8811", held)


@pytest.mark.parametrize(("path", "method"), OF_ONE_KEY)
def test_incident_15_another_shops_key_is_a_key_that_never_was(stranger, shop, path, method):
    key, text = make_key(shop, "products:export", name="Alices secret name")
    before, told = row(key.id), counted()
    theirs, nobodys = (
        stranger._send(method, f"{KEYS}{number}{path}", data=FORM) for number in (key.id, 999_999)
    )
    assert (theirs.status_code, theirs.text) == (nobodys.status_code, nobodys.text)
    assert theirs.status_code == 404
    assert "Alices secret name" not in theirs.text
    assert (row(key.id), counted()) == (before, told)
    assert authenticate(text) is not None


@pytest.mark.parametrize("kind", [EXPORT, IMPORT])
def test_incident_15_another_shops_job_is_a_job_that_never_was(app, shop, other_shop, kind):
    key, _ = make_key(shop, "redirects:export", "redirects:import")
    bob = Script(app, make_key(other_shop, "redirects:export", "redirects:import")[1])
    job = Job(id=new_id(kind), shop_id=shop.id, key_id=key.id, kind=kind, types=["redirects"])
    db.session.add(job)
    db.session.commit()
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/file" if kind == EXPORT else "/results"),
    ):
        theirs, nobodys = (
            bob.open(method, f"/{kind}s/{job_id}{path}") for job_id in (job.id, new_id(kind))
        )
        told = [{**answer.json, "request_id": ""} for answer in (theirs, nobodys)]
        assert (theirs.status_code, told[0]) == (nobodys.status_code, told[1])
        assert theirs.status_code == 404
    db.session.refresh(job)
    assert job.status == "queued"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "", "a"],
)
def test_incident_15_the_bounce_page_sends_nobody_elsewhere(app, target):
    query = {"shop": ALICE, "shopify-reload": target}
    answer = app.test_client().get("/auth/id-token", query_string=query)
    assert answer.status_code == 400
    assert "evil" not in answer.text.partition("<main")[2]
    assert "Location" not in answer.headers
