"""The bodies of POST /uploads and /files."""

from typing import Annotated, Any, TypeVar

from flask import request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from blueprints.api.new_apply import whole
from blueprints.errors import Problem
from models.uploaded_file import LONGEST_NAME
from transfer.files.uploads import AT_ONCE

NAME = r"^[^/\\\x00-\x1f\x7f]*[^/\\\x00-\x1f\x7f. ][^/\\\x00-\x1f\x7f]*$"
"""The name of a file and of no folder."""
Size = Annotated[int, Field(gt=0, strict=True), BeforeValidator(whole)]


class NewUpload(BaseModel):
    """A file to upload; ``replace`` gives the store's file of this name its content."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=NAME)
    size: Size
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    replace: bool = False


class NewUploads(BaseModel):
    model_config = ConfigDict(extra="forbid")

    files: list[NewUpload] = Field(min_length=1, max_length=AT_ONCE)


class Uploaded(BaseModel):
    """A file that is uploaded, by what the first call said of it; ``alt`` is its alt text."""

    model_config = ConfigDict(extra="forbid", strict=True)

    upload: str
    alt: str | None = Field(default=None, max_length=512)


class NewFiles(BaseModel):
    model_config = ConfigDict(extra="forbid")

    files: list[Uploaded] = Field(min_length=1, max_length=AT_ONCE)


Body = TypeVar("Body", bound=BaseModel)


def parse(model: type[Body]) -> Body:
    """The request's body, or a Problem that names what is wrong."""
    try:
        return model.model_validate_json(request.get_data())
    except ValidationError as error:
        found = [_sentence(one) for one in error.errors(include_url=False, include_input=False)]
        raise Problem(422, "invalid", found[0]["detail"], errors=found) from None


def _sentence(error: Any) -> dict[str, str]:
    field = ".".join(map(str, error["loc"])) or "body"
    return {"field": field, "detail": f"{field}: {error['msg']}."}
