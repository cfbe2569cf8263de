"""``flask --app app refresh-tokens`` and ``reencrypt``."""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Column, ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from models import db
from models.api_key import ApiKey
from models.import_object import ImportObject
from models.shop import Shop
from shopify.admin import ShopifyRefused, ShopifyUnavailable
from shops.access import new_token

AT_ONCE = 500
Sealed: TypeAlias = Shop | ApiKey | ImportObject
Box = InstrumentedAttribute[bytes | None]
"""A column that keeps something encrypted."""


@click.command("refresh-tokens")
@with_appcontext
def refresh_tokens() -> None:
    """Ask Shopify for a new pair of tokens for every shop, as before a secret is revoked.

    May be run again. Exit code 1 when a shop's tokens could not be renewed.
    """
    shops, failed = Shop.with_tokens(), 0
    for shop_id in shops:
        try:
            new_token(shop_id)
        except (ShopifyRefused, ShopifyUnavailable) as error:
            failed += 1
            click.echo(f"Shop {shop_id}: {error}")
    click.echo(f"{len(shops) - failed} renewed, {failed} failed.")
    if failed:
        raise SystemExit(1)


@click.command("reencrypt")
@with_appcontext
def reencrypt() -> None:
    """Encrypt under the newest of ENCRYPTION_KEYS what an older one encrypted.

    May be run while the app is running, and again. Exit code 1 when something does not open.
    """
    boxes = (
        Shop.access_token_box,
        Shop.refresh_token_box,
        Shop.stand_ins_box,
        ApiKey.secret_box,
        ImportObject.before_box,
        ImportObject.after_box,
        ImportObject.input_box,
    )
    done, closed = map(sum, zip(*(_reencrypt(box) for box in boxes), strict=True))
    click.echo(f"{done} re-encrypted, {closed} cannot be opened.")
    if closed:
        raise SystemExit(1)


def _reencrypt(box: Box) -> tuple[int, int]:
    """How many boxes of this column were sealed again, and how many do not open."""
    vault, done, closed = current_app.extensions["vault"], 0, 0
    keys = _keys(box)
    for rows in _older(box):
        values: list[dict[str, object]] = []
        for row in rows:
            old, owner = getattr(row, box.key), row.box_owner
            text = vault.open(old, owner=owner)
            if text is not None:
                of = {f"of_{key.name}": getattr(row, key.name) for key in keys}
                values.append(of | {"old": old, "new": vault.seal(text, owner=owner)})
        closed += len(rows) - len(values)
        done += _replace(box, values)
    return done, closed


def _keys(box: Box) -> list[Column[Any]]:
    """The columns that identify a row of the box's table."""
    return list(box.parent.class_.__table__.primary_key)


def _older(box: Box) -> Iterator[Sequence[Sealed]]:
    """The rows with a box under another key than the newest, some at a time."""
    model: type[Sealed] = box.parent.class_
    keys = _keys(box)
    query = db.select(model).where(_stale(box)).order_by(*keys).limit(AT_ONCE)
    further = query
    while rows := db.session.scalars(further).all():
        last = [getattr(rows[-1], key.name) for key in keys]
        yield rows
        further = query.where(db.tuple_(*keys) > db.tuple_(*last))


def _stale(box: Box) -> ColumnElement[bool]:
    """Whether it is encrypted under another key than the newest."""
    newest: bytes = current_app.extensions["vault"].mark
    key: ColumnElement[bytes] = db.func.substr(box, 1, 1)
    return key != newest


def _replace(box: Box, values: list[dict[str, object]]) -> int:
    """Put new boxes in the place of the old, where nobody else has done so meanwhile."""
    db.session.rollback()
    if values:
        table = box.class_.__table__
        column = table.c[box.key]
        this = (key == db.bindparam(f"of_{key.name}") for key in _keys(box))
        db.session.connection().execute(
            db.update(table)
            .where(*this, column == db.bindparam("old"))
            .values({column: db.bindparam("new")}),
            values,
        )
        db.session.commit()
    return len(values)
