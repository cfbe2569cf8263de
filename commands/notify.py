"""An operator's word to every contact: ``flask --app app notify "subject" --body-file F``."""

from hashlib import sha256
from pathlib import Path

import click
from flask.cli import with_appcontext

from models import db
from models.notice import Notice
from models.notices import FROM_US
from models.shop import Shop

SHOWN = 5


@click.command("notify")
@click.argument("subject")
@click.option(
    "--body-file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The text, UTF-8; an empty line starts a paragraph.",
)
@click.option("--send", is_flag=True, help="Send it. Without this, only say to whom.")
@with_appcontext
def notify(subject: str, body_file: Path, send: bool) -> None:
    """Mail an API notice to the notification address of every shop.

    The same subject and text go to an address once, however often this is run.
    """
    body = body_file.read_text(encoding="utf-8").strip()
    if not subject.strip() or not body:
        raise click.UsageError("Give a subject and a file with some text.")
    found = contacts()
    click.echo(f"{len(found)} {'address' if len(found) == 1 else 'addresses'}:")
    for address in list(found)[:SHOWN]:
        click.echo(f"  {address}")
    if len(found) > SHOWN:
        click.echo(f"  and {len(found) - SHOWN} more")
    if not send:
        click.echo("Nothing was sent. Add --send to send it.")
        return
    payload = {"subject": subject, "body": body}
    new = sum(
        Notice.add(shop_id, FROM_US, address, payload, once(address, subject, body))
        for address, shop_id in found.items()
    )
    db.session.commit()
    click.echo(f"{new} handed over to the workers; {len(found) - new} were before.")


def contacts() -> dict[str, int]:
    """The confirmed addresses of the shops that have the app, each once, with one of its shops."""
    query = db.select(Shop.contact_email, Shop.id).where(
        Shop.uninstalled_at.is_(None),
        Shop.contact_email.is_not(None),
        Shop.contact_confirmed_at.is_not(None),
    )
    found: dict[str, int] = {}
    for address, shop_id in db.session.execute(query.order_by(Shop.id)):
        found.setdefault(address, shop_id)
    return found


def once(address: str, *parts: str) -> str:
    """What is the same for the same text to the same address."""
    digest = sha256("\0".join((address, *parts)).encode()).hexdigest()
    return f"{FROM_US}:{digest}"
