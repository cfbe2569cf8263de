"""Sending notices: handed to the workers after their commit, tried until taken or a week old.

One try is one workflow, named by the notice and the number of the try, so that it may be asked
for twice. A try that fails ends; the worker's sweep asks for the next when it is due, and for the
first when it could not be enqueued.
"""

import logging
from datetime import timedelta

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from mail.transport import MailDelayed, MailRefused, deliver, message
from models import db, now
from models.api_key import ApiKey
from models.expiry import last_date
from models.notice import ADDED, Notice
from models.notices import DIGEST, EXPIRES_SOON, EXPIRES_TODAY
from models.shop import Shop
from queues import SWEPT_AT_ONCE, TRIES, enqueue_all, missing, tries

WORKFLOW, QUEUE = "notice", "mail"
SENDERS = 4
"""How many mails a worker sends at the same time."""
KEPT = timedelta(days=90)
SOON = timedelta(days=7)
IN_DIGEST = 50
"""How many notices a digest names; it counts the others."""
TOO_OLD = "The mail server did not take it for a week."

log = logging.getLogger(__name__)


def watch() -> None:
    """From now on hand every notice to the workers as soon as it is committed."""
    event.listen(db.session, "after_commit", _committed)
    event.listen(db.session, "after_rollback", _rolled_back)


def send(notice_id: str) -> None:
    """Try to send one notice. What was not taken now stays for the next try."""
    notice, settings = db.session.get(Notice, notice_id), current_app.config["SETTINGS"]
    if notice is None or notice.sent_at or notice.in_digest or not settings.MAIL_URL:
        return
    try:
        mail = message(notice, db.session.get_one(Shop, notice.shop_id), settings.MAIL_FROM)
        deliver(settings.MAIL_URL, mail)
    except MailDelayed as delay:
        log.warning("Notice %s has to wait: %s", notice_id, delay)
        if now() - notice.created_at < TRIES[-1]:
            return
        notice.close(refused=TOO_OLD)
    except MailRefused as refusal:
        log.warning("Notice %s was refused for good: %s", notice_id, refusal)
        notice.close(refused=str(refusal))
    else:
        notice.close()
    db.session.commit()


def sweep() -> None:
    """Write what is due by the clock, ask for tries that are due, erase what is old."""
    remind()
    write_digests()
    Notice.purge(before=now() - KEPT)
    db.session.commit()
    if current_app.config["SETTINGS"].MAIL_URL:
        waiting = Notice.unsent(SWEPT_AT_ONCE)
        _enqueue(missing([f"{notice.id}:{tries(notice.created_at)}" for notice in waiting]))


def remind() -> None:
    """Write the mails about keys that expire: within 7 days, and on their last day."""
    query = (
        db.select(ApiKey, Shop)
        .join(Shop, Shop.id == ApiKey.shop_id)
        .where(
            ApiKey.deleted_at.is_(None),
            ApiKey.retires_at.is_(None),
            ApiKey.expires_at > now(),
            ApiKey.expires_at <= now() + SOON,
            Shop.uninstalled_at.is_(None),
            Shop.contact_email.is_not(None),
            Shop.contact_confirmed_at.is_not(None),
        )
    )
    for key, shop in db.session.execute(query).all():
        address = shop.confirmed_email
        if last_date(key.expires_at, shop.zone) == shop.today:
            kind = EXPIRES_TODAY
        elif key.created_at <= key.expires_at - SOON:
            kind = EXPIRES_SOON
        else:
            continue
        ends = key.expires_at.isoformat()
        payload = {"key": key.name, "detail": {"expires_at": ends}}
        once = f"{kind}:{key.id}:{ends}"
        Notice.add(shop.id, kind, address, payload, once, limited=True)


def write_digests() -> None:
    """Write one mail for the notices of an hour that were too many to be sent one by one."""
    for (shop_id, recipient), notices in Notice.digests_due().items():
        if recipient == db.session.get_one(Shop, shop_id).confirmed_email:
            first = [{"kind": it.kind, "payload": it.payload} for it in notices[:IN_DIGEST]]
            Notice.add(shop_id, DIGEST, recipient, {"notices": first, "count": len(notices)})
        for notice in notices:
            notice.close()


def _committed(session: Session) -> None:
    _enqueue([f"{notice_id}:0" for notice_id in session.info.pop(ADDED, ())])


def _rolled_back(session: Session) -> None:
    session.info.pop(ADDED, None)


def _enqueue(names: list[str]) -> None:
    if names and current_app.config["SETTINGS"].MAIL_URL:
        enqueue_all(WORKFLOW, QUEUE, {name: name.partition(":")[0] for name in names})
