"""Plans: what each gives, matched by exact names."""

import pytest
from pydantic import ValidationError

from plans import FREE, PRO, Plan, Plans

PLANS = Plans((FREE, PRO))
MAX = Plan(name="Max", handle="max", api=True, keys=2, jobs=5)


def test_free_has_no_api_and_pro_has():
    assert PLANS.with_api == {"", "Pro"}
    assert PLANS.free is FREE
    assert PLANS.needed == "Pro"
    assert Plans((FREE, PRO, MAX)).needed == "Pro or Max"


def test_names_and_handles_are_matched_exactly():
    assert PLANS.named("Pro") is PRO
    assert PLANS.named("pro") is None
    assert PLANS.of_handle("pro") == "Pro"
    assert PLANS.of_handle("Pro") == "Pro"
    assert PLANS.of_handle("PRO") == "PRO"


@pytest.mark.parametrize("name", ["Free", "pro", "Gold"])
def test_a_plan_without_api_names_the_one_that_is_needed(name):
    assert PLANS.refusal(name, 0) == "API keys need the Pro plan."


def test_a_limit_of_keys_is_told():
    plans = Plans((FREE, MAX))
    assert plans.refusal("Max", 1) is None
    assert plans.refusal("Max", 2) == (
        "The Max plan includes 2 API keys. Delete one or change the plan."
    )
    assert PLANS.refusal("Pro", 10_000) is None
    assert PLANS.refusal("", 10_000) is None


def test_an_unknown_plan_has_as_many_jobs_at_once_as_any():
    assert [PLANS.jobs(name) for name in ("Free", "Pro", "Gold", "")] == [1, 5, 5, 5]


@pytest.mark.parametrize("plans", [(), (FREE,), (PRO, PRO)])
def test_plans_that_make_no_sense_are_refused(plans):
    with pytest.raises(ValidationError):
        Plans(plans)
