"""Every table says whose its rows are; a shop that is erased leaves no row in any."""

import pytest

from models import db, now
from models.activity import record
from models.erasure import erase_shop, of_shop, owned_tables
from models.idempotency import RepeatableCall
from models.import_chunk import ImportChunk
from models.import_object import ImportObject
from models.import_row import ImportRow
from models.job import IMPORT, Job, new_id
from models.key_request import KeyNetwork, KeyRequest
from models.key_use import KeyDay, PermissionUse
from models.notice import Notice
from models.saved_export import SavedExport
from models.tables import OF_NOBODY, TABLES
from models.uploaded_file import UploadedFile
from models.webhook_delivery import WebhookDelivery
from tests.cast import make_key
from tests.workload_rules import issue, make_rule

pytestmark = pytest.mark.both_databases


def fill(shop):
    """A row of the shop in every table that has rows of shops."""
    key, _ = make_key(shop, "products:export")
    job = Job(id=new_id(IMPORT), shop_id=shop.id, key_id=key.id, kind=IMPORT, types=["redirects"])
    db.session.add(job)
    db.session.flush()
    db.session.add(ImportRow(job_id=job.id, number=2, object=2, cells=["/a"]))
    db.session.add(ImportObject(job_id=job.id, number=2, action="create"))
    db.session.add(ImportChunk(job_id=job.id, number=0, shop_id=shop.id, data=b"Path\n/a\n"))
    db.session.add(KeyDay(key_id=key.id, day=now().date(), calls=1))
    db.session.add(PermissionUse(key_id=key.id, permission="products:export", last_used_at=now()))
    call = {"method": "GET", "route": "/api/v1/key", "status": 200, "request_id": "a" * 16}
    size = {"bytes": 1, "milliseconds": 1}
    db.session.add(KeyRequest(key_id=key.id, shop_id=shop.id, at=now(), **call, **size))
    seen = {"first_seen_at": now(), "last_seen_at": now()}
    db.session.add(KeyNetwork(key_id=key.id, network="203.0.113.0/24", **seen))
    db.session.add(RepeatableCall(key_id=key.id, name="nightly", shop_id=shop.id))
    issue(make_rule(shop), f"of-{shop.id}")
    UploadedFile.store(shop.id, [("tea.png", "0" * 64, "gid://shopify/MediaImage/1")])
    choices = {"choices": {"type": ["products"]}, "saved_by": "8811"}
    db.session.add(SavedExport(shop_id=shop.id, name="Nightly", **choices))
    record(shop.id, "key.created", actor_kind="staff", actor="8811", key_id=key.id)
    Notice.add(shop.id, "api.notice", "ops@example.com", {})
    WebhookDelivery.add(
        f"of-{shop.id}", shop_id=shop.id, topic="shop/redact", triggered_at=now(), payload={}
    )
    db.session.commit()


def rows(shop_id):
    return {
        table.name: db.session.scalar(
            db.select(db.func.count()).select_from(table).where(of_shop(table, shop_id))
        )
        for table in owned_tables()
    }


def test_every_table_belongs_to_shops_or_says_that_it_does_not():
    owned = {table.name for table in owned_tables()}
    assert owned | {model.__tablename__ for model in OF_NOBODY} == set(db.metadata.tables)
    for table in owned_tables():
        assert str(of_shop(table, 1))
    assert len(owned) + len(OF_NOBODY) == len(TABLES)


def test_a_table_that_nothing_ties_to_a_shop_is_refused():
    table = db.Table("loose", db.MetaData(), db.Column("id", db.Integer, primary_key=True))
    with pytest.raises(LookupError, match="loose"):
        of_shop(table, 1)


def test_an_erased_shop_leaves_no_row_and_its_neighbour_keeps_all(shop, other_shop):
    fill(shop), fill(other_shop)
    before, neighbours = rows(shop.id), rows(other_shop.id)
    assert [name for name, count in before.items() if not count] == []
    shop_id = shop.id
    assert erase_shop(shop_id) == before
    db.session.commit()
    assert set(rows(shop_id).values()) == {0}
    assert rows(other_shop.id) == neighbours
