"""bulkOperationRunQuery, bulkOperationRunMutation, bulkOperationCancel: starting and stopping."""

from standin import bulk_rules
from standin.context import Context, now
from standin.errors import access_denied
from standin.misbehave import take
from standin.uploaded import size_of

MAX_AT_ONCE = 5  # of each type, per app and shop
MAX_UPLOAD = 100_000_000
ACTIVE = ("CREATED", "RUNNING", "CANCELING")
REQUIRED = "the app must be enabled to run bulk operations in its API access requests."


def run_query(context: Context, args: dict) -> dict:
    _refuse_when_told(context, "bulkOperationRunQuery")
    try:
        bulk_rules.check_query(args["query"])
    except bulk_rules.NotInBulk as refused:
        return _refused(*[_error(["query"], text, "INVALID") for text in refused.args[0]])
    if full := _full(context, "QUERY"):
        return full
    return _start(context, "QUERY", args["query"], groupObjects=args["groupObjects"])


def run_mutation(context: Context, args: dict) -> dict:
    _refuse_when_told(context, "bulkOperationRunMutation")
    try:
        bulk_rules.check_mutation(args["mutation"])
    except bulk_rules.NotInBulk as refused:
        return _refused(*[_error(["mutation"], t, "INVALID_MUTATION") for t in refused.args[0]])
    identifier = args.get("clientIdentifier")
    if identifier is not None and not 10 <= len(identifier) <= 255:
        text = "Client identifier must be 10 to 255 characters"
        return _refused(_error(["clientIdentifier"], text, "INVALID_MUTATION"))
    size = size_of(context.config.data, context.shop.domain, args["stagedUploadPath"])
    if size is None:
        text = (
            "The JSONL file could not be found. Try uploading the file again, and check that"
            " you've entered the URL correctly for the stagedUploadPath mutation argument."
        )
        return _refused(_error(None, text, "NO_SUCH_FILE"))
    if not 0 < size <= MAX_UPLOAD:
        text = "The input file must have 1 byte to 100 MB."
        return _refused(_error(None, text, "INVALID_STAGED_UPLOAD_FILE"))
    if full := _full(context, "MUTATION"):
        return full
    return _start(context, "MUTATION", args["mutation"], stagedUploadPath=args["stagedUploadPath"])


def cancel(context: Context, args: dict) -> dict:
    record = context.record(args["id"])
    if not record or record["__typename"] != "BulkOperation":
        return _refused({"field": ["id"], "message": "Bulk operation does not exist"})
    if record["status"] not in ACTIVE:
        text = "A bulk operation cannot be canceled when it is " + record["status"].lower()
        return {"bulkOperation": record, "userErrors": [{"field": None, "message": text}]}
    record = context.shop.change(
        record["id"], {"status": "CANCELING"}, unless=lambda r: r["status"] not in ACTIVE
    )
    return {"bulkOperation": record, "userErrors": []}


def _refuse_when_told(context: Context, name: str) -> None:
    if take(context.shop, "refuse_bulk"):
        raise access_denied(name, REQUIRED)


def _full(context: Context, kind: str) -> dict | None:
    """The refusal when as many are under way as may be."""
    under_way = [
        operation
        for operation in context.shop.all("BulkOperation")
        if operation["type"] == kind and operation["status"] in ACTIVE
    ]
    if len(under_way) < MAX_AT_ONCE:
        return None
    text = "Bulk operations limit reached. Please try again later."
    return _refused(_error(None, text, "LIMIT_REACHED"))


def _start(context: Context, kind: str, text: str, **inner) -> dict:
    """Keep and start it. Names that the schema does not have are the stand-in's own notes."""
    record = context.shop.put(
        {
            "__typename": "BulkOperation",
            "id": context.shop.new_id("BulkOperation"),
            "type": kind,
            "status": "CREATED",
            "query": text,
            "createdAt": now(),
            "completedAt": None,
            "errorCode": None,
            "objectCount": "0",
            "rootObjectCount": "0",
            "fileSize": None,
            "url": None,
            "partialDataUrl": None,
            **inner,
        }
    )
    context.run_bulk(record["id"])
    return {"bulkOperation": record, "userErrors": []}


def _error(field: list[str] | None, message: str, code: str) -> dict:
    return {"field": field, "message": message, "code": code}


def _refused(*errors: dict) -> dict:
    return {"bulkOperation": None, "userErrors": list(errors)}


MUTATIONS = {
    "bulkOperationRunQuery": run_query,
    "bulkOperationRunMutation": run_mutation,
    "bulkOperationCancel": cancel,
}
