"""Each kind of mail, from what a merchant or a program does to what a mail server was handed."""

import re
from datetime import timedelta

import pytest

from mail import outbox
from models import db, now
from models.api_key import ApiKey
from models.job import EXPORT, FAILED, HELD, IMPORT, QUEUED, Job, new_id
from models.key_rules import end_broken
from models.notice import Notice
from models.notices import KINDS
from models.workload import WorkloadRule
from tests.cast import ALICE, Merchant, Script, make_key, midnight
from tests.markup import first
from worker import make_database

KEYS, FULL_KEY = "/settings/keys/", re.compile(r"altera_\w{46}")
FORM = {"name": "Nightly", "expires": "30", "permission": ["products:export"], "request_id": "q1"}

NEW_ADDRESS = "Emails about the API keys of Alice now go to a different address"
TRUST = "/settings/workloads/"
WORKLOAD = {
    "name": "CI",
    "provider": "github",
    "repository": "https://github.com/octo/shop",
    "claim-repository-id": "4711",
    "claim-repository-owner-id": "42",
    "minutes": "5",
    "expires": "never",
    "permission": ["orders:export"],
}


@pytest.fixture
def sent(mailing, post):
    """Have the workers' part done: what the mail server then has, by its subject."""
    make_database(mailing.config["SETTINGS"].jobs_database_url)

    def deliver():
        for notice in Notice.unsent(100):
            outbox.send(notice.id)
        return {mail["Subject"]: (recipients, mail) for recipients, mail in post.mails}

    return deliver


def text(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


def live(app, shop):
    """A year of a shop: everything that makes a mail happens."""
    alice = Merchant(app, ALICE)
    full_key = first(FULL_KEY, alice.post(KEYS, data=FORM).text)
    key = db.session.scalar(db.select(ApiKey))
    Script(app, full_key).post("/exports", json={"types": ["orders"]})
    alice.put(f"{KEYS}{key.id}", data=FORM | {"permission": ["products:export", "files:export"]})
    made = alice.post(f"{KEYS}{key.id}/rotation", data={"overlap": "day", "request_id": "q2"})
    app.test_client().post("/api/v1/leaked-keys", data=first(FULL_KEY, made.text))
    gone, soon, today = (
        make_key(shop, name=name, days=30)[0] for name in ("Gone", "Soon", "Today")
    )
    alice.delete(f"{KEYS}{gone.id}")
    soon.created_at = now() - timedelta(days=9)
    soon.expires_at, today.expires_at = now() + timedelta(days=6), midnight(shop)
    job = Job(id=new_id(EXPORT), shop_id=shop.id, key_id=key.id, kind=EXPORT, types=["products"])
    db.session.add(job)
    db.session.commit()
    outbox.sweep()
    job.move(FAILED, among=(QUEUED,), error="Shopify refused.")
    of = {"shop_id": shop.id, "key_id": job.key_id, "kind": IMPORT, "types": ["products"]}
    held = Job(id=new_id(IMPORT), **of)
    db.session.add(held)
    db.session.flush()
    held.move(HELD, among=(QUEUED,))
    app.test_cli_runner().invoke(args=["notify", "Change", "--body-file", __file__, "--send"])
    alice.post("/settings/keys/stand-ins/")
    alice.post(TRUST, data=WORKLOAD)
    rule = f"{TRUST}{db.session.scalars(db.select(WorkloadRule.id)).one()}"
    more = ["orders:export", "files:export"]
    alice.put(rule, data=WORKLOAD | {"expires": "keep", "permission": more})
    alice.delete(rule)
    alice.put("/settings/keys/rules", data={"addresses": "true"})
    of_one = ApiKey.id == soon.id
    db.session.execute(db.update(ApiKey).where(of_one).values(rule_ends_at=now()))
    assert end_broken() == 1
    db.session.commit()
    alice.put("/settings/email", data={"email": "new@example.com"})


@pytest.mark.both_databases
def test_every_kind_but_loss_of_access_and_digest_reaches_the_mail_server_once(
    mailing, shop, sent, post
):
    live(mailing, shop)
    found = sent()
    told = {
        "API key “Nightly” was created for Alice": "Permissions: Products: export",
        "A call with API key “Nightly” for Alice was refused": "Permission needed: Orders: export",
        "API key “Nightly” for Alice has more permissions": "Added permissions: Files: export",
        "API key “Nightly” for Alice was rotated": "Old key ends: ",
        "Leaked: API key “Nightly” for Alice was revoked": "Reported from: 127.0.0.1",
        "API key “Gone” for Alice was deleted": "Who: Staff member 8811",
        "API key “Soon” for Alice expires soon": "Expires: ",
        "API key “Today” for Alice expires today": "Expires: ",
        "An export for Alice failed": "Reason: Shopify refused.",
        "An import for Alice needs your decision": "Data: products",
        "Jobs can now access Alice as trusted workload “CI”": "Jobs of: GitHub Actions",
        "Trusted workload “CI” for Alice lets in or may do more": "Files: export",
        "Trusted workload “CI” for Alice was deleted": "Who: Staff member 8811",
        "The rules for the API keys of Alice were changed": "need a list of the IP addresses",
        "Calls with API key “Soon” for Alice are refused now": "for a week",
        "The stand-in values of Alice were renewed": "Who: Staff member 8811",
        NEW_ADDRESS: "New address: new@example.com",
        "Change": "Each kind of mail",
        "Confirm this address for notices of alice.myshopify.com": "Until you confirm it",
    }
    assert set(found) == set(told)
    assert len(told) == len(KINDS) - 2, "but for the loss of access and the digest"
    for subject, words in told.items():
        recipients, mail = found[subject]
        new = subject.startswith("Confirm")
        assert recipients == ["new@example.com" if new else "ops@example.com"]
        assert words in text(mail), subject
        assert not FULL_KEY.search(str(mail))
        assert mail.get_body(("html",)).get_content().startswith("<!doctype html>")
    held = db.session.scalars(db.select(Job).filter_by(status=HELD)).one()
    assert f"/settings/jobs/{held.id}" in text(found["An import for Alice needs your decision"][1])
    before = len(post.mails)
    assert before == len({mail["Message-ID"] for _, mail in post.mails})
    outbox.sweep()
    sent()
    assert len(post.mails) == before, "a second delivery of all of it sends nothing"
