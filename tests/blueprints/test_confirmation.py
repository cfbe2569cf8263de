"""A notification address is confirmed by whoever reads its mail, before it gets anything else."""

import re
import time
from datetime import timedelta
from urllib.parse import unquote

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from mail import outbox
from models import contact, db, now
from models.activity import Activity
from models.contact import CONFIRM_PATH, CONFIRMATIONS_AN_HOUR, confirmation_link
from models.notice import Notice
from models.shop import Shop
from tests.cast import ALICE, BOB, Merchant, make_key, make_shop

pytestmark = pytest.mark.usefixtures("jobs_database")

EMAIL, RESEND, KEYS = "/settings/email", "/settings/email/confirmation", "/settings/keys/"
FORM = {"name": "Nightly", "expires": "90", "permission": ["products:export"]}
HIDDEN = re.compile(r'name="token" value="([^"]+)"')


@pytest.fixture
def alice(mailing):
    """Alice, who has not saved an address yet."""
    make_shop(ALICE, contact_email=None, contact_confirmed_at=None)
    return Merchant(mailing, ALICE)


@pytest.fixture
def sent(post):
    """What the mail server has got: recipient and subject, oldest first."""

    def deliver():
        db.session.expire_all()
        for notice in Notice.unsent(100):
            outbox.send(notice.id)
        return [(recipients[0], mail["Subject"]) for recipients, mail in post.mails]

    return deliver


def links(post):
    """The links of the mails that were sent, newest last, as paths of the app."""
    texts = [mail.get_body(("plain",)).get_content() for _, mail in post.mails]
    found = [re.search(r"http://localhost(/notifications/\S+)", text) for text in texts]
    return [link[1] for link in found if link]


def follow(app, link):
    """Open the link and click the page's button."""
    page = app.test_client().get(link)
    assert page.status_code == 200, page.text
    [token] = HIDDEN.findall(page.text)
    return app.test_client().post(CONFIRM_PATH, data={"token": token})


def shop_of(domain=ALICE):
    db.session.expire_all()
    return Shop.by_domain(domain)


ASKED = "Confirm this address for notices of alice.myshopify.com"


def test_an_address_gets_the_confirmation_and_nothing_else_before_it_is_confirmed(
    mailing, alice, sent, post
):
    assert "We sent a link to ops@example.com" in (
        alice.put(EMAIL, data={"email": "ops@example.com"}).text
    )
    for number in range(5):
        made = alice.post(KEYS, data=FORM | {"name": f"Buy now {number}"})
        assert made.status_code == 200, "keys can be made before"
    assert sent() == [("ops@example.com", ASKED)]

    [link] = links(post)
    assert mailing.test_client().get(link).status_code == 200
    assert shop_of().confirmed_email is None, "a scanner that opens links confirms nothing"
    assert "Address confirmed" in follow(mailing, link).text
    assert shop_of().confirmed_email == "ops@example.com"
    assert "We sent a link" not in alice.get(KEYS).text

    alice.post(KEYS, data=FORM | {"name": "After"})
    assert sent()[1:] == [("ops@example.com", "API key “After” was created for Alice")]
    trail = db.session.scalars(db.select(Activity.kind).order_by(Activity.id)).all()
    assert trail.count("email.confirmed") == 1
    assert "recorded that the notification email was confirmed" in (
        alice.get("/settings/activity/").text
    )


def test_the_confirmation_has_no_words_of_a_strangers_choice(alice, sent, post):
    shop_of().name = "Win a prize"
    db.session.commit()
    alice.put(EMAIL, data={"email": "ops@example.com"})
    sent()
    [(_, mail)] = post.mails
    assert "Win a prize" not in mail.as_string()
    assert "Win a prize" not in mail.get_body(("html",)).get_content()


def test_a_new_address_has_to_be_confirmed_and_the_old_one_is_told(mailing, alice, sent, post):
    alice.put(EMAIL, data={"email": "ops@example.com"})
    sent()
    follow(mailing, links(post)[0])
    alice.put(EMAIL, data={"email": "new@example.com"})
    alice.put(EMAIL, data={"email": "newer@example.com"})
    assert sorted(sent()[1:]) == [
        ("new@example.com", ASKED),
        ("newer@example.com", ASKED),
        ("ops@example.com", "Emails about the API keys of Alice now go to a different address"),
    ]
    for old in links(post)[:-1]:
        assert mailing.test_client().get(old).status_code == 404
    follow(mailing, links(post)[-1])
    assert shop_of().confirmed_email == "newer@example.com"


def test_the_same_address_saved_again_stays_confirmed(mailing, alice, sent, post):
    alice.put(EMAIL, data={"email": "ops@example.com"})
    sent()
    follow(mailing, links(post)[0])
    alice.put(EMAIL, data={"email": "ops@example.com"})
    assert shop_of().confirmed_email and len(sent()) == 1


def test_the_mail_can_be_sent_again_so_many_times_an_hour(alice, sent):
    alice.put(EMAIL, data={"email": "ops@example.com"})
    answers = [alice.post(RESEND).status_code for _ in range(CONFIRMATIONS_AN_HOUR + 1)]
    assert answers == [200] * (CONFIRMATIONS_AN_HOUR - 1) + [429] * 2
    alice.put(EMAIL, data={"email": "stranger@example.com"})
    assert sent() == [("ops@example.com", ASKED)] * CONFIRMATIONS_AN_HOUR

    earlier = now() - timedelta(minutes=61)
    db.session.execute(db.update(Notice).values(created_at=earlier))
    db.session.commit()
    assert alice.post(RESEND).status_code == 200


class LongAgo(TimestampSigner):
    """Signs as it would have a week and a minute ago."""

    def get_timestamp(self):
        return int(time.time() - contact.LINK_GOOD_FOR.total_seconds() - 60)


def test_a_link_lasts_a_week(mailing, alice):
    alice.put(EMAIL, data={"email": "ops@example.com"})
    token = confirmation_link(shop_of(), "ops@example.com").partition("token=")[2].partition("&")[0]
    ours = contact._signer()
    content = ours.loads(unquote(token))
    old = URLSafeTimedSerializer(ours.secret_keys, salt=ours.salt, signer=LongAgo).dumps(content)
    for answer in (
        mailing.test_client().get(CONFIRM_PATH, query_string={"token": old}),
        mailing.test_client().post(CONFIRM_PATH, data={"token": old}),
    ):
        assert answer.status_code == 403 and "expired" in answer.text
    assert shop_of().confirmed_email is None


@pytest.mark.parametrize("token", ["", "x", "eyJzaG9wIjoxfQ.aaaa.bbbb"])
def test_no_other_text_is_a_link(mailing, alice, token):
    for answer in (
        mailing.test_client().get(CONFIRM_PATH, query_string={"token": token}),
        mailing.test_client().post(CONFIRM_PATH, data={"token": token}),
    ):
        assert answer.status_code == 404


def test_bobs_link_confirms_nothing_of_alices(mailing, alice):
    alice.put(EMAIL, data={"email": "ops@example.com"})
    bob = make_shop(BOB, contact_confirmed_at=None)
    link = confirmation_link(bob, "ops@example.com").removeprefix("http://localhost")
    assert "bob.myshopify.com" in mailing.test_client().get(link).text
    follow(mailing, link)
    assert shop_of(BOB).confirmed_email == "ops@example.com"
    assert shop_of().confirmed_email is None


def test_a_shop_that_left_confirms_nothing(mailing, shop):
    shop.contact_confirmed_at = None
    link = confirmation_link(shop, "ops@example.com").removeprefix("http://localhost")
    shop.uninstall()
    db.session.commit()
    assert mailing.test_client().get(link).status_code == 404


def test_keys_that_expire_and_words_of_the_operator_wait_for_the_confirmation(mailing, shop):
    shop.contact_confirmed_at = None
    make_key(shop, days=3)[0].created_at = now() - timedelta(days=60)
    db.session.commit()
    outbox.remind()
    result = mailing.test_cli_runner().invoke(args=["notify", "Hi", "--body-file", __file__])
    assert result.output.startswith("0 addresses")
    assert db.session.scalars(db.select(Notice)).all() == []
