"""The bodies of POST /imports/<id>/apply and /undo."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def whole(number: object) -> object:
    """JSON has one kind of number: 3.0 is 3."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


MOST = 2**53 - 1
"""The largest whole number that every reader of JSON takes exactly."""
Count = Annotated[int, Field(ge=0, le=MOST, strict=True), BeforeValidator(whole)]


class NewApply(BaseModel):
    """What of the limits that the plan is over is accepted: each by its count in the plan."""

    model_config = ConfigDict(extra="forbid")

    accept: dict[str, Count] = {}


class NewUndo(BaseModel):
    """``dry_run`` ends as a plan; ``force`` also takes back what others have changed since."""

    model_config = ConfigDict(extra="forbid", strict=True)

    dry_run: bool = False
    force: bool = False
