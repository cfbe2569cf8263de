"""Calls to Shopify are counted by what came back."""

import pytest

from shopify import meters


def count(answer: str) -> float:
    return meters.ANSWERS.labels(answer)._sum.get()


@pytest.mark.parametrize(
    ("status", "body", "answer"),
    [
        (200, {"data": {}}, "200"),
        (429, {}, "429"),
        (200, {"errors": [{"extensions": {"code": "THROTTLED"}}]}, "THROTTLED"),
        (200, {"errors": [{"message": "no"}]}, "200"),
        (403, {"errors": "[API] This action requires merchant approval"}, "403"),
    ],
)
def test_an_answer_is_counted_as_what_it_is(status, body, answer):
    before = count(answer)
    meters.answered(status, body, 0.5)
    assert count(answer) == before + 0.5


def test_a_call_without_an_answer_and_a_wait_are_counted():
    before, waited = count(meters.NOTHING), meters.WAITED._value.get()
    meters.unanswered(3)
    meters.wait(0.01)
    assert count(meters.NOTHING) == before + 3
    assert meters.WAITED._value.get() == pytest.approx(waited + 0.01)


def test_where_nothing_is_waited_for_there_is_no_sleep(monkeypatch):
    slept: list[float] = []
    monkeypatch.setattr("shopify.meters.time.sleep", slept.append)
    meters.wait(0)
    assert slept == []
    meters.wait(0.01)
    assert slept == [0.01]
