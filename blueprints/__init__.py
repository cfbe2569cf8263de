"""The whole map of the app: every blueprint and the one guard that protects it."""

from flask import Flask

from blueprints import (
    auth,
    confirmation,
    errors,
    guards,
    headers,
    health,
    idempotency,
    key_use,
    language,
    rate_limits,
    refusals,
    request_log,
    staff,
    template_filters,
    transfers,
    webhooks,
    workload_identity,
)
from blueprints.api import exports, files, imports, key, leaked_keys, openapi, plans, token
from blueprints.keys import listing, page, rotation, rules, safety, stand_ins, workloads
from blueprints.pages import (
    activity,
    help,
    import_file,
    import_plan,
    jobs,
    new_export,
    plan,
    requests,
)

GUARDED = [
    (auth.bp, guards.public),
    (confirmation.bp, guards.public),
    (health.bp, guards.public),
    (help.bp, guards.public),
    (openapi.bp, guards.public),
    (leaked_keys.bp, guards.public),
    (page.bp, guards.merchant),
    (rotation.bp, guards.merchant),
    (listing.bp, guards.merchant),
    (workloads.bp, guards.merchant),
    (rules.bp, guards.merchant),
    (safety.bp, guards.merchant),
    (stand_ins.bp, guards.merchant),
    (plan.bp, guards.merchant),
    (activity.bp, guards.merchant),
    (activity.files, guards.signed_link),
    (requests.bp, guards.merchant),
    (requests.files, guards.signed_link),
    (jobs.bp, guards.merchant),
    (jobs.files, guards.signed_link),
    (new_export.bp, guards.merchant),
    (import_file.bp, guards.merchant),
    (import_plan.bp, guards.merchant),
    (import_plan.files, guards.signed_link),
    (key.bp, guards.api_key),
    (exports.bp, guards.api_key),
    (imports.bp, guards.api_key),
    (files.bp, guards.api_key),
    (plans.bp, guards.api_key),
    (token.bp, guards.workload),
    (webhooks.bp, guards.webhook),
]


def register(app: Flask) -> None:
    guard(app)
    language.register(app)
    errors.register(app)
    headers.register(app)
    idempotency.register(app)
    listing.register(app)
    key_use.register(app)
    rate_limits.register(app)
    rules.register(app)
    staff.register(app)
    refusals.register(app)
    request_log.register(app)
    template_filters.register(app)
    transfers.register(app)
    workload_identity.register(app)
    workloads.register(app)


def guard(app: Flask) -> None:
    """Put every blueprint behind its guard.

    Raises TypeError for a route of the API that declares no permission: nothing starts then.
    """
    for bp, check in GUARDED:
        app.before_request_funcs.setdefault(bp.name, []).append(check)
        app.register_blueprint(bp)
    keyed = {bp.name for bp, check in GUARDED if check is guards.api_key}
    for endpoint, view in app.view_functions.items():
        if endpoint.partition(".")[0] in keyed and not hasattr(view, "permission"):
            raise TypeError(f"{endpoint} declares no permission: see needs_none in guards.py")
