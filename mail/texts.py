"""The texts of the emails: subject, paragraphs, details and advice for each kind of notice."""

from typing import Any, NamedTuple

from models import notices
from translations import N_

HAPPENED = ("who", "when", "from")
LABELS = {
    "who": N_("Who"),
    "when": N_("When"),
    "from": N_("IP address"),
    "sent_from": N_("Reported from"),
    "may": N_("Permissions"),
    "added": N_("Added permissions"),
    "imports": N_("Imports"),
    "personal": N_("Personal data"),
    "jobs_of": N_("Jobs of"),
    "rules": N_("Rules"),
    "broken": N_("Keys that break a rule"),
    "refused_from": N_("Refused from"),
    "expires": N_("Expires"),
    "old_ends": N_("Old key ends"),
    "needs": N_("Permission needed"),
    "data": N_("Data"),
    "why": N_("Reason"),
    "new_address": N_("New address"),
}
REASONS = {
    "permission": N_("the key does not have the permission that the call needs"),
    "address": N_("the call came from an IP address that the key does not allow"),
    "deleted": N_("the key was deleted"),
    "expired": N_("the key has expired"),
    "disabled": N_("the key is disabled"),
    "retired": N_("the key was rotated, and the old key has ended"),
    "plan": N_("the store's plan does not include API access"),
    "personal_data": N_("the call is about personal data that the key does not see"),
    "id_token": N_("its ID token is genuine but does not fit the trusted workload"),
    "rule": N_("the key breaks a rule of the store"),
}
OTHER_REASON = N_("the key is not allowed to make this call")
UNDO = N_("If no one on your team did this, delete the key now under %(page)s and check Activity.")
STILL_NEEDED = N_("If you still need it, choose a later date under %(page)s.")
NO_MORE = N_("You will get no more emails today about the same data failing with the same key.")
TRY_AGAIN = (N_("Fix the cause, then start it again."), N_("Activity lists every failure."))


class Text(NamedTuple):
    """Messages with the placeholders ``key``, ``store``, ``page`` and ``reason``; the details by
    their names in LABELS; and the settings tab that the email links to."""

    subject: str
    paragraphs: tuple[str, ...]
    details: tuple[str, ...]
    advice: tuple[str, ...]
    tab: str = "keys"


TEXTS = {
    notices.CREATED: Text(
        N_("API key “%(key)s” was created for %(store)s"),
        (N_("A new API key, “%(key)s”, can now access the data of %(store)s."),),
        (*HAPPENED, "may", "personal", "expires"),
        (UNDO,),
    ),
    notices.ROTATED: Text(
        N_("API key “%(key)s” for %(store)s was rotated"),
        (
            N_(
                "The API key “%(key)s” for %(store)s was replaced by a new key with the same name, "
                "permissions and limits."
            ),
        ),
        (*HAPPENED, "old_ends"),
        (N_("Update the programs that use it with the new key."), UNDO),
    ),
    notices.WIDENED: Text(
        N_("API key “%(key)s” for %(store)s has more permissions"),
        (N_("The API key “%(key)s” for %(store)s was given more permissions."),),
        (*HAPPENED, "added", "personal"),
        (N_("If no one on your team did this, remove them or delete the key under %(page)s."),),
    ),
    notices.DELETED: Text(
        N_("API key “%(key)s” for %(store)s was deleted"),
        (N_("The API key “%(key)s” for %(store)s was deleted. Calls with it are refused."),),
        HAPPENED,
        (N_("If a program still needs access, create a new key under %(page)s."),),
    ),
    notices.TRUSTED: Text(
        N_("Jobs can now access %(store)s as trusted workload “%(key)s”"),
        (
            N_(
                "Someone trusted a workload: jobs that prove with an ID token who they are can now "
                "access the data of %(store)s, without a stored key."
            ),
        ),
        (*HAPPENED, "jobs_of", "may", "expires"),
        (N_("If no one on your team did this, delete it under %(page)s and check Activity."),),
    ),
    notices.TRUST_WIDENED: Text(
        N_("Trusted workload “%(key)s” for %(store)s lets in or may do more"),
        (N_("The trusted workload “%(key)s” for %(store)s was changed."),),
        (*HAPPENED, "jobs_of", "added"),
        (N_("If no one on your team did this, delete it under %(page)s and check Activity."),),
    ),
    notices.TRUST_ENDED: Text(
        N_("Trusted workload “%(key)s” for %(store)s was deleted"),
        (
            N_(
                "The trusted workload “%(key)s” for %(store)s was deleted. Its jobs get no more "
                "keys, and those that they have are refused."
            ),
        ),
        HAPPENED,
        (N_("If a job still needs access, trust it again under %(page)s."),),
    ),
    notices.STAND_INS: Text(
        N_("The stand-in values of %(store)s were renewed"),
        (
            N_(
                "Keys that see stand-in values in the place of personal data get new ones from now "
                "on. Files of before no longer match the new ones."
            ),
        ),
        HAPPENED,
        (N_("If no one on your team did this, check Activity and your keys under %(page)s."),),
    ),
    notices.LEAKED: Text(
        N_("Leaked: API key “%(key)s” for %(store)s was revoked"),
        (
            N_(
                "Someone reported the full API key “%(key)s” for %(store)s to us, so it is no "
                "longer secret. It was revoked immediately, and every call with it is refused."
            ),
        ),
        ("when", "sent_from"),
        (
            N_(
                "Check Activity for what it was used for, find where it was published, and "
                "create a new key under %(page)s."
            ),
        ),
    ),
    notices.CALL_REFUSED: Text(
        N_("A call with API key “%(key)s” for %(store)s was refused"),
        (
            N_("A call with the API key “%(key)s” for %(store)s was refused: %(reason)s."),
            N_("You will get no more emails about refused calls with this key today."),
        ),
        (*HAPPENED, "needs"),
        (
            N_("If the program is yours, change the key under %(page)s."),
            N_("If not, delete the key there."),
        ),
    ),
    notices.RULES_CHANGED: Text(
        N_("The rules for the API keys of %(store)s were changed"),
        (
            N_("The rules for the API keys and the imports of %(store)s were changed."),
            N_("If keys are named below, they break a rule: change them before their calls stop."),
        ),
        (*HAPPENED, "rules", "broken", "refused_from"),
        (N_("If no one on your team did this, change the rules back under %(page)s."),),
    ),
    notices.RULE_ENDED: Text(
        N_("Calls with API key “%(key)s” for %(store)s are refused now"),
        (
            N_(
                "The API key “%(key)s” has broken a rule of %(store)s for a week, so its calls are "
                "refused from now on."
            ),
        ),
        ("when",),
        (N_("Change the key under %(page)s. It works again once it keeps to the rules."),),
    ),
    notices.EXPIRES_SOON: Text(
        N_("API key “%(key)s” for %(store)s expires soon"),
        (
            N_(
                "The API key “%(key)s” for %(store)s expires in less than 7 days. After that, its "
                "calls are refused."
            ),
        ),
        ("expires",),
        (STILL_NEEDED,),
    ),
    notices.EXPIRES_TODAY: Text(
        N_("API key “%(key)s” for %(store)s expires today"),
        (
            N_(
                "The API key “%(key)s” for %(store)s expires today. After that, its calls are "
                "refused."
            ),
        ),
        ("expires",),
        (STILL_NEEDED,),
    ),
    notices.JOB_FAILED: Text(
        N_("An export or import for %(store)s failed"),
        (N_("An export or import for %(store)s failed and will not be retried."), NO_MORE),
        (*HAPPENED, "data", "why"),
        TRY_AGAIN,
        "jobs",
    ),
    notices.JOB_HELD: Text(
        N_("An import for %(store)s needs your decision"),
        (
            N_(
                "An import for %(store)s would change more than its limits allow. Nothing was "
                "changed: the import is held until someone applies or discards it."
            ),
        ),
        (*HAPPENED, "data"),
        (N_("Look at what it would change under Settings > Jobs, then apply or discard it."),),
        "jobs",
    ),
    notices.ACCESS_LOST: Text(
        N_("Altera has lost access to %(store)s"),
        (
            N_(
                "Altera can no longer access the data of %(store)s because Shopify ended its "
                "access. Exports and imports fail until someone opens the app."
            ),
        ),
        ("when",),
        (N_("Open Altera once in your Shopify admin. Your keys and settings are unchanged."),),
    ),
    notices.CONFIRM: Text(
        N_("Confirm this address for notices of %(shop)s"),
        (
            N_(
                "Someone who manages %(shop)s in the Shopify admin entered this address in Altera, "
                "to get notices about API keys. Until you confirm it, nothing else is sent to it."
            ),
        ),
        (),
        (N_("If you do not know this store, ignore this email."),),
    ),
    notices.DIGEST: Text(
        N_("More notices about the API keys of %(store)s"),
        (
            N_(
                "There were more notices about %(store)s than we send one by one in an hour. These "
                "are the others, %(count)s in all. Activity has the details."
            ),
        ),
        (),
        (),
        "activity",
    ),
    notices.EMAIL_CHANGED: Text(
        N_("Emails about the API keys of %(store)s now go to a different address"),
        (
            N_(
                "The API notification address of %(store)s was changed. This is the last email to "
                "the old address."
            ),
        ),
        (*HAPPENED, "new_address"),
        (N_("If no one on your team did this, change the address back under %(page)s."),),
    ),
}
WAITS = Text(
    N_("An import for %(store)s waits for approval"),
    (
        N_(
            "An import for %(store)s waits for approval. Nothing was changed, and nothing is until "
            "someone applies it."
        ),
    ),
    (*HAPPENED, "data"),
    (N_("Look at what it would change under Settings > Jobs, then apply or discard it."),),
    "jobs",
)
"""Replaces the text of JOB_HELD where no limit holds the import, but a person has to apply it."""
LOOSENED = Text(
    N_("Imports with API key “%(key)s” for %(store)s may do more"),
    (
        N_(
            "Imports with the API key “%(key)s” for %(store)s may now change more before a person "
            "has to decide."
        ),
    ),
    (*HAPPENED, "imports"),
    (N_("If no one on your team did this, change it back or delete the key under %(page)s."),),
)
"""Replaces the text of WIDENED for a key that got no permission."""
SEES_MORE = Text(
    N_("API key “%(key)s” for %(store)s sees more personal data"),
    (N_("The API key “%(key)s” for %(store)s now sees more personal data than before."),),
    (*HAPPENED, "personal", "imports"),
    (N_("If no one on your team did this, change it back or delete the key under %(page)s."),),
)
"""Replaces the text of WIDENED for a key that got no permission and sees more."""
FAILED_JOBS = {
    "export": Text(
        N_("An export for %(store)s failed"),
        (N_("An export for %(store)s failed and will not be retried."), NO_MORE),
        (*HAPPENED, "data", "why"),
        TRY_AGAIN,
        "jobs",
    ),
    "import": Text(
        N_("An import for %(store)s failed"),
        (N_("An import for %(store)s failed and will not be retried."), NO_MORE),
        (*HAPPENED, "data", "why"),
        TRY_AGAIN,
        "jobs",
    ),
}
"""Replace the text of JOB_FAILED when it is known whether it was an export or an import."""
KEY_ENDED = (
    N_("If the program is yours, give it a working key from %(page)s."),
    N_("If not, someone else has the key. It no longer gives access to anything."),
)
ADVICE = dict.fromkeys(("deleted", "expired", "disabled", "retired"), KEY_ENDED) | {
    "plan": (N_("Your keys are kept and work again on a plan with API access."),)
}
"""Replace the advice of CALL_REFUSED for reasons that changing the key does not remove."""


def text_of(kind: str, detail: dict[str, Any]) -> Text:
    """The text for a notice with this detail. Raises ValueError for an unknown kind."""
    if kind not in TEXTS:
        raise ValueError(f"no text for a notice of kind {kind}")
    text, reason = TEXTS[kind], detail.get("reason")
    if kind == notices.JOB_FAILED:
        return FAILED_JOBS.get(detail.get("job", ""), text)
    if kind == notices.WIDENED and not detail.get("added"):
        return SEES_MORE if detail.get("sees_more") else LOOSENED
    if kind == notices.JOB_HELD and detail.get("approval"):
        return WAITS
    if kind == notices.CALL_REFUSED and reason in ADVICE:
        tab = "plan" if reason == "plan" else text.tab
        return text._replace(advice=ADVICE[reason], tab=tab)
    return text
