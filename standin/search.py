"""Shopify's search syntax: `status:active -tag:sale (vendor:"Acme Inc" OR price:>=10)`.

parse() gives a tree of And, Or, Not and Term. What a term means for a record is in matching.py.
"""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
        (?P<open>\() | (?P<close>\)) | (?P<minus>-(?=\S)) |
        (?:(?P<field>[A-Za-z_][\w.$-]*):\s?)? (?P<compare>>=|<=|>|<|=)?
        (?:'(?P<single>(?:\\.|[^'\\])*)' | "(?P<double>(?:\\.|[^"\\])*)" | (?P<bare>[^\s()]+))
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True)
class Term:
    field: str | None  # as written: "created_at"; None searches the usual fields
    compare: str  # ":" or one of > >= < <=
    value: str
    quoted: bool = False


@dataclass(frozen=True)
class Not:
    part: object


@dataclass(frozen=True)
class And:
    parts: tuple


@dataclass(frozen=True)
class Or:
    parts: tuple


def parse(query: str):
    """The tree of a query; an empty And, which matches everything, when it is blank.

    As Shopify does, it makes the best of what is malformed instead of refusing it.
    """
    tokens = list(TOKEN.finditer(query))
    parts = []
    while tokens:
        parts.append(_any_of(tokens))
        if tokens:  # a ")" too many
            tokens.pop(0)
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def terms(tree) -> list[Term]:
    if isinstance(tree, Term):
        return [tree]
    if isinstance(tree, Not):
        return terms(tree.part)
    return [term for part in tree.parts for term in terms(part)]


def exact_values(tree, field: str) -> list[str] | None:
    """The values when the query is nothing but field:a OR field:b ...; None when it is more."""
    parts = tree.parts if isinstance(tree, Or) else (tree,)
    values = [
        part.value
        for part in parts
        if isinstance(part, Term)
        and (part.field, part.compare) == (field, ":")
        and (part.quoted or "*" not in part.value)
    ]
    return values if len(values) == len(parts) else None


def _any_of(tokens: list):
    parts = [_all_of(tokens)]
    while tokens and _word(tokens[0]) == "OR":
        tokens.pop(0)
        parts.append(_all_of(tokens))
    parts = [part for part in parts if part != And(())] or [And(())]
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _all_of(tokens: list):
    parts = []
    while tokens and not tokens[0]["close"] and _word(tokens[0]) != "OR":
        if _word(tokens[0]) == "AND":
            tokens.pop(0)
        else:
            parts.append(_one(tokens))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _one(tokens: list):
    token = tokens.pop(0)
    if token["minus"] or _word(token) == "NOT":
        ends = not tokens or tokens[0]["close"]
        return And(()) if ends else Not(_one(tokens))
    if token["open"]:
        part = _any_of(tokens)
        if tokens:
            tokens.pop(0)
        return part
    quoted = token["bare"] is None
    value = token["bare"] if not quoted else token["single"] or token["double"] or ""
    if quoted:
        value = re.sub(r"\\(.)", r"\1", value)
    compare = token["compare"] or ":"
    return Term(token["field"], ":" if compare == "=" else compare, value, quoted)


def _word(token) -> str | None:
    return None if token["field"] or token["compare"] else token["bare"]
