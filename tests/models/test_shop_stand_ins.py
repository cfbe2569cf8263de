"""The secret of a store's stand-ins for personal data."""

from models import db


def test_the_secret_is_made_once_and_kept_sealed(shop, other_shop):
    secret = shop.stand_ins_secret
    db.session.commit()
    assert shop.stand_ins_secret == secret
    assert len(secret) == 64
    assert secret.encode() not in shop.stand_ins_box
    assert other_shop.stand_ins_secret != secret


def test_another_stores_box_does_not_open(shop, other_shop):
    secret = shop.stand_ins_secret
    other_shop.stand_ins_box = shop.stand_ins_box
    assert other_shop.stand_ins_secret != secret


def test_a_renewed_secret_is_another(shop):
    secret = shop.stand_ins_secret
    assert shop.renew_stand_ins() != secret
    assert shop.stand_ins_secret != secret
