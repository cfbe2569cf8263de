"""The last sheet of an export: what was exported, when, how long it took, and what is missing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Self
from zoneinfo import ZoneInfo

import orjson

from models.job import Job
from transfer.rows.layout import CELL, Layout
from transfer.types.forms import clock, moment

NAME = "Export Summary"
HEADERS = (
    "Shopify Domain",
    "Job ID",
    "Sheet",
    "Started At",
    "Finished At",
    "Duration",
    "Seconds per Item",
    "Exported",
    "Column Groups",
    "Columns",
    "Filters",
    "Warnings",
)
NUMBERS = {"Seconds per Item", "Exported"}
ITSELF = "Base"
GROUP = re.compile(r"(.+?)(?:: | / )")


@dataclass
class Written:
    """What is known of a sheet once it is written: ``objects`` on it, and by header how many texts
    were ``cut`` because a workbook holds no longer ones."""

    sheet: str
    type: str
    zone: ZoneInfo
    headers: tuple[str, ...]
    objects: int = 0
    cut: Counter[str] = field(default_factory=Counter)

    def warnings(self) -> list[str]:
        return [
            f"{self.sheet}: {count:,} {'text' if count == 1 else 'texts'} in “{header}” cut at "
            "32,767 characters, the most that a cell of a workbook holds. CSV has them whole."
            for header, count in self.cut.items()
        ]


def layout() -> Layout:
    """The sheet's columns; its objects are the cells of a row each."""
    kinds = tuple("number" if header in NUMBERS else "text" for header in HEADERS)
    return Layout(HEADERS, kinds, lambda cells, number: [CELL.join(cells)])


@dataclass(frozen=True)
class Summary:
    """What the rows of an export have in common; it needs no database, as the file streams."""

    domain: str
    job: str
    started_at: str
    finished_at: str
    seconds: float
    filters: dict[str, dict]
    warnings: list[str]

    @classmethod
    def of(cls, job: Job, domain: str) -> Self:
        return cls(
            domain,
            job.id,
            job.started_at.isoformat(),
            job.finished_at.isoformat(),
            (job.finished_at - job.started_at).total_seconds(),
            job.filters,
            job.warnings,
        )

    def rows(self, written: list[Written]) -> Iterator[tuple[str, ...]]:
        """A row for each sheet. To be asked for when all of them are written."""
        return map(self._row, written)

    def _row(self, sheet: Written) -> tuple[str, ...]:
        filters = self.filters.get(sheet.type)
        return (
            self.domain,
            self.job,
            sheet.sheet,
            moment(self.started_at, sheet.zone),
            moment(self.finished_at, sheet.zone),
            clock(round(self.seconds)),
            f"{self.seconds / sheet.objects:.4f}" if sheet.objects else "",
            str(sheet.objects),
            ", ".join(_groups(sheet.headers)),
            ", ".join(sheet.headers),
            orjson.dumps(filters).decode() if filters else "",
            " ".join([*self.warnings, *sheet.warnings()]),
        )


def _groups(headers: tuple[str, ...]) -> list[str]:
    """What stands before the colon or slash of headers that have one; the others are the base."""
    found = (GROUP.match(header) for header in headers)
    return list(dict.fromkeys(group[1] if group else ITSELF for group in found))
