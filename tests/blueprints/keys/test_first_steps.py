"""The three steps of a new store: they are ticked by what is there, and end with a key that was
used."""

from models import db, now
from tests.cast import ALICE, Merchant, make_key, make_shop
from tests.markup import one, select, text

PAGE, STEPS = "/settings/keys/", "/settings/keys/first-steps"
LABELS = ["Save your notification email", "Create an API key", "Connect the command line"]


def ticked(answer):
    found = [step.get_text() for step in select(answer, "#first-steps li.done > span:last-child")]
    assert all(step.startswith("Done: ") for step in found)
    return [step.removeprefix("Done: ") for step in found]


def used(shop):
    key, _ = make_key(shop, "products:export")
    key.last_used_at = now()
    db.session.commit()
    return key


def test_each_step_is_ticked_once_it_is_done(app, other_shop):
    used(other_shop)
    shop = make_shop(ALICE, contact_email=None)
    alice = Merchant(app, ALICE)
    assert ticked(alice.get(PAGE)) == []
    assert text(alice.get(PAGE), "#first-steps [role=status]") == "0 of 3 done"

    alice.put("/settings/email", data={"email": "ops@mystore.com"})
    assert ticked(alice.get(STEPS)) == LABELS[:1]
    assert "every" not in one(alice.get(STEPS), "#first-steps")["hx-trigger"]

    key, _ = make_key(shop, "products:export")
    assert ticked(alice.get(PAGE)) == LABELS[:2]
    assert "every 5s" in one(alice.get(STEPS), "#first-steps")["hx-trigger"]

    key.last_used_at = now()
    db.session.commit()
    answer = alice.get(STEPS)
    assert ticked(answer) == LABELS
    assert not one(answer, "#first-steps").has_attr("hx-get")
    assert select(alice.get(PAGE), "#first-steps") == []


def test_they_do_not_come_back_once_the_key_is_deleted(app):
    used(make_shop(ALICE)).delete()
    db.session.commit()
    assert select(Merchant(app, ALICE).get(PAGE), "#first-steps") == []


def test_each_step_that_is_left_leads_to_a_card_of_the_page(app):
    make_shop(ALICE, contact_email=None)
    answer = Merchant(app, ALICE).get(PAGE)
    for link in select(answer, "#first-steps a"):
        assert one(answer, str(link["href"]))
