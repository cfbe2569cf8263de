"""One field of one object: may it be read, where its value comes from, what shape it must have.

The executor and the bulk queries both read fields through field(), so they agree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from graphql import (
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    is_abstract_type,
    is_composite_type,
)
from graphql import get_named_type as named

from standin import errors, idempotency, mutations, roots
from standin.computed import COMPUTED
from standin.context import Context
from standin.defaults import default
from standin.listings import ListListing, OwnedListing
from standin.schema import admin, is_connection, node_type, with_fields

Compute = Callable[[Context, dict, dict], Any]
"""(context, source, arguments) -> stored form"""
Fit = Callable[[Context, Any, dict], Any]
"""(context, stored form, arguments) -> value"""
MAX_ARRAY = 250
MAX_VARIANTS = 2048
"""So many the lists of a product's variants may have."""
REFUSED = {"field": None, "message": "Something went wrong. Please try again.", "code": None}


@dataclass(frozen=True)
class Field:
    """field("Product", "title"): read() gives the stored form, fit() the form the schema wants."""

    parent: str
    name: str
    type: GraphQLOutputType
    compute: Compute | None  # None to take it as stored
    guarded: tuple[str, ...]  # the scopes.denied() keys that close it
    protected: bool
    connection: bool
    fit: Fit

    def read(self, context: Context, source: dict, args: dict):
        """The stored form of the value; raises access denied."""
        for key in self.guarded:
            if key in context.denied:
                raise errors.access_denied(self.name, context.denied[key])
        if self.protected and context.redact:
            if context.in_bulk and not isinstance(self.type, GraphQLNonNull):
                return None
            raise errors.protected(self.name)
        if self.compute:
            return self.compute(context, source, args)
        return source.get(self.name)

    def listing(self, stored, args: dict):
        """The listing behind a connection field."""
        if stored is None:
            return ListListing([])
        return (
            ListListing(stored, args.get("reverse", False)) if isinstance(stored, list) else stored
        )


@cache
def field(parent: str, name: str) -> Field:
    kind = with_fields(parent).fields[name].type
    leaf = named(kind)
    guarded = [f"{parent}.{name}", node_type(leaf).name if is_connection(leaf) else leaf.name]
    return Field(
        parent,
        name,
        kind,
        _computer(parent, name, kind),
        tuple(key for key in guarded if key in admin().access),
        f"{parent}.{name}" in admin().protected,
        is_connection(leaf),
        _fitter(kind, parent, name),
    )


def resolve_field(source, info, **args):
    """graphql-core's default resolver for the whole schema."""
    context = info.context
    _check_arrays(args)
    this = field(info.parent_type.name, info.field_name)
    if info.parent_type.name == "Mutation":
        context.idempotency_key = idempotency.key_of(info)
    return this.fit(context, this.read(context, source, args), args)


def _check_arrays(value, most: int = MAX_ARRAY) -> None:
    """Raise when an array of the input holds more than 250 items, or 2,048 variants."""
    if isinstance(value, dict):
        for name, part in value.items():
            _check_arrays(part, MAX_VARIANTS if name.startswith("variants") else MAX_ARRAY)
    elif isinstance(value, list):
        if len(value) > most:
            text = f"The input array size of {len(value)} is greater than the maximum allowed of"
            raise errors.error(f"{text} {most}.", "MAX_INPUT_SIZE_EXCEEDED")
        for part in value:
            _check_arrays(part)


def resolve_type(value, info, abstract_type) -> str:
    return value["__typename"]


def _computer(parent: str, name: str, kind: GraphQLOutputType):
    if parent == "QueryRoot":
        return roots.resolver(name, kind)
    if parent == "Mutation":
        return _refusable(mutations.resolver(name))
    if named(kind).name == "Count":
        return lambda context, source, args: _count(source, name)
    return COMPUTED.get(f"{parent}.{name}") or COMPUTED.get(f"*.{name}")


def _refusable(resolve):
    """The mutation, or a refusal in its place that leaves everything as it was."""

    def run(context, source, args):
        if not context.refuse():
            return resolve(context, source, args)
        return {name: [dict(REFUSED)] for name in ("userErrors", "orderCancelUserErrors")}

    return run


def _count(source: dict, name: str) -> dict:
    """A stored number or Count, else the length of the list it counts (variantsCount: variants)."""
    stored = source.get(name)
    if stored is None:
        stored = len(source.get(name.removesuffix("Count")) or ())
    return {"count": stored, "precision": "EXACT"} if isinstance(stored, int) else stored


def _fitter(kind: GraphQLOutputType, parent: str, name: str):
    if isinstance(kind, GraphQLNonNull):
        inside = _fitter(kind.of_type, parent, name)
        blank = default(kind.of_type)

        def fit(context, stored, args):
            value = inside(context, stored, args)
            return blank if value is None else value

        return fit
    if isinstance(kind, GraphQLList):
        inside = _fitter(kind.of_type, parent, name)
        composite = is_composite_type(named(kind))

        def fit(context, stored, args):
            if stored is None:
                return None
            stored = stored[: args["first"]] if args.get("first") is not None else stored
            if composite:
                context.fetch(stored)
            return [inside(context, item, args) for item in stored]

        return fit
    if is_connection(kind):
        return _connection_fitter(parent, name, kind)
    if is_abstract_type(kind):
        return _fit_abstract(name)
    if isinstance(kind, GraphQLObjectType):
        return lambda context, stored, args: context.record(stored)
    return lambda context, stored, args: stored


def _connection_fitter(parent: str, name: str, kind: GraphQLObjectType):
    searched = f"{parent}.{name}"

    def fit(context, stored, args):
        if isinstance(stored, list | OwnedListing) and args.get("query"):
            typename = node_type(kind).name
            stored = roots.searched_list(context, searched, typename, stored, args["query"])
        page = field(parent, name).listing(stored, args).page(args)
        context.fetch(page["nodes"])
        return page

    return fit


def _fit_abstract(name: str):
    """Like an object, and its own type's scopes are asked too."""

    def fit(context, stored, args):
        record = context.record(stored)
        if record and record["__typename"] in context.denied:
            raise errors.access_denied(name, context.denied[record["__typename"]])
        return record

    return fit
