from models.vault import Vault

OLD, NEW = b"a" * 32, b"b" * 32


def test_a_box_opens_for_its_owner_only():
    vault = Vault({1: OLD})
    box = vault.seal("shpat_secret", owner="shop:alice")
    assert vault.open(box, owner="shop:alice") == "shpat_secret"
    assert vault.open(box, owner="shop:bob") is None
    assert b"shpat" not in box


def test_the_newest_key_seals_and_the_old_one_still_opens():
    box = Vault({1: OLD}).seal("text", owner="me")
    both = Vault({1: OLD, 2: NEW})
    assert both.open(box, owner="me") == "text"
    assert both.seal("text", owner="me")[0] == 2


def test_a_damaged_or_foreign_box_does_not_open():
    vault = Vault({1: OLD})
    box = vault.seal("text", owner="me")
    assert vault.open(box[:-1] + bytes([box[-1] ^ 1]), owner="me") is None
    assert vault.open(box[:5], owner="me") is None
    assert vault.open(b"", owner="me") is None
    assert Vault({2: NEW}).open(box, owner="me") is None
