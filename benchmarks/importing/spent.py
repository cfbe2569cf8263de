"""What one side of the import's benchmark took."""

from typing import NamedTuple, Self


class Spent(NamedTuple):
    """Seconds of processor time on the file's rows and on what the store has, and the most memory
    in bytes. What it takes to start is no part of the seconds."""

    rows: float
    store: float
    memory: int

    def as_text(self) -> str:
        return f"{self.rows} {self.store} {self.memory}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        rows, store, memory = text.split()
        return cls(float(rows), float(store), int(memory))
