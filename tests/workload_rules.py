"""Rules that trust workloads, made without the page, and keys of them without an ID token."""

from datetime import timedelta

from models import db, now
from models.api_key import ApiKey
from models.shop import Shop
from models.workload import UsedToken, WorkloadKey, WorkloadRule

HOUR = timedelta(hours=1)
GITHUB = "https://token.actions.githubusercontent.com"
IDS = {"repository_id": "4711", "repository_owner_id": "42"}


def make_rule(shop: Shop, *permissions: str, name: str = "Nightly", **more: object) -> WorkloadRule:
    """A rule of this shop; without more it trusts one repository at GitHub."""
    key, _ = ApiKey.issue(
        shop,
        name=name,
        permissions=list(permissions or ("products:export",)),
        expires_at=None,
        created_by="8811",
        for_workload=True,
    )
    values = {"provider": "github", "issuer": GITHUB, "claims": IDS, "repository": "octo/shop"}
    handle = WorkloadRule.new_handle()
    rule = WorkloadRule(shop_id=shop.id, key=key, handle=handle, **(values | more))
    db.session.add(rule)
    db.session.commit()
    return rule


def used(name: str, good_for: timedelta = HOUR) -> UsedToken:
    return UsedToken.of("https://issuer.example", name, now() + good_for)


def issue(rule: WorkloadRule, name: str = "1") -> str:
    """The full text of a short-lived key of the rule's."""
    text = WorkloadKey.issue(rule, rule.life, used(name))
    db.session.commit()
    assert text
    return text
