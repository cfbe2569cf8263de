"""The HTML of an answer as a tree, so that tests ask for elements and not for their spelling."""

import re
from functools import lru_cache
from typing import Protocol

from bs4 import BeautifulSoup, Tag


class Answer(Protocol):
    @property
    def text(self) -> str: ...


def select(answer: Answer, selector: str) -> list[Tag]:
    """The elements that a CSS selector finds, in the order of the document."""
    return list(_tree(answer.text).select(selector))


@lru_cache(maxsize=1)
def _tree(document: str) -> BeautifulSoup:
    """Kept for what is asked of the same answer next: to read it takes an eighth of a test."""
    return BeautifulSoup(document, "html.parser")


def one(answer: Answer, selector: str) -> Tag:
    """The only element that a CSS selector finds."""
    found = select(answer, selector)
    assert len(found) == 1, f"{len(found)} elements for {selector}"
    return found[0]


def first(pattern: str | re.Pattern[str], text: str) -> str:
    """The first match of a pattern, which must be there."""
    match = re.search(pattern, text)
    assert match, f"no match of {pattern}"
    return match[0]


def text(answer: Answer, selector: str = ":root") -> str:
    """What a person reads in the only element that a CSS selector finds, with single spaces."""
    return " ".join(one(answer, selector).get_text().split())
