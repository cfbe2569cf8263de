"""Settings > API Keys: trusted workloads, whose jobs get a short-lived key for their ID token."""

import secrets
from typing import NoReturn

from flask import Blueprint, Flask, Response, abort, current_app, g, render_template, request
from htmx_flask import make_response
from sqlalchemy.exc import IntegrityError

from blueprints.keys.changes import Before, difference, expiry_of, sees
from blueprints.keys.form import KeyForm
from blueprints.keys.shared import MAX_ID, fingerprint, keep_to_rules, version_of_edited
from blueprints.keys.workload_form import WorkloadForm
from blueprints.plan_gate import why_no_key
from blueprints.rate_limits import charge_lookup
from blueprints.staff import record_activity
from blueprints.workload_identity import issuer_keys
from models import db, now
from models.api_key import ApiKey
from models.workload import WorkloadKey, WorkloadRule
from transfer.permissions import known_permissions
from translations import N_, _
from workloads.careful_fetch import NotFetched
from workloads.id_token import Check, judge
from workloads.lookup import look_up
from workloads.providers import ALL, BY_NAME

GONE = N_("This trusted workload no longer exists. It may have been deleted in another tab.")
bp = Blueprint("workloads", __name__, url_prefix="/settings/workloads")


def register(app: Flask) -> None:
    app.add_template_global(rules_of_shop)
    app.add_template_global(lines_of)
    app.add_template_global(version_of_rules)
    app.jinja_env.globals |= {"PROVIDERS": ALL, "PROVIDER": BY_NAME}


def rules_of_shop() -> list[WorkloadRule]:
    return [] if g.get("only_keys") else WorkloadRule.of(g.shop)


def version_of_rules(rules: list[WorkloadRule]) -> str:
    """Changes when the card would look different, other than by when each was used."""
    shown = [(rule.id, _version_of(rule), rule.key.disabled) for rule in rules]
    return fingerprint((g.shop.plan, g.shop.contact_email, *shown))


def _version_of(rule: WorkloadRule) -> str:
    """Changes with whatever the dialog of the rule can change."""
    let_in = (rule.provider, rule.issuer, rule.own_audience, sorted(rule.claims.items()))
    more = (rule.outside_events, rule.repository, rule.minutes)
    return version_of_edited(rule.key, *let_in, *more)


def lines_of(rule: WorkloadRule) -> str:
    """What to paste into the job's file."""
    command = current_app.config["SETTINGS"].CLI_COMMAND
    lines = BY_NAME[rule.provider].lines
    return lines.format(address=rule.address, audience=rule.audience, command=command)


@bp.get("/card")
def refresh() -> str | tuple[str, int]:
    """The card of trusted workloads if it has changed since it was rendered."""
    if request.args.get("version") == version_of_rules(rules_of_shop()):
        return "", 204
    return _card()


@bp.get("/new")
def ask_new() -> Response | tuple[str, int]:
    if refusal := why_no_key():
        return make_response(_card(notice=refusal), retarget="#workloads", reswap="outerHTML")
    form = KeyForm.blank(secrets.token_urlsafe(16))
    form.expires = "never"
    return _dialog(form, WorkloadForm())


@bp.post("/fields")
def fields() -> str:
    """The fields of another provider, or filled with what a token or its platform says; nothing
    is saved, and a token is not shown again."""
    trust, act = WorkloadForm.parse(request.form), request.args.get("act", "")
    if act == "provider":
        trust.issuer = trust.provider.issuer
    elif act == "token":
        trust.take(request.form.get("token", ""))
    elif act == "lookup":
        _look_up(trust)
    return render_template("workloads/_trust.html", trust=trust, act=act)


def _look_up(trust: WorkloadForm) -> None:
    charge_lookup(g.shop.id)
    settings = current_app.config["SETTINGS"]
    try:
        found = look_up(
            trust.repository,
            trust.provider,
            trust.issuer,
            github=settings.GITHUB_API_URL,
            private=settings.PRIVATE_ISSUERS,
        )
    except NotFetched:
        trust.errors["repository"] = _(
            "No public repository was found there. Enter the IDs, or take them from a token."
        )
        return
    trust.fill_in(found)


@bp.post("/")
def create() -> Response | tuple[str, int]:
    form, trust = KeyForm.parse(request.form), WorkloadForm.parse(request.form)
    if not g.shop.contact_email:
        form.errors["form"] = _("Save a notification email first. Then create a key.")
        return _dialog(form, trust, status=422)
    g.shop.lock()
    if existing := _of_request(form.request_id):
        return _done(_("Workload trusted"), changed=existing, made=existing)
    if refusal := why_no_key():
        form.errors["form"] = refusal
        return _dialog(form, trust, status=422)
    if not _valid(form, trust):
        return _dialog(form, trust, status=422)
    request_id = form.request_id or None
    key, _nobody_has_it = ApiKey.issue(
        g.shop, created_by=g.user, request_id=request_id, for_workload=True, **form.values
    )
    handle = WorkloadRule.new_handle()
    keep_to_rules(key)
    rule = WorkloadRule(shop_id=g.shop.id, key=key, handle=handle, **trust.values)
    db.session.add(rule)
    try:
        db.session.flush()
        detail = {"permissions": known_permissions(key.permissions), "imports": key.imports} | sees(
            key
        )
        record_activity("workload.created", key, **detail, **expiry_of(key), **_lets_in(rule))
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
        rule = _of_request(form.request_id) or abort(409)
    return _done(_("Workload trusted"), changed=rule, made=rule)


def _of_request(request_id: str) -> WorkloadRule | None:
    """The rule that this request has already made: a double click, or a repeated request."""
    if not request_id:
        return None
    own = (ApiKey.shop_id == g.shop.id, ApiKey.request_id == request_id, ApiKey.here())
    query = db.select(WorkloadRule).join(WorkloadRule.key).where(*own)
    rule: WorkloadRule | None = db.session.scalar(query)
    return rule


def _valid(form: KeyForm, trust: WorkloadForm, rule: WorkloadRule | None = None) -> bool:
    """Judge both halves of the form; a rule shares its name with no key and no other rule."""
    rules = [other.key for other in rules_of_shop() if other is not rule]
    good = form.validate([*ApiKey.of(g.shop), *rules], g.shop, rule.key if rule else None, True)
    return trust.validate() and good


def _lets_in(rule: WorkloadRule) -> dict[str, object]:
    """Which jobs are let in, in the detail of an activity."""
    outside = {"outside events": "yes"} if rule.outside_events else {}
    claims = {"iss": rule.issuer, "aud": rule.audience} | rule.claims | outside
    jobs_of = ", ".join(filter(None, (_(BY_NAME[rule.provider].label), rule.repository)))
    return {"claims": claims, "jobs_of": jobs_of}


@bp.get("/<int:rule_id>")
def ask_edit(rule_id: int) -> tuple[str, int]:
    rule = _own_rule_or_404(rule_id)
    form = KeyForm.from_key(rule.key)
    form.version = _version_of(rule)
    return _dialog(form, WorkloadForm.from_rule(rule), rule)


@bp.put("/<int:rule_id>")
def save(rule_id: int) -> Response | tuple[str, int]:
    g.shop.lock()
    rule = _own_rule_or_404(rule_id, lock=True)
    form, trust = KeyForm.parse(request.form), WorkloadForm.parse(request.form)
    form.keep_up(_version_of(rule))
    if not _valid(form, trust, rule):
        db.session.commit()
        return _dialog(form, trust, rule, status=422)
    before, let_in = Before.of(rule.key), _lets_in(rule)
    for name, value in form.values.items():
        setattr(rule.key, name, value)
    keep_to_rules(rule.key)
    for name, value in trust.values.items():
        setattr(rule, name, value)
    changed = difference(before, rule.key)
    if _lets_in(rule)["claims"] != let_in["claims"]:
        changed |= _lets_in(rule)
        rule.generation += 1
    if changed:
        record_activity("workload.changed", rule.key, **changed)
    db.session.commit()
    return _done(_("Trusted workload saved"), changed=rule)


@bp.get("/<int:rule_id>/lines")
def lines(rule_id: int) -> str:
    return render_template("workloads/_lines.html", rule=_own_rule_or_404(rule_id))


@bp.get("/<int:rule_id>/token")
def ask_token(rule_id: int) -> str:
    return render_template("workloads/_try.html", rule=_own_rule_or_404(rule_id), checks=None)


@bp.post("/<int:rule_id>/token")
def try_token(rule_id: int) -> str:
    """Claim by claim why this token would be let in or not. It is neither kept, nor shown again,
    nor used up."""
    rule = _own_rule_or_404(rule_id)
    charge_lookup(g.shop.id)
    verdict = judge(request.form.get("token", "").strip(), rule, issuer_keys())
    checks = list(verdict.checks)
    if verdict.token and WorkloadKey.knows(verdict.token):
        checks.append(Check("jti", N_("The token was used before.")))
    return render_template("workloads/_try.html", rule=rule, checks=checks)


@bp.get("/<int:rule_id>/disabled")
def ask_disable(rule_id: int) -> str:
    return render_template("workloads/_disable.html", rule=_own_rule_or_404(rule_id))


@bp.put("/<int:rule_id>/disabled")
def disable(rule_id: int) -> Response:
    rule = _own_rule_or_404(rule_id, lock=True)
    if not rule.key.disabled:
        rule.key.disabled_at = now()
        record_activity("workload.disabled", rule.key)
    db.session.commit()
    return _done(_("Trusted workload disabled"), changed=rule)


@bp.delete("/<int:rule_id>/disabled")
def enable(rule_id: int) -> Response:
    rule = _own_rule_or_404(rule_id, lock=True)
    if rule.key.disabled:
        rule.key.disabled_at = None
        record_activity("workload.enabled", rule.key)
    db.session.commit()
    return _done(_("Trusted workload enabled"), changed=rule)


@bp.get("/<int:rule_id>/delete")
def ask_delete(rule_id: int) -> str:
    return render_template("workloads/_delete.html", rule=_own_rule_or_404(rule_id))


@bp.delete("/<int:rule_id>")
def delete(rule_id: int) -> Response:
    rule = _own_rule_or_404(rule_id, lock=True)
    rule.key.delete()
    record_activity("workload.deleted", rule.key)
    db.session.commit()
    return _done(_("Trusted workload deleted"))


def _own_rule_or_404(rule_id: int, *, lock: bool = False) -> WorkloadRule:
    """The shop's rule with this id, freshly read; without one the request ends with 404 and an
    up-to-date card. ``lock`` makes concurrent changes of it wait."""
    if not 0 < rule_id <= MAX_ID:
        _gone()
    own = (WorkloadRule.id == rule_id, WorkloadRule.shop_id == g.shop.id)
    if lock:
        ApiKey.lock(ApiKey.id.in_(db.select(WorkloadRule.key_id).where(*own)))
    rule: WorkloadRule | None = db.session.scalar(
        db.select(WorkloadRule)
        .join(WorkloadRule.key)
        .where(*own, ApiKey.here())
        .execution_options(populate_existing=True)
    )
    return rule or _gone()


def _gone() -> NoReturn:
    db.session.commit()
    body = _card(notice=_(GONE)) + render_template("keys/_no_dialog.html")
    response = make_response(body, retarget="#workloads", reswap="outerHTML")
    response.status_code = 404
    abort(response)


def _card(**context: object) -> str:
    return render_template("workloads/_card.html", **context)


def _dialog(
    form: KeyForm, trust: WorkloadForm, rule: WorkloadRule | None = None, status: int = 200
) -> tuple[str, int]:
    context = {"form": form, "trust": trust, "rule": rule, "key": rule.key if rule else None}
    return render_template("workloads/_dialog.html", **context), status


def _done(
    message: str, *, changed: WorkloadRule | None = None, made: WorkloadRule | None = None
) -> Response:
    """The changed card, what was done in words, and the dialog closed; of a new rule it shows the
    lines to paste."""
    if made:
        dialog = render_template("workloads/_made.html", rule=made)
    else:
        dialog = render_template("keys/_no_dialog.html")
    return make_response(_card(changed=changed) + dialog, trigger={"toast": message})
