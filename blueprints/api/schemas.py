"""The bodies of the API's answers as pydantic models, from which OpenAPI's schemas are generated.

What a call takes is a model beside its view, like ``NewExport``.
"""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema, create_model
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, models_json_schema

from blueprints.api.new_apply import NewApply, NewUndo
from blueprints.api.new_export import FormatName, NewExport, TypeName
from blueprints.api.new_uploads import NewFiles, NewUploads
from models.api_key import ENVIRONMENTS
from models.approval import OF_KEY, OF_SHOP
from models.import_limits import DEFAULTS, MODES
from models.import_object import ACTIONS
from models.import_plan import BLANK
from models.job import EXPORT_STATUSES, IMPORT_RESULTS, IMPORT_STATUSES
from models.personal_data import Personal

ExportStatus = Annotated[str, WithJsonSchema({"type": "string", "enum": list(EXPORT_STATUSES)})]
ImportStatus = Annotated[str, WithJsonSchema({"type": "string", "enum": list(IMPORT_STATUSES)})]
Environment = Annotated[str, WithJsonSchema({"type": "string", "enum": list(ENVIRONMENTS)})]
ImportMode = Annotated[str, WithJsonSchema({"type": "string", "enum": list(MODES)})]
Approval = Annotated[str, WithJsonSchema({"type": "string", "enum": [OF_KEY, OF_SHOP]})]
_limits: dict[str, Any] = dict.fromkeys(DEFAULTS, (int, ...))
ImportLimits = create_model("ImportLimits", **_limits)
_counts: dict[str, Any] = dict.fromkeys(IMPORT_RESULTS, (int, ...))
Counts = create_model("Counts", **_counts)


class Answer(BaseModel):
    model_config = ConfigDict(serialize_by_alias=True)


class Problem(Answer):
    type: str
    title: str
    status: int
    code: str
    detail: str
    request_id: str = Field(description="that of the header X-Request-Id, for your questions")


class KeyShop(Answer):
    domain: str
    name: str


class KeyPermissions(Answer):
    export: list[TypeName]
    import_: list[TypeName] = Field(alias="import")


class KeyImports(Answer):
    """How imports with the key are applied, and what they may do before a person decides."""

    mode: ImportMode
    limits: ImportLimits


class Key(Answer):
    shop: KeyShop
    name: str
    preview: str
    permissions: KeyPermissions
    environment: Environment | None
    imports: KeyImports
    personal_data: Personal = Field(
        description="how much personal data the key sees: all, stand-ins in its place, or none"
    )
    expires_at: AwareDatetime | None


class Progress(Answer):
    """How far something is: objects of the store, or rows of an import's file."""

    done: int
    total: int | None
    rate: float | None = Field(description="a second, since the job started")
    seconds_left: int | None


class TypeProgress(Progress):
    rows: int | None


class ExportProgress(Progress):
    types: dict[str, TypeProgress] = {}


class JobAnswer(Answer):
    """What exports and imports have in common."""

    id: str
    error: str | None
    warnings: list[str]
    created_at: AwareDatetime
    started_at: AwareDatetime | None
    finished_at: AwareDatetime | None


class Export(JobAnswer):
    status: ExportStatus
    types: list[TypeName]
    format: FormatName
    filters: dict[str, dict[str, Any]]
    columns: dict[str, Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]]
    rows: int | None
    file: str | None
    progress: ExportProgress


class WorstChange(Answer):
    """One of the changes for which a plan is over a limit; of a deleted object its key alone."""

    type: TypeName
    key: str
    rows: list[int]
    column: str
    member: str
    before: str
    after: str


class OverLimit(Answer):
    limit: str
    count: int
    allowed: int
    earlier: int = Field(description="of other imports with this key in the last hour")
    worst: list[WorstChange]


class PlannedChange(Answer):
    column: str
    member: str
    before: str
    after: str


class PlanLine(Answer):
    """An object of a plan; ``rows`` are its lines in the sheet, the first below the header is 2."""

    type: TypeName
    sheet: str
    key: str
    id: str | None
    action: Annotated[str, WithJsonSchema({"type": "string", "enum": list(ACTIONS)})]
    rows: list[int]
    changes: list[PlannedChange]
    warnings: list[str]
    blanks: list[str]


class NotUndoable(Answer):
    action: str
    count: int


class Plan(Answer):
    """How many objects are to be created and so on; the limits that hold it back until somebody
    accepts them; how many objects mail a customer; what an undo cannot bring back."""

    created: int
    updated: int
    deleted: int
    unchanged: int
    skipped: int
    failed: int
    limits: list[OverLimit]
    approval: Approval | None = Field(description="why a person has to apply it")
    mails: int
    not_undoable: list[NotUndoable]
    blanks_kept: int
    planned_at: AwareDatetime
    sha256: str | None


class ImportedSheet(Answer):
    """A sheet of the file; of one that is not read yet the rows are not known."""

    name: str
    type: TypeName
    rows: int | None


class Import(JobAnswer):
    status: ImportStatus
    types: list[TypeName]
    sheets: list[ImportedSheet]
    dry_run: bool
    blank: Annotated[str, WithJsonSchema({"type": "string", "enum": list(BLANK)})]
    strict: bool
    rows: int | None
    progress: Progress
    counts: Counts
    plan: Plan | None
    undoes: str | None
    undone_by: str | None


class Exports(Answer):
    exports: list[Export]


class Imports(Answer):
    imports: list[Import]


class File(Answer):
    """A file of the store; one that is not ready yet has no name, address or size."""

    id: str
    name: str
    status: Literal["uploaded", "processing", "ready", "failed"]
    error: str = Field(description="why it failed")
    type: Literal["IMAGE", "VIDEO", "EXTERNAL_VIDEO", "MODEL_3D", "FILE"]
    mime_type: str
    url: str | None = Field(description="where its content is, as it was uploaded")
    size: int | None = Field(description="in bytes")
    alt: str
    created_at: AwareDatetime
    updated_at: AwareDatetime


class ListedFile(File):
    used_in: str = Field(description="`product`, or empty")


class FormField(Answer):
    name: str
    value: str


class UploadTarget(Answer):
    """Where to POST a form with these fields and then the file, as `file`, of this media type."""

    url: str
    type: str
    fields: list[FormField]


class StartedUpload(Answer):
    """`upload`: send the file to the target, then its `upload` to POST /files. `stored`: the store
    has the file. `failed`: Shopify does not take it."""

    result: Literal["upload", "stored", "failed"]
    target: UploadTarget | None
    upload: str | None
    file: File | None
    error: str | None


class MadeFile(Answer):
    result: Literal["stored", "failed"]
    file: File | None
    error: str | None


class StartedUploads(Answer):
    files: list[StartedUpload]


class MadeFiles(Answer):
    files: list[MadeFile]


class FoundFiles(Answer):
    files: list[File]


class Files(Answer):
    """A page of the store's files; `after` is the parameter for the next page, if there is one."""

    files: list[ListedFile]
    after: str | None


class NewToken(BaseModel):
    """An ID token that a job hands in, and the trusted workload by its address (RFC 8693)."""

    grant_type: Literal["urn:ietf:params:oauth:grant-type:token-exchange"]
    subject_token: str
    subject_token_type: Literal[
        "urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:jwt"
    ]
    audience: str
    requested_token_type: Literal["urn:ietf:params:oauth:token-type:access_token"] | None = None


class Token(Answer):
    """A key that lives a few minutes."""

    access_token: str
    issued_token_type: Literal["urn:ietf:params:oauth:token-type:access_token"]
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="seconds")


class TokenError(Answer):
    """What was wrong (RFC 6749, section 5.2)."""

    error: Literal[
        "invalid_request",
        "invalid_scope",
        "invalid_target",
        "unsupported_grant_type",
        "temporarily_unavailable",
    ]
    error_description: str


class LeakedKeys(BaseModel):
    keys: list[str]


class _Untitled(GenerateJsonSchema):
    """Without a title for each field, which says its name once more."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


ANSWERS: tuple[type[BaseModel], ...] = (
    *(Problem, Key, Export, Import, Exports, Imports, PlanLine),
    *(Files, FoundFiles, File, StartedUploads, MadeFiles, Token, TokenError),
)
BODIES = (NewExport, NewApply, NewUndo, NewUploads, NewFiles, LeakedKeys, NewToken)


def generated() -> dict[str, Any]:
    """The schema of every body, by its model's name."""
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    modes += [(model, "serialization") for model in ANSWERS]
    modes += [(model, "validation") for model in BODIES]
    _, whole = models_json_schema(
        modes,
        ref_template="#/components/schemas/{model}",
        schema_generator=_Untitled,
    )
    schemas: dict[str, Any] = whole["$defs"]
    return schemas
