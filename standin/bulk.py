"""Bulk operations at work: run in the background, write JSONL, offer it for download."""

import secrets
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
from flask import Blueprint, Flask, Response, abort, current_app, send_file
from flask.globals import app_ctx
from graphql import GraphQLError

from standin import bulk_rules, errors, execute, misbehave, scopes, uploaded, webhooks
from standin.bulk_walk import Walk
from standin.context import Context, now
from standin.mutations.bulk import ACTIVE
from standin.shops import shop_of
from standin.store import ShopStore

REPORT_EVERY = 1000  # lines
BLOCK = 10  # lines of a mutation that change places, as Shopify works on many at once

bp = Blueprint("bulk", __name__)


class Canceled(Exception):
    """The operation was asked to stop, or the shop was emptied under it."""


def starter(shop: ShopStore) -> Callable[[str], None]:
    """A function that starts the bulk operation with the id it is given."""
    app = app_ctx.app

    def start(gid: str) -> None:
        threading.Thread(target=run, args=(app, shop.domain, gid), daemon=True).start()

    return start


def resume(app: Flask) -> None:
    """Take up what was under way when the stand-in stopped: queries again from the start;
    mutations fail, for what they did cannot be told."""
    store = app.extensions["standin"].store
    for shop in map(store.shop, store.shops()):
        for operation in shop.all("BulkOperation"):
            if operation["status"] not in ACTIVE:
                continue
            if operation["type"] == "QUERY":
                with app.app_context():
                    starter(shop)(operation["id"])
            else:
                end = {"status": "FAILED", "errorCode": "INTERNAL_SERVER_ERROR"}
                shop.change(operation["id"], {**end, "completedAt": now()})


def run(app: Flask, domain: str, gid: str) -> None:
    with app.app_context():
        config = current_app.extensions["standin"].config
        shop = shop_of(domain)
        context = Context(
            config=config,
            shop=shop,
            denied=scopes.denied(config.scopes),
            run_bulk=starter(shop),
            redact=bool(misbehave.take(shop, "redact_customers")),
            in_bulk=True,
        )
        operation = shop.change(gid, {"status": "RUNNING"}, unless=_stopping)
        if not operation:
            return
        misbehave.pause(shop, "slow_bulk_ms")
        name = f"{secrets.token_urlsafe(32)}.jsonl"
        path = _folder(config.data, domain) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        end = _write(context, operation, path)
        size = path.stat().st_size
        if size:
            address = f"{config.origin}/bulk-results/{domain}/{name}"
            kept = "url" if end["status"] == "COMPLETED" else "partialDataUrl"
            end |= {kept: address, "fileSize": str(size)}
        if operation := shop.change(gid, end | {"completedAt": now()}):
            webhooks.send(shop, "bulk_operations/finish", _payload(operation))


def _write(context: Context, operation: dict, path: Path) -> dict:
    """Write the result file and return how the operation ended."""
    lines = _query_lines if operation["type"] == "QUERY" else _mutation_lines
    count = top = 0
    missing = misbehave.number(context.shop, "bulk_missing_lines")
    end = {"status": "COMPLETED"}
    try:
        with path.open("wb") as file:
            for line, is_top in lines(context, operation):
                if count % REPORT_EVERY == 0:
                    _report(context.shop, operation["id"], count, top)
                if count >= missing:
                    file.write(line + b"\n")
                count += 1
                top += is_top
    except Canceled:
        end = {"status": "CANCELED"}
    except GraphQLError as error:
        denied = (error.extensions or {}).get("code") == "ACCESS_DENIED"
        code = "ACCESS_DENIED" if denied else "INTERNAL_SERVER_ERROR"
        end = {"status": "FAILED", "errorCode": code}
    except Exception:
        current_app.logger.exception("Bulk operation %s failed", operation["id"])
        end = {"status": "FAILED", "errorCode": "INTERNAL_SERVER_ERROR"}
    if fails := misbehave.take(context.shop, "bulk_fails"):
        end = {"status": "FAILED", "errorCode": str(fails)}
        _halve(path)
    return end | {"objectCount": str(count), "rootObjectCount": str(top)}


def _halve(path: Path) -> None:
    """Leave the first half of the lines."""
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) // 2]))


def _report(shop: ShopStore, gid: str, count: int, top: int) -> None:
    """Show progress to whoever polls; raises Canceled when it was asked for."""
    counts = {"objectCount": str(count), "rootObjectCount": str(top)}
    operation = shop.change(gid, counts)
    if not operation or _stopping(operation):
        raise Canceled


def _stopping(operation: dict) -> bool:
    return operation["status"] == "CANCELING"


def _query_lines(context: Context, operation: dict) -> Iterator[tuple[bytes, bool]]:
    document, _ = bulk_rules.check_query(operation["query"])
    most = misbehave.number(context.shop, "bulk_children") or None
    return Walk(context, document, operation["groupObjects"], most).lines()


def _mutation_lines(context: Context, operation: dict) -> Iterator[tuple[bytes, bool]]:
    """One result line for each line of the upload, not in their order."""
    document, _ = bulk_rules.check_mutation(operation["query"])
    path = uploaded.path_of(context.config.data, operation["stagedUploadPath"])
    if path is None:
        raise FileNotFoundError(operation["stagedUploadPath"])
    block: list[tuple[int, bytes]] = []
    with path.open("rb") as file:
        filled = (line for line in file if line.strip())
        for numbered in enumerate(filled):
            block.append(numbered)
            if len(block) == BLOCK:
                yield from (_mutate(context, document, *one) for one in reversed(block))
                block = []
    yield from (_mutate(context, document, *one) for one in reversed(block))


def _mutate(context: Context, document, line_number: int, line: bytes) -> tuple[bytes, bool]:
    try:
        variables = orjson.loads(line)
        if not isinstance(variables, dict):
            raise orjson.JSONDecodeError("expected an object", "", 0)
    except orjson.JSONDecodeError as error:
        result: dict = {"errors": [{"message": f"Invalid JSON: {error}"}]}
    else:
        done = execute.run(document, context, variables, None)
        result = {"data": done.data}
        if done.errors:
            result["errors"] = [errors.as_json(problem) for problem in done.errors]
    return orjson.dumps(result | {"__lineNumber": line_number}), True


def _payload(operation: dict) -> dict:
    """What the webhook says, in lower case where the API has capitals."""
    code = operation["errorCode"]
    return {
        "admin_graphql_api_id": operation["id"],
        "completed_at": operation["completedAt"],
        "created_at": operation["createdAt"],
        "error_code": code and code.lower(),
        "status": operation["status"].lower(),
        "type": operation["type"].lower(),
    }


def _folder(data: Path, domain: str) -> Path:
    return data / "bulk" / domain


@bp.get("/bulk-results/<shop>/<name>")
def result(shop, name):
    """The file, or the bytes of it that Range asks for; cut short when the stand-in misbehaves."""
    config = current_app.extensions["standin"].config
    shop = shop_of(shop)
    path = _folder(config.data, shop.domain).absolute() / name
    if not path.is_file() or path.suffix != ".jsonl":
        abort(404)
    response = send_file(
        path, "application/jsonl", as_attachment=True, download_name=name, conditional=True
    )
    if cut := misbehave.number(shop, "cut_download_after"):
        response = _cut(response, cut)
    return response


def _cut(response: Response, after: int) -> Response:
    """The same headers, but the connection breaks after so many bytes."""
    response.direct_passthrough = False
    whole, close = response.iter_encoded(), getattr(response.response, "close", None)

    def body() -> Iterator[bytes]:
        left = after
        for part in whole:
            yield part[:left]
            left -= len(part)
            if left <= 0:
                raise ConnectionAbortedError("The download is cut, as asked.")

    response.response = body()
    if close:
        response.call_on_close(close)
    return response
