"""The demo shop's catalogue, and the routes that add records to a shop or empty it."""

import threading
from io import BytesIO
from itertools import islice
from json import dumps

from flask import Blueprint, abort, current_app, request, send_file

from standin import control, grants, misbehave, search_lag, tokens
from standin.media import content_path
from standin.png import picture
from standin.seeds import SEEDS, basics
from standin.seeds.base import Seeder
from standin.seeds.files import size_of
from standin.shops import shop_of
from standin.store import IDS_AFTER, ShopStore

DEMO = "demo.myshopify.com"
KEPT = "{} of {}"
SEEDED = "{} seeded after {} with {}"
MOST_KEPT = 500  # so many are asked for of a seeding that is kept
BATCH = 2000  # records in one transaction
MOST = 1_000_000  # records of one type in one call

bp = Blueprint("seeding", __name__)
_lock = threading.Lock()


def seed(seeder: Seeder, counts: dict[str, int]) -> None:
    """Add this many records of each type; their numbers go on from earlier seedings."""
    with _lock:
        _seed(seeder, counts)


def seed_or_copy(seeder: Seeder, counts: dict[str, int]) -> None:
    """Like ``seed``. What a new shop was seeded with before is copied: the same seeding gives the
    same records."""
    standin, shop = current_app.extensions["standin"], seeder.shop
    after, seeded = shop.setting("ids_after", IDS_AFTER), {n: c for n, c in counts.items() if c}
    name = SEEDED.format(shop.domain, after, dumps(seeded, sort_keys=True))
    with _lock:
        if sum(seeded.values()) > MOST_KEPT or not shop.is_new():
            _seed(seeder, counts)
        elif name in standin.seedings:
            shop.restore(name)
            search_lag.record(shop.ids())
            shop.set_setting("seeded", seeded)
        else:
            _seed(seeder, counts)
            shop.keep(name)
            standin.seedings.add(name)


def _seed(seeder: Seeder, counts: dict[str, int]) -> None:
    basics.ensure(seeder)
    seeded = {**seeder.shop.setting("seeded", {})}
    for name, (module, _) in SEEDS.items():
        if not (how_many := counts.get(name, 0)):
            continue
        first = seeded.get(name, 0)
        records = iter(module.make(seeder, first, how_many))
        while batch := list(islice(records, BATCH)):
            seeder.shop.put_many(batch)
        seeded[name] = first + how_many
        seeder.shop.set_setting("seeded", seeded)


@bp.record_once
def fill_demo(state):
    """The demo shop has its catalogue from the first start on."""
    standin = state.app.extensions["standin"]
    shop = standin.store.shop(DEMO)
    if shop.setting("seeded") is None:
        demo = {name: how_many for name, (_, how_many) in SEEDS.items()}
        seed(Seeder(shop, standin.config.origin), demo)


@bp.post("/_standin/<shop>/seed")
def add(shop):
    counts = control.body()
    if unknown := sorted(set(counts) - set(SEEDS)):
        abort(422, f"Unknown: {', '.join(unknown)}. Use any of {', '.join(SEEDS)}.")
    for name, how_many in counts.items():
        if type(how_many) is not int or not 0 <= how_many <= MOST:
            abort(422, f"{name} is a number from 0 to {MOST}.")
    seed_or_copy(Seeder(shop_of(shop), current_app.extensions["standin"].config.origin), counts)
    return counts


@bp.post("/_standin/<shop>/reset")
def reset(shop):
    """Empty a shop; IDs go on after ``ids_after`` then."""
    _empty(shop_of(shop), control.body().get("ids_after", IDS_AFTER))
    return "", 204


@bp.post("/_standin/<shop>/install")
def install(shop):
    """Make it an empty shop that behaves and has the app since now: the answer is its only pair of
    tokens, as from token exchange."""
    shop = shop_of(shop)
    _empty(shop, IDS_AFTER)
    misbehave.stop(shop)
    grants.forget(shop)
    config = current_app.extensions["standin"].config
    return tokens.offline_answer(config, grants.issue_offline(shop))


def _empty(shop: ShopStore, ids_after: int) -> None:
    shop.clear()
    shop.set_setting("seeded", {})
    shop.set_setting("ids_after", ids_after)


@bp.post("/_standin/<shop>/keep")
def save_copy(shop):
    """Keep a copy of all that a shop has now, in place of the one before of this name."""
    shop = shop_of(shop)
    shop.keep(KEPT.format(control.body().get("name", "kept"), shop.domain))
    return "", 204


@bp.post("/_standin/<shop>/restore")
def restore(shop):
    """Make the shop what it was when it was kept by this name."""
    shop = shop_of(shop)
    shop.restore(KEPT.format(control.body().get("name", "kept"), shop.domain))
    return "", 204


@bp.get("/cdn/shop/files/<name>")
def file(name):
    """What was uploaded; of a seed a picture, or words, of the size that its record tells."""
    if uploaded := request.args.get("of"):
        path = content_path(current_app.extensions["standin"].config.data, uploaded)
        return send_file(path.absolute(), conditional=True) if path.is_file() else abort(404)
    size = request.args.get("size", 0, type=int) or size_of(name)
    is_picture = name.endswith(".png")
    data = picture(name) if is_picture else f"Contents of {name}.\n".encode()
    if size:
        data = data[:size] + b" " * (size - len(data))
    kind = "image/png" if is_picture else "text/plain; charset=utf-8"
    return send_file(BytesIO(data), kind, conditional=True)
