"""Permissions that are skipped, missing or forgotten: docs/security.md, 2, 3 and 4."""

import pytest
from flask import Blueprint, Flask
from sqlalchemy.exc import IntegrityError

import blueprints
from blueprints import GUARDED, guards
from models import db
from models.api_key import ApiKey
from models.job import EXPORT, IMPORT, Job, new_id
from tests.cast import make_key
from transfer.permissions import PERMISSIONS

FORMS = ["Bearer {}", "bearer {}", "BEARER {}", "Bearer   {}  "]
NOT_TAKEN = [
    "{}",
    "Basic {}",
    "Token {}",
    "Bearer{}",
    "Bearer, {}",
    "Bearer {} {}",
    "Basic Og== {}",
]


def ask(app, permission, header, text):
    """A call that needs this permission and, with it, is refused for another reason only."""
    kind, _, direction = permission.partition(":")
    headers, client = {"Authorization": header.format(text, text)}, app.test_client()
    if direction == "import":
        return client.post(f"/api/v1/imports?type={kind}&dry_run=x", headers=headers)
    body = {"types": [kind], "filters": {kind: {"no such filter": 1}}}
    return client.post("/api/v1/exports", json=body, headers=headers)


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_incident_2_every_form_of_the_header_is_asked_for_the_permission(app, shop, permission):
    _, without = make_key(shop, *(p for p in PERMISSIONS if p != permission), name="without")
    _, only = make_key(shop, permission, name="only")
    for header in FORMS:
        refused, let_in = ask(app, permission, header, without), ask(app, permission, header, only)
        assert (refused.status_code, refused.json["code"]) == (403, "permission_missing")
        assert refused.json["needs"] == permission
        assert (let_in.status_code, let_in.json["code"]) == (422, "invalid")


@pytest.mark.parametrize("header", NOT_TAKEN)
def test_incident_2_no_other_form_is_taken(app, shop, header):
    _, text = make_key(shop, *PERMISSIONS)
    for permission in ("products:export", "redirects:import"):
        answer = ask(app, permission, header, text)
        assert (answer.status_code, answer.json["code"][:4]) == (401, "key_")


@pytest.mark.parametrize(
    "stored",
    ["", " ", "*", "all", "null", "None", "[]", "{}", "products", "products:", ":export", "export"]
    + ["products:export,orders:export", '["products:export"]', "PRODUCTS:EXPORT", "products:*"],
)
def test_incident_3_permissions_that_are_missing_or_garbled_are_none(app, shop, stored):
    key, text = make_key(shop, name="garbled")
    key.permissions_text = stored
    db.session.commit()
    for permission in ("products:export", "orders:export", "redirects:import"):
        assert ask(app, permission, "Bearer {}", text).status_code == 403
    headers = {"Authorization": f"Bearer {text}"}
    assert app.test_client().get("/api/v1/key", headers=headers).json["permissions"] == {
        "export": [],
        "import": [],
    }


def test_incident_3_the_database_keeps_no_key_whose_permissions_are_null(app, shop):
    make_key(shop, "products:export")
    with pytest.raises(IntegrityError):
        db.session.execute(db.update(ApiKey).values(permissions_text=None))
    db.session.rollback()


def test_incident_4_an_api_route_that_declares_no_permission_stops_the_start(monkeypatch):
    forgotten = Blueprint("forgotten", __name__, url_prefix="/api/v1/forgotten")
    forgotten.add_url_rule("/", view_func=lambda: "all the data")
    monkeypatch.setattr(blueprints, "GUARDED", [(forgotten, guards.api_key)])
    with pytest.raises(TypeError, match="forgotten"):
        blueprints.guard(Flask(__name__))


def test_incident_4_a_key_without_permissions_reaches_no_data(app, shop):
    """Every route of the API that is there, asked about jobs of this very key."""
    key, text = make_key(shop, name="nothing")
    jobs = {}
    for kind in (EXPORT, IMPORT):
        jobs[kind] = new_id(kind)
        kept = {"types": ["redirects"], "status": "completed", "sheets": []}
        db.session.add(Job(id=jobs[kind], shop_id=shop.id, key_id=key.id, kind=kind, **kept))
    db.session.commit()
    keyed = {bp.name for bp, guard in GUARDED if guard is guards.api_key}
    asked = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.partition(".")[0] not in keyed:
            continue
        view = app.view_functions[rule.endpoint]
        kind = IMPORT if "imports" in rule.rule else EXPORT
        path = rule.rule.replace("<job_id>", jobs[kind])
        path = path.replace("<path:file_id>", "MediaImage/1")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = app.test_client().open(
                path,
                method=method,
                headers={"Authorization": f"Bearer {text}"},
                query_string={"type": "redirects"} if kind == IMPORT else None,
                json={"types": ["redirects"]} if kind == EXPORT and method == "POST" else None,
            )
            if view.permission is not None:
                assert answer.status_code == 403, (method, path)
                asked.append(path)
    assert len(asked) >= 4
