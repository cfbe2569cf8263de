"""POST /<shop>/admin/api/<version>/graphql.json, the Admin API."""

import re
import uuid

import orjson
from flask import Blueprint, Response, abort, current_app, request
from graphql import GraphQLError, OperationType

from standin import (
    bad_answers,
    bulk,
    errors,
    execute,
    installation,
    misbehave,
    scopes,
    sent,
    tokens,
)
from standin.context import Context
from standin.cost import Pricing
from standin.schema import VERSION
from standin.shops import shop_of
from standin.store import ShopStore, number
from standin.throttle import Bucket

MAX_COST = 1000
NO_TOKEN = "Invalid API key or access token (unrecognized login or wrong password)"
VERSIONS = re.compile(r"\d{4}-\d{2}|unstable")

bp = Blueprint("graphql_api", __name__)


@bp.post("/<shop>/admin/api/graphql.json")
@bp.post("/<shop>/admin/api/<version>/graphql.json")
def graphql(shop, version=VERSION):
    """Any version is served as the one there is, and the header says which, as Shopify does with
    versions it no longer keeps."""
    if not VERSIONS.fullmatch(version):
        return _json({"errors": "Not Found"}, 404)
    shop = shop_of(shop)
    misbehave.pause(shop, "slow_ms")
    text, variables, name = _request_parts()
    is_mutation = text.lstrip().startswith("mutation")
    if is_mutation:
        misbehave.begin_mutation(shop)
    if broken := bad_answers.take(shop):
        return broken
    granted = tokens.scopes_of(shop, request.headers.get("X-Shopify-Access-Token", ""))
    if granted is None:
        return _json({"errors": f"[API] {NO_TOKEN}"}, 401)
    bucket = current_app.extensions["standin"].buckets.for_shop(shop.domain)
    answer = _answer(make_context(shop, granted), bucket, text, variables, name)
    if "data" in answer and is_mutation and misbehave.take(shop, "lose_answer"):
        return bad_answers.lost()
    return _json(answer)


@bp.get("/<shop>/admin/api/<version>/shop.json")
def rest_shop(shop, version):
    """The one call of the older REST API that connectors make when they start."""
    shop = shop_of(shop)
    if broken := bad_answers.take(shop):
        return broken
    if not VERSIONS.fullmatch(version):
        return _json({"errors": "Not Found"}, 404)
    if tokens.scopes_of(shop, request.headers.get("X-Shopify-Access-Token", "")) is None:
        return _json({"errors": f"[API] {NO_TOKEN}"}, 401)
    known = installation.shop_record(shop)
    return _json(
        {
            "shop": {
                "id": number(known["id"]),
                "name": known["name"],
                "email": known["email"],
                "domain": known["primaryDomain"]["host"],
                "myshopify_domain": known["myshopifyDomain"],
                "currency": known["currencyCode"],
                "iana_timezone": known["ianaTimezone"],
                "plan_display_name": known["plan"]["publicDisplayName"],
            }
        }
    )


@bp.route("/<shop>/admin/api/<path:rest>", methods=["GET", "POST", "PUT", "DELETE"])
def unknown(shop, rest):
    """What the Admin API does not know is told in JSON, as by Shopify."""
    return _json({"errors": "Not Found"}, 404)


def make_context(shop: ShopStore, granted: frozenset[str]) -> Context:
    return Context(
        config=current_app.extensions["standin"].config,
        shop=shop,
        denied=scopes.denied(frozenset(granted)),
        run_bulk=bulk.starter(shop),
        redact=bool(misbehave.take(shop, "redact_customers")),
        refuse=lambda: bool(misbehave.take(shop, "userErrors")),
    )


def _request_parts() -> tuple[str, dict, str | None]:
    """Query, variables and operation name of the request; ends it with 400 when there are none."""
    if request.mimetype == "application/graphql":
        return request.get_data(as_text=True), {}, None
    body = request.get_json(force=True, silent=True)
    body = body if isinstance(body, dict) else {}
    query, variables = body.get("query"), body.get("variables") or {}
    if not isinstance(query, str) or not isinstance(variables, dict):
        abort(_json({"errors": {"query": "Required parameter missing or invalid"}}, 400))
    return query, variables, body.get("operationName")


def _answer(context: Context, bucket: Bucket, text: str, given: dict, name: str | None) -> dict:
    document, problems = execute.prepare(text)
    if document is None:
        return {"errors": [errors.as_json(problem) for problem in problems]}
    try:
        operation = execute.operation_of(document, name)
        pricing = Pricing(document, operation, execute.variables(operation, given))
        requested = pricing.requested()
    except GraphQLError as problem:
        return {"errors": [errors.as_json(problem)]}
    if requested > MAX_COST:
        return _too_dear(requested)
    if misbehave.take(context.shop, "throttle"):
        return _throttled(requested, bucket.empty())
    if not bucket.take(requested):
        return _throttled(requested, bucket.status())
    result = execute.run(document, context, given, name)
    actual = pricing.actual(result.data)
    if operation.operation is OperationType.MUTATION:
        sent.note_points(context.shop, actual)
    bucket.give_back(requested - actual)
    answer: dict = {"data": result.data}
    if result.errors:
        answer["errors"] = [errors.as_json(problem) for problem in result.errors]
    answer["extensions"] = {"cost": _cost(requested, actual, bucket.status())}
    if context.search_warnings:
        answer["extensions"]["search"] = context.search_warnings
    return answer


def _cost(requested: int, actual: int | None, throttle_status: dict) -> dict:
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": throttle_status,
    }


def _throttled(requested: int, throttle_status: dict) -> dict:
    problem = errors.error(
        "Throttled", "THROTTLED", documentation="https://shopify.dev/api/usage/rate-limits"
    )
    cost = _cost(requested, None, throttle_status)
    return {"errors": [errors.as_json(problem)], "extensions": {"cost": cost}}


def _too_dear(requested: int) -> dict:
    problem = errors.error(
        f"Query cost is {requested}, which exceeds the single query max cost limit ({MAX_COST})."
        "\n\n"
        "See https://shopify.dev/concepts/about-apis/rate-limits for more information on how the\n"
        "cost of a query is calculated.\n\n"
        "To query larger amounts of data with fewer limits, bulk operations should be used"
        " instead.\nSee https://shopify.dev/tutorials/perform-bulk-operations-with-admin-api for"
        " usage details.\n",
        "MAX_COST_EXCEEDED",
        cost=requested,
        maxCost=MAX_COST,
        documentation="https://shopify.dev/api/usage/rate-limits",
    )
    return {"errors": [errors.as_json(problem)]}


def _json(body: dict, code: int = 200) -> Response:
    response = Response(orjson.dumps(body), code, mimetype="application/json")
    response.headers["X-Shopify-API-Version"] = VERSION
    response.headers["X-Request-Id"] = str(uuid.uuid4())
    return response
