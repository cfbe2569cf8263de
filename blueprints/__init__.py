"""The whole map of the app: every blueprint and the one guard that protects it."""

from flask import Flask

from blueprints import (
    activity,
    auth,
    errors,
    exports,
    guards,
    headers,
    health,
    imports,
    key_info,
    key_life,
    key_list,
    key_use,
    keys,
    leaked_keys,
    limits,
    openapi,
    plan,
    refusals,
    webhooks,
    words,
)

GUARDED = [
    (auth.bp, guards.public),
    (health.bp, guards.public),
    (openapi.bp, guards.public),
    (leaked_keys.bp, guards.public),
    (keys.bp, guards.merchant),
    (key_life.bp, guards.merchant),
    (key_list.bp, guards.merchant),
    (plan.bp, guards.merchant),
    (activity.bp, guards.merchant),
    (key_info.bp, guards.api_key),
    (exports.bp, guards.api_key),
    (imports.bp, guards.api_key),
    (webhooks.bp, guards.webhook),
]


def register(app: Flask) -> None:
    for bp, guard in GUARDED:
        app.before_request_funcs.setdefault(bp.name, []).append(guard)
        app.register_blueprint(bp)
    errors.register(app)
    headers.register(app)
    key_list.register(app)
    key_use.register(app)
    limits.register(app)
    refusals.register(app)
    words.register(app)
