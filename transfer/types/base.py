"""What a data type declares about itself."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DataType:
    """One kind of store data a key may export or import.

    ``name`` is what programs say (snake_case), ``label`` and ``about`` what merchants read.
    """

    name: str
    label: str
    about: str
    importable: bool = True
