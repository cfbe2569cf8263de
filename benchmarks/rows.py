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


def table(rows: list[Row]) -> str:
    """The rows as aligned text."""
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
