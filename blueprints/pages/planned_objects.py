"""The objects of an import on its page: filtered, and in pages that are found by index."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Self

from sqlalchemy import ColumnElement, CompoundSelect, Select
from werkzeug.datastructures import MultiDict

from models import db
from models.import_object import ACTIONS, WRITES, ImportObject
from models.job import IMPORT_RESULTS, Job
from transfer.importing.changes import FieldChange
from transfer.importing.plan_file import PlannedObject, with_changes

PAGE = 50
MAX_WORDS, MAX_COLUMN = 100, 255
MOST_NUMBER = 2**31 - 1
"""The largest number that its column holds; of anything larger in an address there is no object."""
CHANGES = "changes"
"""The filter that leaves out what stays as it is: the one that the page begins with."""
LONG = 40
"""Characters, from which a text is shown as a difference of words."""
MOST_COMPARED = 600
"""Words: longer texts are shown as they are."""
MOST_ALIKE = 4000
"""Pairs of the same word: the comparison looks at each of them again and again. Prose has fewer; a
text that says little else than one word is shown as it is."""
MOST_SHOWN = 400
"""Characters of what stays: a word may be as long as its cell."""
AROUND = 6
"""Words that are shown around those that differ."""


@dataclass(frozen=True)
class PlanFilter:
    """``show`` is an action or a result, or CHANGES, or empty for all; ``words`` are looked for in
    the keys; ``column`` is a header that changes."""

    show: str = CHANGES
    words: str = ""
    column: str = ""

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> Self:
        """The filter of a form or URL; unknown values filter nothing."""
        show = data.get("show", CHANGES)
        words = data.get("words", "").replace("\0", "").strip()
        return cls(
            show=show if show in (*ACTIONS, *IMPORT_RESULTS, CHANGES, "") else CHANGES,
            words=words[:MAX_WORDS],
            column=data.get("column", "").replace("\0", "").strip()[:MAX_COLUMN],
        )

    def conditions(self, job: Job) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.show == CHANGES:
            found.append(ImportObject.action.in_((*WRITES, "failed")))
        elif self.show in ACTIONS:
            found.append(ImportObject.action == self.show)
        elif self.show:
            found.append(ImportObject.result == self.show)
        if self.words:
            found.append(ImportObject.number.in_(_numbers_of(job, self.words)))
        if self.column:
            found.append(ImportObject.columns.contains(f"\t{self.column}\t", autoescape=True))
        return found


def _numbers_of(job: Job, words: str) -> Select[tuple[int]] | CompoundSelect[tuple[int]]:
    """The numbers of the objects with these words in their key, or with this ID. In a query of its
    own the indexes of both are read, and not every object."""
    numbers = db.select(ImportObject.number).where(ImportObject.job_id == job.id)
    by_key = numbers.where(ImportObject.key.icontains(words.casefold(), autoescape=True))
    if not words.isdecimal():
        return by_key
    by_id = numbers.where(ImportObject.ref.endswith(f"/{words}", autoescape=True))
    return by_key.union(by_id)


@dataclass(frozen=True)
class PlanPage:
    """Some objects of an import, and whether there are ``more`` behind them."""

    objects: list[PlannedObject]
    more: bool

    @classmethod
    def of(cls, job: Job, wanted: PlanFilter, after: int = 0, most: int = PAGE) -> Self:
        """The page behind the object with this number."""
        after = min(max(after, 0), MOST_NUMBER)
        query = db.select(ImportObject).where(
            ImportObject.job_id == job.id, ImportObject.number > after, *wanted.conditions(job)
        )
        found = list(db.session.scalars(query.order_by(ImportObject.number).limit(most + 1)))
        return cls(with_changes(job, found[:most]), len(found) > most)


def words_of(change: FieldChange) -> list[tuple[str, str]]:
    """A long text as what stays (``""``), goes (``del``) and comes (``ins``), with some words
    around; empty where before and after are to be shown as they are."""
    if not change.before or not change.after or max(len(change.before), len(change.after)) < LONG:
        return []
    one, other = change.before.split(), change.after.split()
    if len(one) > MOST_COMPARED or len(other) > MOST_COMPARED:
        return []
    counts, others = Counter(one), Counter(other)
    if sum(count * others[word] for word, count in counts.items()) > MOST_ALIKE:
        return []
    found = []
    for tag, start, end, begin, finish in SequenceMatcher(None, one, other, False).get_opcodes():
        if tag == "equal":
            found.append(("", _around(one[start:end])))
            continue
        found += [("del", " ".join(one[start:end])), ("ins", " ".join(other[begin:finish]))]
    return [(tag, words) for tag, words in found if words]


def _around(words: list[str]) -> str:
    if len(words) > 2 * AROUND + 1:
        words = [*words[:AROUND], "…", *words[-AROUND:]]
    text = " ".join(words)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
