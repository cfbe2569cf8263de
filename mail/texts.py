"""The texts of the mails: for each kind of notice its subject, paragraphs, details and advice."""

from typing import NamedTuple

from models import notices
from translations import N_

HAPPENED = ("who", "when", "from")
LABELS = {
    "who": N_("Who"),
    "when": N_("When"),
    "from": N_("From"),
    "sent_from": N_("Sent from"),
    "may": N_("May"),
    "added": N_("Added"),
    "expires": N_("Expires"),
    "old_ends": N_("Old key ends"),
    "needs": N_("Needs"),
    "data": N_("Data"),
    "why": N_("Why"),
    "new_address": N_("New address"),
}
REASONS = {
    "permission": N_("the key does not have the permission that the call needs"),
    "address": N_("the call came from an address that the key does not allow"),
    "deleted": N_("the key was deleted"),
    "expired": N_("the key has expired"),
    "disabled": N_("the key is disabled"),
    "retired": N_("the key was rotated and its old secret has ended"),
    "plan": N_("the store's plan does not include API access"),
}
OTHER_REASON = N_("the key may not make this call")
UNDO = N_("If nobody of you did this, delete the key now under %(page)s, and look at Activity.")
STILL_NEEDED = N_("If it is still needed, choose a later date under %(page)s.")
NO_MORE = N_("More failures of the same data with the same key today make no more mail.")
TRY_AGAIN = (N_("Start it again when the reason is gone."), N_("Activity has every failure."))


class Text(NamedTuple):
    """Messages that name ``key``, ``store``, ``page`` and ``reason``; details by LABELS; the tab
    of the settings that the mail leads to."""

    subject: str
    said: tuple[str, ...]
    details: tuple[str, ...]
    advice: tuple[str, ...]
    tab: str = "keys"


TEXTS = {
    notices.CREATED: Text(
        N_("API key “%(key)s” was created for %(store)s"),
        (N_("A new API key, “%(key)s”, can now reach the data of %(store)s."),),
        (*HAPPENED, "may", "expires"),
        (UNDO,),
    ),
    notices.ROTATED: Text(
        N_("API key “%(key)s” of %(store)s was rotated"),
        (
            N_(
                "The API key “%(key)s” of %(store)s was replaced by a new one of the same name, "
                "permissions and limits."
            ),
        ),
        (*HAPPENED, "old_ends"),
        (N_("Put the new key into the programs that use it."), UNDO),
    ),
    notices.WIDENED: Text(
        N_("API key “%(key)s” of %(store)s may do more"),
        (N_("The API key “%(key)s” of %(store)s was given more permissions."),),
        (*HAPPENED, "added"),
        (N_("If nobody of you did this, untick them or delete the key under %(page)s."),),
    ),
    notices.DELETED: Text(
        N_("API key “%(key)s” of %(store)s was deleted"),
        (N_("The API key “%(key)s” of %(store)s was deleted. Programs that use it are refused."),),
        HAPPENED,
        (N_("If a program still needs access, create a new key under %(page)s."),),
    ),
    notices.LEAKED: Text(
        N_("Leaked: API key “%(key)s” of %(store)s was revoked"),
        (
            N_(
                "Somebody sent us the full API key “%(key)s” of %(store)s: it is not secret any "
                "more. It was revoked at once and every call with it is refused."
            ),
        ),
        ("when", "sent_from"),
        (
            N_(
                "Look under Activity for what it was used for, find where it was published, and "
                "create a new key under %(page)s."
            ),
        ),
    ),
    notices.CALL_REFUSED: Text(
        N_("A call with API key “%(key)s” of %(store)s was refused"),
        (
            N_("A call with the API key “%(key)s” of %(store)s was refused: %(reason)s."),
            N_("More refused calls of this key today make no more mail."),
        ),
        (*HAPPENED, "needs"),
        (
            N_("If the program is yours, change the key under %(page)s."),
            N_("If not, delete the key there."),
        ),
    ),
    notices.EXPIRES_SOON: Text(
        N_("API key “%(key)s” of %(store)s expires soon"),
        (
            N_(
                "The API key “%(key)s” of %(store)s expires in less than 7 days. Then its calls "
                "are refused."
            ),
        ),
        ("expires",),
        (STILL_NEEDED,),
    ),
    notices.EXPIRES_TODAY: Text(
        N_("API key “%(key)s” of %(store)s expires today"),
        (N_("The API key “%(key)s” of %(store)s expires today. Then its calls are refused."),),
        ("expires",),
        (STILL_NEEDED,),
    ),
    notices.JOB_FAILED: Text(
        N_("An export or import of %(store)s failed"),
        (N_("An export or import of %(store)s failed and is not tried again."), NO_MORE),
        (*HAPPENED, "data", "why"),
        TRY_AGAIN,
        "jobs",
    ),
    notices.ACCESS_LOST: Text(
        N_("Altera has lost its access to %(store)s"),
        (
            N_(
                "Altera can no longer reach the data of %(store)s: Shopify ended its access. "
                "Exports and imports fail until somebody opens the app."
            ),
        ),
        ("when",),
        (N_("Open Altera once in your Shopify admin. That is all: keys and settings stay."),),
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
        (N_("If you do not know this store, ignore this mail."),),
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
        N_("Mail about the API keys of %(store)s now goes elsewhere"),
        (
            N_(
                "The API notification address of %(store)s was changed. This is the last mail to "
                "the old one."
            ),
        ),
        (*HAPPENED, "new_address"),
        (N_("If nobody of you did this, put the address back under %(page)s."),),
    ),
}
FAILED_JOBS = {
    "export": Text(
        N_("An export of %(store)s failed"),
        (N_("An export of %(store)s failed and is not tried again."), NO_MORE),
        (*HAPPENED, "data", "why"),
        TRY_AGAIN,
        "jobs",
    ),
    "import": Text(
        N_("An import of %(store)s failed"),
        (N_("An import of %(store)s failed and is not tried again."), NO_MORE),
        (*HAPPENED, "data", "why"),
        TRY_AGAIN,
        "jobs",
    ),
}
"""In place of the text of JOB_FAILED, where it is known which job it was."""
OVER = (
    N_("If the program is yours, give it a key that works from %(page)s."),
    N_("If not, somebody has the key: it opens nothing any more."),
)
ADVICE = dict.fromkeys(("deleted", "expired", "disabled", "retired"), OVER) | {
    "plan": (N_("The keys stay as they are and work again on a plan with API access."),)
}
"""In place of that of CALL_REFUSED, for reasons that no change of the key's limits takes away."""


def text_of(kind: str, detail: dict) -> Text:
    """The text for a notice with this detail. Raises ValueError for a kind without words."""
    if kind not in TEXTS:
        raise ValueError(f"no words for a notice of kind {kind}")
    text, reason = TEXTS[kind], detail.get("reason")
    if kind == notices.JOB_FAILED:
        return FAILED_JOBS.get(detail.get("job"), text)
    if kind == notices.CALL_REFUSED and reason in ADVICE:
        tab = "plan" if reason == "plan" else text.tab
        return text._replace(advice=ADVICE[reason], tab=tab)
    return text
