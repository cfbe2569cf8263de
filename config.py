"""Every setting, read once from the environment and typed. A wrong one stops the start by name."""

import re
from collections.abc import Mapping
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from click import ClickException
from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    Json,
    NonNegativeInt,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from plans import FREE, PRO, Plans

ROOT = Path(__file__).parent
THREADS = 8
"""Of each process of gunicorn, for short calls."""


class BadSettings(ClickException):
    """One line that names the setting and what to do about it; commands print it alone."""


def _versioned_keys(text: object) -> object:
    """``"1:<64 hex digits>,2:<64 hex digits>"`` to ``{1: bytes, 2: bytes}``."""
    if not isinstance(text, str):
        return text
    keys = {}
    for part in text.split(","):
        version, _, digits = part.strip().partition(":")
        try:
            number, key = int(version), bytes.fromhex(digits)
        except ValueError:
            raise ValueError("write it as 1:<64 hexadecimal digits>") from None
        if number in keys:
            raise ValueError(f"version {number} is there twice")
        keys[number] = key
    if any(len(key) != 32 or not 0 < version < 256 for version, key in keys.items()):
        raise ValueError("each key is 64 hexadecimal digits after its version (1 to 255)")
    return keys


def _ranges(text: object) -> object:
    """``"10.0.0.0/8, ::1"`` to networks."""
    if not isinstance(text, str):
        return text
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("write addresses or ranges like 10.0.0.0/8, apart by commas") from None


def _origins(text: object) -> object:
    """``"https://gitlab.internal, http://127.0.0.1:8080"`` to its parts."""
    if not isinstance(text, str):
        return text
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(re.fullmatch(r"https?://[^/\s;,]+", part) for part in parts):
        raise ValueError("write origins like https://gitlab.internal, apart by commas")
    return parts


def _form(pattern: str, default: Any = ..., *, write: str, **more: Any) -> Any:
    """A text of this form, and how to write it: what is said of a wrong one."""
    return Field(default, pattern=pattern, description=write, **more)


DATABASE = r"sqlite:////.*[^/]|postgres(ql)?://.+"
DATABASE_FORMS = "write sqlite:////absolute/path.db or postgresql://user:password@host/name"
ORIGIN = r"https?://[^/\s;,]+"
Ranges = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_ranges)]
Origins = Annotated[tuple[str, ...], BeforeValidator(_origins)]
VersionedKeys = Annotated[dict[int, bytes], BeforeValidator(_versioned_keys)]


class Settings(BaseModel):
    """The settings, by the names they have in the environment."""

    APP_URL: str = _form(
        f"^{ORIGIN}$", write="write it like https://altera.example.com, without a slash at the end"
    )
    SECRET_KEY: str = Field(min_length=32, repr=False)
    KEY_PEPPERS: VersionedKeys = Field(repr=False)
    ENCRYPTION_KEYS: VersionedKeys = Field(repr=False)
    KEY_REVEAL_MINUTES: NonNegativeInt | Literal["forever"] = 60
    DATABASE_URL: str = _form(
        f"^({DATABASE})$", f"sqlite:///{ROOT}/var/altera.db", write=DATABASE_FORMS, repr=False
    )
    JOBS_DATABASE_URL: str = _form(f"^({DATABASE}|)$", "", write=DATABASE_FORMS, repr=False)
    WORKER_NAME: str = _form(
        r"^[\w.-]{1,100}$", "worker-1", write="letters, digits, dots and hyphens, 100 at most"
    )
    WORKER_NAME_SECONDS: float = Field(10, ge=0, allow_inf_nan=False)
    SHOPIFY_CLIENT_ID: str = Field(min_length=1)
    SHOPIFY_CLIENT_SECRET: str = Field(min_length=1, repr=False)
    SHOPIFY_OLD_CLIENT_SECRET: str = Field("", repr=False)
    SHOPIFY_ORIGIN: str = _form(
        r"^https?://.*\{shop\}", "https://{shop}", write="write an address that has {shop} in it"
    )
    APP_BRIDGE_URL: str = _form(
        f"^{ORIGIN}/.+$",
        "https://cdn.shopify.com/shopifycloud/app-bridge.js",
        write="write the whole address of the script",
    )
    RETRY_SECONDS: float = Field(0.5, gt=0, allow_inf_nan=False)
    FRAME_ANCESTOR: str = _form(
        f"^({ORIGIN}|)$", "", write="write one origin, like https://admin.example.com"
    )
    IMPORT_MAX_MB: int = Field(250, gt=0)
    IMPORT_MAX_ROWS: int = Field(1_000_000, gt=0)
    SHOP_IMPORTS_MAX_MB: int = Field(2500, gt=0)
    SHOP_MAX_UNFINISHED_JOBS: int = Field(100, gt=0)
    SHOP_MAX_JOBS_PER_HOUR: int = Field(1000, gt=0)
    MAIL_URL: str = _form(
        r"^$|^smtps?://[^/]*[^/@:]|^file:///",
        "",
        write="write smtp://user:password@host:587, smtps://user:password@host:465 or file:///folder",
        repr=False,
    )
    MAIL_FROM: str = Field("", validate_default=True)
    PLANS: Json[Plans] = Plans((FREE, PRO))
    PLAN_SOURCE: str = _form(
        r"^(admin|partner|fixed:.+)$", "admin", write="write admin, partner or fixed:<name>"
    )
    PLAN_GRACE_HOURS: int = Field(72, ge=0)
    PARTNER_ORG_ID: str = _form(r"^\d*$", "", write="it is a number", validate_default=True)
    PARTNER_APP_ID: str = _form(r"^\d*$", "", write="it is a number", validate_default=True)
    PARTNER_TOKEN: str = Field("", repr=False, validate_default=True)
    PARTNER_URL: str = _form(
        f"^{ORIGIN}/.+$",
        "https://partners.shopify.com/{org}/api/2026-07/graphql.json",
        write="write the whole address, with {org} for the organization's number",
    )
    SHOPIFY_ADMIN_URL: str = _form(
        f"^{ORIGIN}$", "https://admin.shopify.com", write="write it without a slash at the end"
    )
    APP_HANDLE: str = _form(
        r"^[a-z0-9-]+$",
        "altera",
        write="small letters, digits and hyphens, as in Shopify's address",
    )
    CLI_COMMAND: str = _form(
        r"^[\w@./ -]+$", "npx altera", write="write what starts the command line, like npx altera"
    )
    TRUSTED_PROXIES: Ranges = ()
    PRIVATE_ISSUERS: Origins = ()
    GITHUB_API_URL: str = _form(
        f"^{ORIGIN}(/[^\\s]*[^/\\s])?$",
        "https://api.github.com",
        write="write it without a slash at the end",
    )
    RATE_LIMIT_STORAGE_URL: str = _form(
        r"^(memory://|rediss?://.+)$",
        "memory://",
        write="write memory:// or redis://host:6379/0",
        repr=False,
    )
    METRICS_PORT: int = Field(0, ge=0, le=65535)
    LOG_FORMAT: Literal["json", "text"] = "json"
    LOG_LEVEL: Literal["info", "warning"] = "info"
    LOG_REQUESTS: Literal["errors", "all", "none"] = "errors"
    WEB_CONCURRENCY: int = Field(2, gt=0)
    CLIENT_SECONDS: int = Field(20, gt=0)
    TRANSFERS: int = Field(16, gt=0)
    TRANSFERS_PER_SHOP: int = Field(8, gt=0)
    TRANSFERS_PER_KEY: int = Field(4, gt=0)

    @field_validator("PLAN_SOURCE")
    @classmethod
    def _fixed_plan_exists(cls, source: str, info: ValidationInfo) -> str:
        kind, _, name = source.partition(":")
        if kind == "fixed" and "PLANS" in info.data and not info.data["PLANS"].named(name):
            raise ValueError("PLANS has no plan of that name")
        return source

    @field_validator("PARTNER_ORG_ID", "PARTNER_APP_ID", "PARTNER_TOKEN")
    @classmethod
    def _partner_is_complete(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("PLAN_SOURCE") == "partner" and not value:
            raise ValueError("PLAN_SOURCE=partner needs it")
        return value

    @field_validator("MAIL_FROM")
    @classmethod
    def _names_a_sender(cls, text: str, info: ValidationInfo) -> str:
        if info.data.get("MAIL_URL") and "@" not in parseaddr(text)[1]:
            raise ValueError("with MAIL_URL it is needed: Altera <altera@example.com>")
        return text

    @property
    def client_secrets(self) -> tuple[str, ...]:
        """What Shopify may sign with: the secret, and during a rotation the one before it."""
        old = self.SHOPIFY_OLD_CLIENT_SECRET
        return (self.SHOPIFY_CLIENT_SECRET, old) if old else (self.SHOPIFY_CLIENT_SECRET,)

    def shopify_origin(self, domain: str) -> str:
        """Where this shop's Admin API answers."""
        return self.SHOPIFY_ORIGIN.format(shop=domain)

    @property
    def database_url(self) -> str:
        """The database under the driver that this project installs for it."""
        return _with_driver(self.DATABASE_URL)

    @property
    def jobs_database_url(self) -> str:
        """Where durable jobs keep their state; beside the database unless set."""
        if self.JOBS_DATABASE_URL:
            return _with_driver(self.JOBS_DATABASE_URL)
        if self.DATABASE_URL.startswith("sqlite"):
            return self.DATABASE_URL.removesuffix(".db") + "-jobs.db"
        return self.database_url


def _with_driver(url: str) -> str:
    scheme, colon, rest = url.partition("://")
    postgres = scheme in ("postgres", "postgresql")
    return f"postgresql+psycopg{colon}{rest}" if postgres else url


def read(environ: Mapping[str, str]) -> Settings:
    """Return the settings, or raise BadSettings for the first one that is wrong or missing."""
    named = {name: environ[name] for name in Settings.model_fields if environ.get(name)}
    try:
        return Settings(**named)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = first["loc"][0]
        trouble = "is missing" if first["type"] == "missing" else f"is wrong: {_why(first)}"
        raise BadSettings(f"The setting {name} {trouble}. .env.example describes it.") from None


def _why(error: Mapping[str, Any]) -> str:
    """In words for who wrote the setting; never its value."""
    if error["type"] == "string_pattern_mismatch":
        return Settings.model_fields[error["loc"][0]].description or "see there"
    message: str = error["msg"]
    return message.removeprefix("Value error, ")
