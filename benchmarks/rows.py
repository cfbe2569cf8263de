"""One line of the table: what was measured, beside its peer or its limit."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """``goal`` says what was promised of ``figure``, if anything was; ``kept`` whether it holds in
    this run."""

    what: str
    figure: str
    beside: str
    goal: str
    kept: bool

    def cells(self) -> tuple[str, ...]:
        return self.what, self.figure, self.beside, self.goal, self._verdict()

    def _verdict(self) -> str:
        if not self.goal:
            return ""
        return "yes" if self.kept else "NO"


HEADER = ("what", "figure", "beside", "goal", "kept")


WIDTHS = (44, 34, 44, 46, 4)
"""So that a row can be printed before the next one is known; a longer cell moves its row."""


def line(cells: tuple[str, ...]) -> str:
    """A row as text, aligned with the others."""
    padded = (cell.ljust(width) for cell, width in zip(cells, WIDTHS, strict=True))
    return "  ".join(padded).rstrip()
