"""What Shopify completes after its answer: jobs, files that it fetches, and what follows a call."""

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import orjson

from models.import_object import CREATE, DELETE
from shopify import meters
from shopify.admin import AccessDenied, Admin
from transfer.importing.columns import FileColumns
from transfer.importing.work import Work
from transfer.types.base import Item
from transfer.types.writing import NEW_MEMBER, Follow, Json, Members

JOB = "query ($id: ID!) { job(id: $id) { done } }"
PATIENCE, FIRST_LOOK, LAST_LOOK = 60.0, 0.2, 2.0
"""Seconds for which a job, or media that are fetched, are waited for, and between two looks."""
FETCHING = "(status:UPLOADED OR status:PROCESSING)"
FAILED = "status:FAILED"
FILES = "query ($query: String!) { files(first: 1, query: $query) { nodes { id } } }"
WATCHED_AT_ONCE = 20
"""Objects whose members are watched by one query, which may not ask for 1,000 points."""


def wait_until(over: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait until it is ``over``, for so many seconds at the most."""
    give_up, wait = time.monotonic() + patience, FIRST_LOOK
    while not over():
        if time.monotonic() > give_up:
            return
        meters.wait(wait)
        wait = min(wait * 1.5, LAST_LOOK)


def wait_for_job(admin: Admin, job_id: str) -> None:
    """Shopify has begun; the next change of the object has to wait."""
    wait_until(lambda: bool(admin.query(JOB, {"id": job_id})["job"]["done"]))


def problems_of(admin: Admin, follow: Follow, gid: str) -> str:
    """Wait for what goes on after an answer; a sentence about what could not be done."""
    node: dict[str, Any] = {}

    def is_done() -> bool:
        nonlocal node
        node = admin.query(follow.query, {"id": gid})["node"] or {}
        return bool(node.get("done", True))

    wait_until(is_done)
    if follow.details and node.get(follow.failed):
        node = admin.query(follow.details, {"id": gid})["node"] or {}
    return follow.problems(node)


def has_files(admin: Admin, since: str, state: str) -> bool:
    """Whether files made ``since`` then are in a state: FETCHING or FAILED. Searches follow the
    store by some seconds. It costs the same for any number of files. Where the app may not search
    for files, some may have failed."""
    query = f"created_at:>='{since}' {state}"
    try:
        return bool(admin.query(FILES, {"query": query})["files"]["nodes"])
    except AccessDenied:
        return state == FAILED


class Completion:
    """Waits for objects of one type, and notes what Shopify could not complete."""

    def __init__(self, admin: Admin, columns: FileColumns):
        self._admin, self._columns = admin, columns

    def is_watched(self, work: Work) -> bool:
        """Whether Shopify completes the object or members of it later."""
        own = self._columns.writing.watched and work.planned.action != DELETE
        return bool(own or self._watched(work))

    def wait(self, works: Sequence[Work]) -> None:
        """Wait while Shopify completes the objects or members of them."""
        wait_until(lambda: not self._being_made(works))

    def watch(self, works: Sequence[Work]) -> None:
        """Wait for what Shopify completes later, and note what it could not."""
        watched = [w for w in works if w.planned.result is None and self.is_watched(w)]
        if not watched:
            return
        self.wait(watched)
        self.note_failed(watched)

    def note_failed(self, watched: Sequence[Work]) -> None:
        """Note what of these Shopify could not complete, and take it away."""
        states = self._states(watched)
        for work in watched:
            if self._columns.writing.watched:
                self._note_failed(work, "It", states.get(work.planned.ref or "", [])[:1])
            for members in self._watched(work):
                new = self._new(work, members)
                made = states.get(work.planned.ref or "", [])[-len(new) :] if new else []
                for name, one in zip(new, made, strict=False):
                    self._note_failed(work, name, [one])
                self._discard(work, members, made)

    def _discard(self, work: Work, members: Members, made: Iterable[Item]) -> None:
        """Take away the new members that have failed, but for what the calls have named: that was
        there before."""
        sent = orjson.dumps([call["variables"] for call in work.calls]).decode()
        named = {gid for text, gid in work.ids.items() if not text.startswith(NEW_MEMBER)}
        failed = [str(one["id"]) for one in made if one["state"] == "FAILED"]
        gone: list[Json] = [gid for gid in failed if gid not in named and f'"{gid}"' not in sent]
        if gone and members.discard:
            self._admin.query(members.discard.document, members.discard.variables(None, gone))

    def _watched(self, work: Work) -> list[Members]:
        return [
            one for one in self._columns.writing.members if one.watched and one.name in work.adds
        ]

    def _states(self, works: Sequence[Work]) -> dict[str, list[Item]]:
        """The members, by object, that Shopify completes later; or the object itself."""
        found: dict[str, list[Item]] = {}
        if watched := self._columns.writing.watched:
            refs = [work.planned.ref for work in works if work.planned.ref]
            nodes = self._admin.query(watched, {"ids": refs})["nodes"] if refs else []
            return {node["id"]: [node] for node in nodes if node}
        for members in self._columns.writing.members:
            refs = [
                work.planned.ref
                for work in works
                if work.planned.ref and members in self._watched(work) and self._new(work, members)
            ]
            if not refs:
                continue
            for start in range(0, len(refs), WATCHED_AT_ONCE):
                ids = {"ids": refs[start : start + WATCHED_AT_ONCE]}
                for node in filter(None, self._admin.query(members.watched, ids)["nodes"]):
                    found[node["id"]] = (node.get(members.of) or {}).get("nodes") or []
        return found

    def _new(self, work: Work, members: Members) -> list[str]:
        return [
            member["name"]
            for member in work.after["members"]
            if member["set"] == members.name and member["action"] == CREATE
        ]

    def _being_made(self, works: Sequence[Work]) -> bool:
        states = (one["state"] for of in self._states(works).values() for one in of)
        return any(state in ("UPLOADED", "PROCESSING") for state in states)

    def _note_failed(self, work: Work, name: str, made: Iterable[Item]) -> None:
        for one in made:
            if one["state"] == "FAILED":
                words = "; ".join(problem["message"] for problem in one["problems"])
                work.notes.append(f"{name} could not be fetched: {words}")
