"""Errors of the Admin API, in Shopify's words and shape."""

import re

from graphql import GraphQLError

UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'\.")
VARIABLE = re.compile(r"Variable '\$\w+'")


def error(message: str, code: str, **more) -> GraphQLError:
    return GraphQLError(message, extensions={"code": code, **more})


def access_denied(field: str, required: str) -> GraphQLError:
    """`required` is Shopify's own sentence, such as "`read_products` access scope."."""
    return error(
        f"Access denied for {field} field. Required access: {required}",
        "ACCESS_DENIED",
        documentation="https://shopify.dev/api/usage/access-scopes",
        requiredAccess=required,
    )


def protected(field: str) -> GraphQLError:
    return error(
        f"This app is not approved to use the {field} field. See"
        " https://shopify.dev/docs/apps/launch/protected-customer-data for more details.",
        "ACCESS_DENIED",
        documentation="https://shopify.dev/docs/apps/launch/protected-customer-data",
    )


def as_json(problem: GraphQLError) -> dict:
    """One entry of `errors`; what Shopify words otherwise than graphql-core is put in its words."""
    entry: dict = {"message": problem.message}
    if problem.locations:
        entry["locations"] = [
            {"line": place.line, "column": place.column} for place in problem.locations
        ]
    if problem.path:
        entry["path"] = problem.path
    extensions = dict(problem.extensions or {})
    if unknown := UNKNOWN_FIELD.match(problem.message):
        field, kind = unknown.groups()
        entry["message"] = f"Field '{field}' doesn't exist on type '{kind}'"
        extensions = {"code": "undefinedField", "typeName": kind, "fieldName": field}
    elif VARIABLE.match(problem.message):
        extensions.setdefault("code", "INVALID_VARIABLE")
    if extensions:
        entry["extensions"] = extensions
    return entry
