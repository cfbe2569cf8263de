"""One planned object, written exactly once.

Before a mutation is sent the object says that it is tried; after the answer it says what came of
it. One that was tried and has no result was cut off in between: the store tells how it ended.
"""

from models import db
from models.import_object import CREATE, DELETE, RESULTS, ImportObject
from models.job import Job
from shopify.admin import Admin, BadQuery, ShopifyRefused
from transfer.importing.columns import FileColumns
from transfer.importing.inputs import NEW_OBJECT, filled_in
from transfer.importing.snapshot import Known, Snapshot

DONE_ALREADY = "Shopify had made this change already."
DELETED = "It has been deleted since the plan was made."
CREATED = "It has been created since the plan was made."


class Refused(Exception):
    """Why Shopify does not make a change, in its own words."""


def write(admin: Admin, columns: FileColumns, planned: ImportObject, snapshot: Snapshot) -> None:
    """Make the planned change and keep what came of it. ``snapshot`` has the object as it is in the
    store, and is changed with it."""
    after = planned.after["cells"]
    key = columns.key_of(after) if planned.action == CREATE else ""
    known = snapshot.with_ref(planned.ref) or snapshot.with_key(key)
    if planned.tried and _is_done(columns, planned, after, known):
        planned.ref = known.ref if known else planned.ref
        return _finish(planned, RESULTS[planned.action], DONE_ALREADY)
    if planned.follows and not planned.ref:
        place = db.session.get_one(Job, planned.job_id).place_of(planned.follows)
        why = f"{place}, on which this row builds, was not imported."
        return _finish(planned, "failed", why)
    if changed := _changed_since(columns, planned, known):
        return _finish(planned, "conflict", changed)
    planned.tried = True
    db.session.commit()
    try:
        planned.ref = _send(admin, columns, planned)
    except (BadQuery, Refused) as error:
        return _finish(planned, "failed", str(error))
    except ShopifyRefused:
        planned.tried = False
        db.session.commit()
        raise
    snapshot.change(planned.action, Known(planned.ref, None, after))
    _finish(planned, RESULTS[planned.action], planned.comment)


def _is_done(
    columns: FileColumns, planned: ImportObject, after: dict[str, str], known: Known | None
) -> bool:
    """Whether the change that was cut off shows in the store."""
    if planned.action == DELETE:
        return known is None
    return known is not None and not any(
        columns.differ(header, cell, known.cells.get(header, "")) for header, cell in after.items()
    )


def _changed_since(columns: FileColumns, planned: ImportObject, known: Known | None) -> str:
    """What is no longer as it was when this was planned; empty when all is."""
    if planned.action == CREATE:
        return CREATED if known else ""
    if known is None:
        return DELETED
    return ", ".join(
        f'{header}: "{cell}" when planned, "{known.cells.get(header, "")}" now'
        for header, cell in planned.before["cells"].items()
        if columns.differ(header, cell, known.cells.get(header, ""))
    )


def _send(admin: Admin, columns: FileColumns, planned: ImportObject) -> str:
    """Make the change and return the object's id, or raise Refused with Shopify's words."""
    mutations = {mutation.field: mutation for mutation in columns.writing.mutations}
    ref = planned.ref
    ids = {f"{NEW_OBJECT}{planned.follows}": ref} if planned.follows and ref else {}
    for call in planned.input["calls"]:
        variables = filled_in(call["variables"], ids)
        result = admin.query(mutations[call["mutation"]].document, variables)["result"]
        if errors := result["userErrors"]:
            raise Refused("; ".join(error["message"] for error in errors))
        ref = ref or str(result["object"]["id"])
    if ref is None:
        raise LookupError(f"nothing is planned to be sent for {planned.box_owner}")
    return ref


def _finish(planned: ImportObject, result: str, comment: str) -> None:
    planned.result, planned.comment = result, comment
    db.session.commit()
