"""The part of a trusted workload's form that a key has not: which jobs are let in."""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from werkzeug.datastructures import MultiDict

from models.workload import (
    MAX_AUDIENCE,
    MAX_ISSUER,
    MAX_MINUTES,
    MAX_REPOSITORY,
    MIN_MINUTES,
    WorkloadRule,
)
from translations import N_, _
from workloads.id_token import MOST_LETTERS, parsed
from workloads.providers import ALL, BY_NAME, DIGITS, TEXT, UUID, Provider

MOST_CLAIMS = 20
FORMS = {
    DIGITS: N_("Enter a number, as the platform shows it."),
    UUID: N_("Enter an ID like 0189a7c6-52c5-4a3e-9d1b-6c9f7d1c2b3a."),
}
OWN = frozenset({"iss", "aud", "exp", "nbf", "iat", "jti"})
"""Claims that are checked of every token, and pinned by no line."""


@dataclass
class WorkloadForm:
    """All as typed; ``typed`` holds the claims of the provider by their names, ``lines`` those of
    another issuer. ``errors`` has a sentence by field, ``values`` the columns of the rule."""

    provider: Provider = ALL[0]
    issuer: str = ALL[0].issuer
    repository: str = ""
    own_audience: str = ""
    minutes: str = str(MIN_MINUTES)
    outside_events: bool = False
    typed: dict[str, str] = field(default_factory=dict)
    lines: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: MultiDict[str, str]) -> "WorkloadForm":
        provider = BY_NAME.get(data.get("provider", ""), ALL[0])
        issuer = data.get("issuer", "").strip() if provider.issuer_form else provider.issuer
        return cls(
            provider,
            issuer,
            repository=" ".join(data.get("repository", "").split()),
            own_audience=data.get("own_audience", "").strip(),
            minutes=data.get("minutes", str(MIN_MINUTES)).strip(),
            outside_events="outside_events" in data,
            typed={pin.claim: data.get(pin.field, "").strip() for pin in provider.pins},
            lines=data.get("lines", ""),
        )

    @classmethod
    def from_rule(cls, rule: WorkloadRule) -> "WorkloadForm":
        form = cls(
            BY_NAME[rule.provider],
            rule.issuer,
            repository=rule.repository,
            own_audience=rule.own_audience,
            minutes=str(rule.minutes),
            outside_events=rule.outside_events,
        )
        form.fill_in(rule.claims)
        return form

    def fill_in(self, claims: dict[str, str]) -> None:
        """Put these values into the fields, as a person would type them."""
        if not self.provider.pins:
            self.lines = "\n".join(f"{name} = {value}" for name, value in claims.items())
        for pin in self.provider.pins:
            if pin.claim in claims:
                self.typed[pin.claim] = claims[pin.claim].removeprefix(pin.prefix)

    def take(self, token: str) -> None:
        """Fill the fields with what this token says; nothing of it is proven or kept."""
        try:
            _header, claims = parsed(token.strip()[: MOST_LETTERS + 1])
        except ValueError:
            self.errors["token"] = _("This is not a token: a JWT has three parts.")
            return
        issuer = claims.get("iss")
        if isinstance(issuer, str):
            self.provider = _platform_of(issuer) or BY_NAME["other"]
            self.issuer = issuer
        offered = {n: str(v) for n, v in claims.items() if isinstance(v, str | int)}
        if not self.provider.pins:
            offered = {"sub": offered["sub"]} if "sub" in offered else {}
        required = {pin.claim for pin in self.provider.pins if pin.required} or {"sub"}
        self.fill_in({name: value for name, value in offered.items() if name in required})
        audience = claims.get("aud")
        if not self.provider.chosen_audience and isinstance(audience, str):
            self.own_audience = audience
        repository = claims.get("repository", claims.get("project_path"))
        if isinstance(repository, str) and not self.repository:
            self.repository = repository

    def validate(self) -> bool:
        """Fill ``values``, or ``errors`` and return False."""
        if self.provider.issuer_form and not self._good_issuer():
            self.errors["issuer"] = _("Enter the issuer’s address; it begins with https://.")
        elif (known := _platform_of(self.issuer)) and self.provider.name == "other":
            self.errors["issuer"] = _(
                "Choose %(platform)s above: its IDs are pinned then, and runs that people outside "
                "the repository can start are refused.",
                platform=known.label,
            )
        if len(self.repository) > MAX_REPOSITORY:
            self.errors["repository"] = _("Use at most %(most)s characters.", most=MAX_REPOSITORY)
        if not self.provider.chosen_audience and not re.fullmatch(TEXT, self.own_audience):
            self.errors["own_audience"] = _("Enter what the token says in aud.")
        minutes = int(self.minutes) if re.fullmatch("[0-9]{1,3}", self.minutes) else 0
        if not MIN_MINUTES <= minutes <= MAX_MINUTES:
            limits = {"least": MIN_MINUTES, "most": MAX_MINUTES}
            self.errors["minutes"] = _("Enter a number from %(least)s to %(most)s.", **limits)
        claims = self._claims() if self.provider.pins else self._other_claims()
        own_audience = "" if self.provider.chosen_audience else self.own_audience
        self.values = {
            "provider": self.provider.name,
            "issuer": self.issuer,
            "own_audience": own_audience[:MAX_AUDIENCE],
            "claims": claims,
            "outside_events": self.outside_events and self.provider.inside is not None,
            "repository": "".join(filter(str.isprintable, self.repository)),
            "minutes": minutes,
        }
        return not self.errors

    def _good_issuer(self) -> bool:
        """As its provider writes it; without https only where the operator allows that."""
        if len(self.issuer) > MAX_ISSUER or not self.issuer.isprintable():
            return False
        if not re.fullmatch(self.provider.issuer_form, self.issuer):
            return False
        parts = urlsplit(self.issuer)
        private = current_app.config["SETTINGS"].PRIVATE_ISSUERS
        known = parts.scheme == "https" or f"{parts.scheme}://{parts.netloc}" in private
        return known and not (parts.query or parts.fragment)

    def _claims(self) -> dict[str, str]:
        claims = {}
        for pin in self.provider.pins:
            text = self.typed.get(pin.claim, "")
            if not text and pin.required:
                self.errors[pin.field] = _("It is needed: names can be registered again.")
            elif text and not re.fullmatch(pin.form, text):
                known = FORMS.get(pin.form, N_("Use letters, digits, spaces and punctuation only."))
                self.errors[pin.field] = _(known)
            elif text:
                claims[pin.claim] = pin.prefix + text.removeprefix(pin.prefix)
        return claims

    def _other_claims(self) -> dict[str, str]:
        claims: dict[str, str] = {}
        for number, line in enumerate(self.lines.splitlines(), 1):
            if not line.strip():
                continue
            name, equals, value = map(str.strip, line.partition("="))
            known = equals and re.fullmatch(r"[^\s=]{1,100}", name) and re.fullmatch(TEXT, value)
            if not known or name in OWN or name in claims:
                self.errors["lines"] = _(
                    "Line %(number)s is not a claim. Write it like sub = value.", number=number
                )
                return claims
            claims[name] = value
        if not claims:
            self.errors["lines"] = _("Enter at least one claim, such as sub.")
        elif len(claims) > MOST_CLAIMS:
            self.errors["lines"] = _("Enter at most %(most)s claims.", most=MOST_CLAIMS)
        return claims


def _platform_of(issuer: str) -> Provider | None:
    """The platform whose tokens this issuer signs, as far as its address tells."""
    return next((one for one in ALL if _issues(one, issuer)), None)


def _issues(provider: Provider, issuer: str) -> bool:
    """Whether a token of this issuer is of that provider, as far as its address tells."""
    if not provider.issuer_form:
        return provider.issuer == issuer
    host = urlsplit(provider.issuer).hostname
    hosts = {host, "sts.windows.net"} if provider.name == "azure" else {host}
    return bool(host) and urlsplit(issuer).hostname in hosts
