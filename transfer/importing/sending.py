"""Sends a mutation: Shopify's answer, or the words in which it refuses."""

from collections.abc import Mapping
from typing import Any

from shopify.admin import Admin
from transfer.importing.columns import FileColumns
from transfer.importing.completion import wait_until
from transfer.importing.errors import refusal
from transfer.types.writing import Input, Mutation

BUSY = 90.0
"""Seconds for which a call is sent again that Shopify takes only so often a minute, or not yet."""
NOT_NOW = {
    *("CATALOG_CONTEXT_LOCKED", "PRICE_LIST_LOCKED", "PUBLICATION_LOCKED", "PRODUCT_LOCK_ERROR"),
    *("FILE_LOCKED", "MEDIA_CANNOT_BE_MODIFIED", "TOO_MANY_ATTEMPTS_TO_REORDER_PRODUCTS"),
    "IDEMPOTENCY_CONCURRENT_REQUEST",
}
"""The codes by which Shopify asks to try again: somebody else is changing the same thing."""


STALE = frozenset({"STALE_OBJECT"})
"""The code of what others have changed since it was read."""


class Refused(Exception):
    """Why Shopify does not make a change, in its own words. ``codes`` are those of its errors."""

    def __init__(self, words: str, codes: frozenset[str] = frozenset()):
        super().__init__(words)
        self.codes = codes


def _is_busy(mutation: Mutation, error: Mapping[str, Any]) -> bool:
    """Whether an error says that nothing was done yet, and may be done if it is sent again."""
    busy = mutation.busy and error["message"].startswith(mutation.busy)
    return bool(busy or error.get("code") in NOT_NOW)


class Sender:
    """Sends mutations of one type."""

    def __init__(self, admin: Admin, columns: FileColumns):
        self._admin, self._columns = admin, columns
        self._mutations = {one.name: one for one in columns.writing.mutations}

    def result(
        self, mutation: Mutation, variables: Input, key: str, read_back: str = ""
    ) -> dict[str, Any]:
        """Shopify's answer, or Refused with its words.

        Shopify deletes nothing of a list of which a part is gone, and does not say which: the list
        is sent again in halves, down to the single items that are gone.
        """
        if mutation.session:
            variables = self._in_session(mutation.session, variables)
        sent = mutation.aimed(variables)
        sent |= {"idempotencyKey": key} if mutation.idempotent else {}
        answer: dict[str, Any] = {}

        def is_heard() -> bool:
            nonlocal answer
            answer = self._admin.query(mutation.asking(read_back), sent)["result"]
            return not any(_is_busy(mutation, error) for error in answer["userErrors"])

        wait_until(is_heard, BUSY)
        if errors := answer["userErrors"]:
            codes = frozenset(str(error.get("code")) for error in errors)
            if not codes <= set(mutation.gone):
                raise Refused(refusal(self._columns, mutation, errors), codes)
            items = sent[mutation.items]
            half = len(items) // 2 if isinstance(items, list) else 0
            for some in (items[:half], items[half:]) if half and isinstance(items, list) else ():
                self.result(mutation, {**variables, mutation.items: some}, key)
        return answer

    def _in_session(self, begin: Mutation, variables: Input) -> Input:
        """Begin a session and change what it is about; the variables that commit it. One that is
        never committed has changed nothing."""
        session = str(self.result(begin, {"id": variables["id"]}, "")["object"]["id"])
        edits: Any = variables["edits"]
        for edit in edits:
            self.result(self._mutations[edit["mutation"]], {**edit["variables"], "id": session}, "")
        own = ("edits", "known")
        return {n: value for n, value in variables.items() if n not in own} | {"id": session}
