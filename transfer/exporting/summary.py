"""The last sheet of an export: what was exported, when, how long it took, and what is missing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from models.job import Job
from transfer.reading.filters import in_words
from transfer.rows.layout import CELL, Layout
from transfer.types.base import Item
from transfer.types.forms import CellType, clock, local_time

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
BASE, METAFIELDS = "Base", "Metafields"
LINKED = {
    "Must Match": "Rules",
    "Rule: ": "Rules",
    "Product: ": "Linked Products",
    "Products Count": "Products Count",
}
GROUPS = {
    "Products": {
        "Category": "Category",
        "Custom Collections": "Collections",
        "Smart Collections": "Collections",
        "Image ": "Images",
        "Variant Cost": "Variant Cost",
        "Variant HS Code": "Customs Information",
        "Variant Country of Origin": "Customs Information",
        "Variant Province of Origin": "Customs Information",
        "Variant Metafield: ": "Variant Metafields",
        "Variant ": "Variants",
        "Option": "Variants",
        "Inventory ": "Inventory Levels",
        "Included / ": "Pricing By Markets",
        "Price / ": "Pricing By Markets",
        "Compare At Price / ": "Pricing By Markets",
    },
    "Smart Collections": LINKED,
    "Custom Collections": LINKED,
    "Discounts": {
        "Buy X Get Y: ": "Type Specific",
        "Free Shipping: ": "Type Specific",
        "Eligibility: ": "Eligibility",
        "Purchase Type": "Purchase Type",
        "Combines with ": "Combinations",
    },
    "Blog Posts": {"Blog: ": "Blogs", "Comment: ": "Comments"},
    "Metaobjects": {"Field": "Field Values", "Value": "Field Values"},
    "Menus": {"Menu Item: ": "Menu Items"},
    "Files": {"Size": "Size Mb"},
}
"""The groups of columns as summaries of real exports name them, by how headers begin. All other
columns are the base."""


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


def layout(summary: "Summary") -> Layout:
    """The sheet's columns; its objects are its rows. ``Exported`` is a text where it
    says of how many."""
    numbers = NUMBERS - ({"Exported"} if summary.filters else set())
    kinds: tuple[CellType, ...] = tuple(
        "number" if header in numbers else "text" for header in HEADERS
    )
    return Layout(HEADERS, kinds, lambda row, number: [CELL.join(row.values())])


@dataclass(frozen=True)
class Summary:
    """What the rows of an export have in common; it needs no database, as the file streams.

    ``times`` are by type when it was begun and over, ``totals`` how many objects the store has of
    it where only some are exported.
    """

    domain: str
    job: str
    times: dict[str, tuple[str, str]]
    totals: dict[str, int | None]
    filters: dict[str, dict[str, Any]]
    warnings: list[str]

    @classmethod
    def of(cls, job: Job, domain: str) -> Self:
        start = job.started_at or job.created_at
        whole = (start.isoformat(), (job.finished_at or start).isoformat())
        return cls(
            domain,
            job.id,
            {name: tuple(state.get("times", whole)) for name, state in job.operations.items()},
            {name: state.get("of") for name, state in job.operations.items()},
            {name: filters for name, filters in job.filters.items() if filters},
            job.warnings,
        )

    def rows(self, written: list[Written]) -> Iterator[Item]:
        """A row for each sheet, by header. Call it when all of them are written."""
        sheets = Counter(sheet.type for sheet in written)
        for sheet in written:
            cells = self._row(sheet, alone=sheets[sheet.type] == 1)
            yield dict(zip(HEADERS, cells, strict=True))

    def _row(self, sheet: Written, *, alone: bool) -> tuple[str, ...]:
        start, end = self.times[sheet.type]
        seconds = (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
        filters = self.filters.get(sheet.type)
        total = self.totals.get(sheet.type) if filters and alone else None
        return (
            self.domain,
            self.job,
            sheet.sheet,
            local_time(start, sheet.zone),
            local_time(end, sheet.zone),
            clock(round(seconds)),
            _trimmed(seconds / sheet.objects) if sheet.objects else "",
            f"{sheet.objects}" if total is None else f"{sheet.objects} of {total}",
            ", ".join(_groups(sheet)),
            ", ".join(sheet.headers),
            in_words(filters) if filters else "",
            " ".join([*self.warnings, *sheet.warnings()]),
        )


def _trimmed(seconds: float) -> str:
    """At most three decimals: ``0.25``."""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def _groups(sheet: Written) -> list[str]:
    """The groups that a sheet has columns of, in the order of its columns."""
    known = GROUPS.get(sheet.sheet, {}) | {"Metafield: ": METAFIELDS}
    found = (
        next((group for beginning, group in known.items() if header.startswith(beginning)), BASE)
        for header in sheet.headers
    )
    return list(dict.fromkeys(found))
