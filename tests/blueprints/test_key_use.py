"""The use of keys: what calls leave behind, and what the page and the dialog show of it."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import event

from models import db, now
from models.api_key import ApiKey
from models.key_use import KeyDay, PermissionUse
from tests.cast import Script, free_port, make_key
from tests.markup import one, select, text
from tests.processes import PLAIN, running
from translations import dated

PAGE, GRANTS = "/settings/keys/", "/settings/keys/grants"


@pytest.fixture
def flush(application):
    """Write what the app has counted, as it does by itself every minute."""
    return application.extensions["key_counter"].flush


def figures(key):
    db.session.rollback()
    summed = db.select(db.func.sum(KeyDay.calls), db.func.sum(KeyDay.failures))
    return tuple(db.session.execute(summed.filter_by(key_id=key.id)).one())


def called(key, calls, failures=0, days_ago=0):
    day = now().date() - timedelta(days=days_ago)
    db.session.add(KeyDay(key_id=key.id, day=day, calls=calls, failures=failures))
    db.session.commit()


def needed(key, *permissions, days_ago=0):
    at = now() - timedelta(days=days_ago, minutes=1)
    for permission in permissions:
        db.session.add(PermissionUse(key_id=key.id, permission=permission, last_used_at=at))
    db.session.commit()


def granted(key, days_ago, *permissions):
    """The key has had these permissions, or all of its own, for so many days."""
    at = (now() - timedelta(days=days_ago)).isoformat()
    key.granted_at = key.granted_at | dict.fromkeys(permissions or key.permissions, at)
    db.session.commit()


def dialog(merchant, key):
    return merchant.get(f"{PAGE}{key.id}/permissions")


# -- counting ----------------------------------------------------------------------------------


def test_every_answer_is_counted_and_those_of_400_and_more_as_failures(app, shop, flush):
    key, text = make_key(shop, "products:export")
    script = Script(app, text)
    script.get("/key")
    script.get("/key")
    assert script.get("/exports/99999").status_code == 404
    assert script.post("/exports", json={"types": ["redirects"]}).status_code == 403
    flush()

    assert figures(key) == (4, 2)


def test_a_permission_is_used_when_a_call_needed_and_had_it(program, store, flush):
    answer = program.post("/exports", json={"types": ["products"], "format": "csv"})
    assert answer.status_code == 202
    refused = program.post("/exports", json={"types": ["files"], "format": "csv"})
    assert refused.status_code == 403
    flush()

    uses = db.session.scalars(db.select(PermissionUse)).all()
    assert [use.permission for use in uses] == ["products:export"]
    assert abs(now() - uses[0].last_used_at) < timedelta(minutes=1)


def test_calls_without_a_working_key_are_counted_for_nobody(app, shop, flush):
    key, text = make_key(shop, "products:export")
    key.delete()
    db.session.commit()
    assert Script(app, text).get("/key").status_code == 401
    assert app.test_client().get("/api/v1/key").status_code == 401
    flush()

    assert db.session.scalar(db.select(db.func.count()).select_from(KeyDay)) == 0


def test_the_pages_are_no_calls(merchant, shop, flush):
    make_key(shop, "products:export")
    merchant.get(PAGE)
    flush()
    assert db.session.scalar(db.select(db.func.count()).select_from(KeyDay)) == 0


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("altera-cli/0.1.0 node/20.19.0", "altera-cli/0.1.0 node/20.19.0"),
        ("x" * 200, "x" * 80),
        ("a\x1b[31mb\u202ec", "a[31mbc"),
        ("", ""),
    ],
)
def test_the_last_client_and_address_are_kept(app, shop, sent, kept):
    key, text = make_key(shop, "products:export")
    Script(app, text).get("/key", headers={"User-Agent": sent})
    db.session.refresh(key)
    assert (key.last_client, key.last_address) == (kept, "127.0.0.1")


def test_a_process_that_ends_writes_what_it_counted(shop, environment, tmp_path):
    """Calls after the first wait for their minute; the end of the process does not lose them."""
    own = environment | {"WEB_CONCURRENCY": "1"}
    _, text = make_key(shop, "products:export")
    port = free_port()
    command = ["gunicorn", "--bind", f"127.0.0.1:{port}", "app:create_app()"]
    address = f"http://127.0.0.1:{port}"
    with running(command, own, tmp_path / "log", f"{address}/healthz"):
        for _ in range(5):
            bearer = {"Authorization": f"Bearer {text}"}
            assert httpx.get(f"{address}/api/v1/key", headers=bearer, **PLAIN).status_code == 200
        db.session.rollback()
        assert db.session.scalar(db.select(db.func.sum(KeyDay.calls))) == 1
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.sum(KeyDay.calls))) == 5


# -- the row -----------------------------------------------------------------------------------


def test_a_row_draws_the_calls_of_30_days_and_tells_them_in_words(merchant, shop):
    key, _ = make_key(shop, "products:export")
    assert select(merchant.get(PAGE), "svg.use") == []
    key.last_used_at = now()
    called(key, 120, 30)
    called(key, 60, 0, days_ago=29)

    page = merchant.get(PAGE)

    assert text(page, "svg.use > title") == "180 calls in 30 days, 30 failed"
    assert one(page, "svg.use > path:not(.failed)")["d"] == "M2 12v-6M118 12v-12"
    assert one(page, "svg.use > path.failed")["d"] == "M118 12v-3"
    assert select(page, "[style]") == []


def test_a_day_with_one_call_among_thousands_is_still_seen(merchant, shop):
    key, _ = make_key(shop, "products:export")
    key.last_used_at = now()
    called(key, 1, days_ago=1)
    called(key, 50_000)
    assert "M114 12v-2M118 12v-12" in merchant.get(PAGE).text


def test_the_page_with_a_hundred_keys_asks_four_times_at_most(merchant, shop):
    for number in range(100):
        key, _ = make_key(shop, "products:export", name=f"Key {number}")
        key.last_used_at = now()
        called(key, number + 1)
    shop.plan_checked_at = now()  # the keys may take longer than a plan counts as known
    db.session.commit()
    seen = []

    def note(_connection, _cursor, sql, *_rest):
        seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    page = merchant.get(PAGE)
    event.remove(db.engine, "before_cursor_execute", note)

    assert len(select(page, "svg.use")) == 20
    assert len(seen) <= 4


# -- the dialog --------------------------------------------------------------------------------


def test_the_dialog_tells_the_figures_as_a_table(merchant, shop):
    key, _ = make_key(shop, "products:export")
    key.last_used_at = now() - timedelta(minutes=4)
    called(key, 1200, 3)
    called(key, 7, days_ago=2)

    page = dialog(merchant, key)

    assert one(page, "svg.use.large")
    today = now().date()
    dates = [dated(today - timedelta(days=29)), dated(today)]
    assert text(page, "svg.use.large + div") == "".join(dates)
    assert text(page, ".used summary") == "1,207 calls in 30 days, 3 failed"
    rows = [
        [cell.get_text() for cell in row.select("td")] for row in select(page, ".used tbody tr")
    ]
    assert rows == [["1,200", "3"], ["7", "0"]]


def test_the_dialog_tells_who_used_the_key_last(merchant, shop):
    key, _ = make_key(shop, "products:export")
    assert "Never used" in text(dialog(merchant, key), ".used")
    key.last_used_at = now() - timedelta(minutes=4)
    key.last_address, key.last_client = "203.0.113.7", "<b>altera-cli/0.1.0"
    db.session.commit()

    words = text(dialog(merchant, key), ".used")
    assert "Last used 4 minutes ago from 203.0.113.7 with <b>altera-cli/0.1.0" in words


def test_each_permission_says_when_it_was_used(merchant, shop):
    key, _ = make_key(shop, "products:export", "files:import")
    granted(key, 91)
    needed(key, "products:export", days_ago=3)

    page = dialog(merchant, key)

    assert text(page, "#use-products-export") == "Used 3 days ago"
    assert text(page, "#use-files-import") == "Not used in 90 days"
    assert select(page, "#use-files-export") == []
    assert one(page, "#grant-products-export")["aria-describedby"] == "use-products-export"


def test_of_a_young_key_it_says_that_a_permission_was_never_used(merchant, shop):
    key, _ = make_key(shop, "products:export", "files:import")
    needed(key, "products:export")
    assert text(dialog(merchant, key), "#use-files-import") == "Never used"


def test_drop_unused_unticks_them_and_saves_nothing(merchant, shop):
    key, _ = make_key(shop, "products:export", "files:export", "files:import")
    needed(key, "products:export", days_ago=3)
    needed(key, "files:export", days_ago=91)
    granted(key, 91)
    assert "2 permissions have not been used in 90 days." in text(dialog(merchant, key))

    ticked = ["products:export", "files:export", "files:import", "menus:export"]
    answer = merchant.post(f"{GRANTS}?preset=unused&key={key.id}", data={"permission": ticked})

    boxes = select(answer, "input[name=permission][checked]")
    assert [box["value"] for box in boxes] == ["products:export", "menus:export"]
    assert "2 of 36 permissions" in answer.text
    db.session.expire_all()
    assert key.permissions == {"products:export", "files:export", "files:import"}


def test_what_was_granted_lately_is_not_called_unused(merchant, shop):
    key, _ = make_key(shop, "products:export", "files:export", "files:import")
    needed(key, "products:export", days_ago=3)
    granted(key, 91, "products:export", "files:export")
    page = dialog(merchant, key)
    assert text(page, ".drop span") == "1 permission has not been used in 90 days."
    assert text(page, "#use-files-export") == "Not used in 90 days"
    assert text(page, "#use-files-import") == "Never used"


def test_a_permission_that_is_given_again_begins_again(merchant, shop):
    key, _ = make_key(shop, "products:export", "files:export")
    granted(key, 91)
    old = key.granted_at["products:export"]
    for permissions in (["products:export"], ["products:export", "files:export"]):
        form = {"name": key.name, "expires": "keep", "permission": permissions}
        assert merchant.put(f"{PAGE}{key.id}", data=form).status_code == 200
    db.session.expire_all()
    assert key.granted_at["products:export"] == old
    assert now() - key.granted_since("files:export") < timedelta(minutes=1)


@pytest.mark.parametrize(
    "refused",
    [
        ("POST", "/imports?type=redirects", {"data": b"\x00", "status": 422}),
        ("POST", "/exports", {"json": {"types": ["products"], "format": "pdf"}, "status": 422}),
    ],
)
def test_a_call_that_failed_uses_no_permission(app, shop, flush, refused):
    key, text = make_key(shop, "products:export", "redirects:import")
    method, path, more = refused[0], refused[1], dict(refused[2])
    status = more.pop("status")
    assert Script(app, text).open(method, path, **more).status_code == status
    flush()
    assert db.session.scalars(db.select(PermissionUse)).all() == []


def test_a_call_that_the_key_was_refused_is_no_use_of_the_key(app, shop):
    key, text = make_key(shop, "products:export")
    assert Script(app, text).post("/exports", json={"types": ["orders"]}).status_code == 403
    db.session.refresh(key)
    assert key.last_used_at is None
    assert Script(app, text).get("/key").status_code == 200
    db.session.refresh(key)
    assert key.last_used_at is not None


def test_drop_unused_is_offered_only_where_it_leaves_something_and_drops_something(merchant, shop):
    idle, _ = make_key(shop, "products:export", name="Idle")
    busy, _ = make_key(shop, "products:export", name="Busy")
    needed(busy, "products:export")
    for page in (dialog(merchant, idle), dialog(merchant, busy), merchant.get(f"{PAGE}new")):
        assert select(page, "dialog") and select(page, "#drop-unused") == []


def test_the_notes_stay_while_boxes_are_ticked(merchant, shop):
    key, _ = make_key(shop, "products:export", "files:import")
    needed(key, "products:export")
    answer = merchant.post(f"{GRANTS}?key={key.id}", data={"permission": ["products:export"]})
    assert text(answer, "#use-files-import") == "Never used"
    assert f"key={key.id}" in answer.text


# -- Bob ---------------------------------------------------------------------------------------


def test_another_shops_use_is_not_shown(merchant, stranger, shop, other_shop):
    key, _ = make_key(shop, "products:export", "files:import")
    key.last_used_at, key.last_address = now(), "203.0.113.7"
    called(key, 10)
    needed(key, "products:export")
    bobs, _ = make_key(other_shop, "products:export")
    bobs.last_used_at = now()
    db.session.commit()

    assert "calls in 30 days" in merchant.get(PAGE).text
    assert "calls in 30 days" not in stranger.get(PAGE).text
    assert "203.0.113.7" not in stranger.get(f"{PAGE}{key.id}/permissions").text
    answer = stranger.post(f"{GRANTS}?preset=unused&key={key.id}", data={"permission": ["x"]})
    assert answer.status_code == 404
    assert "Used just now" not in answer.text
    assert ApiKey.of(shop) == [key]
