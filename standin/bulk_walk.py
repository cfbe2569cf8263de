"""The lines of a bulk query's result, streamed: every object of its connections as one JSON line.

Records are read through the same fields as any query (resolve.field), without building the whole
answer. An object of a nested connection is a line of its own with `__parentId`.
"""

from collections.abc import Iterator
from itertools import chain, islice

import orjson
from graphql import DocumentNode

from standin.bulk_plan import Plan, Step, plan_of
from standin.context import Context
from standin.listings import Listing, in_batches

BATCH = 200
REMEMBERED = 20_000  # looked-up records kept at once


Children = list[tuple[Plan, Listing]]
"""The connections of an object, each with the plan for its nodes."""


class Walk:
    """One bulk query over one shop. lines() gives (line, whether it is of the top connection)."""

    def __init__(
        self,
        context: Context,
        document: DocumentNode,
        group: bool,
        most_children: int | None = None,
    ):
        self.context, self.group, self.most_children = context, group, most_children
        self.plan = plan_of(document, context)

    def lines(self) -> Iterator[tuple[bytes, bool]]:
        children: Children = []
        self._object(self.plan, {}, children)
        for plan, listing in children:
            items = ((None, item) for item in listing.iterate())
            yield from self._walk(items, plan, top=True)

    def _walk(self, items: Iterator, plan: Plan, top: bool) -> Iterator[tuple[bytes, bool]]:
        """Lines for (parent id, item) pairs. Grouped, children follow their parent; otherwise they
        come after the whole batch of parents they belong to."""
        for batch in in_batches(items, BATCH):
            if self.context.looked_up() > REMEMBERED:
                self.context.forget()
            found = []
            for parent, record in self._records(batch, plan):
                children: Children = []
                line = self._object(plan, record, children)
                if parent:
                    line["__parentId"] = parent
                found.append((orjson.dumps(line), record, children))
            if not self.group:
                yield from ((line, top) for line, _, _ in found)
                yield from self._stray(found)
                continue
            for text, record, children in found:
                yield text, top
                for below, listing in children:
                    pairs = ((record["id"], item) for item in self._children(listing))
                    yield from self._walk(pairs, below, top=False)

    def _children(self, listing) -> Iterator:
        """An object's children, cut where the stand-in is told to cut them."""
        return islice(listing.iterate(), self.most_children)

    def _stray(self, found: list) -> Iterator[tuple[bytes, bool]]:
        """The children of a batch, connection by connection."""
        by_place: dict[Plan, list] = {}
        for _, record, children in found:
            for below, listing in children:
                by_place.setdefault(below, []).append((record["id"], listing))
        for below, parents in by_place.items():
            pairs = chain.from_iterable(
                ((parent, item) for item in self._children(listing)) for parent, listing in parents
            )
            yield from self._walk(pairs, below, top=False)

    def _records(self, batch: list[tuple], plan: Plan) -> list[tuple[str | None, dict]]:
        """The batch with its records looked up, and what they refer to looked up as well."""
        self.context.fetch(item for _, item in batch)
        pairs = ((parent, self.context.record(item)) for parent, item in batch)
        records = [(parent, record) for parent, record in pairs if record is not None]
        references: list = []
        for _, record in records:
            for step in plan.steps(record):
                if step.refers and step.field:
                    stored = record.get(step.field.name)
                    references += stored if isinstance(stored, list) else [stored]
        self.context.fetch(references)
        return records

    def _object(self, plan: Plan, record: dict, children: Children) -> dict:
        line = {}
        for step in plan.steps(record):
            if step.field is None:
                line[step.key] = step.blank
            elif step.plain:
                value = record.get(step.field.name)
                if value is None:
                    value = step.blank
                elif step.leaf and step.exact is not type(value):
                    value = step.leaf(value)
                line[step.key] = value
            elif step.connection and step.below:
                stored = step.field.read(self.context, record, step.args)
                children.append((step.below, step.field.listing(stored, step.args)))
            else:
                stored = step.field.read(self.context, record, step.args)
                value = step.field.fit(self.context, stored, step.args)
                line[step.key] = self._finish(step, value, children)
        return line

    def _finish(self, step: Step, value, children: Children):
        if value is None:
            return None
        if isinstance(value, list) and step.in_list:
            return [self._finish(step, item, children) for item in value]
        if step.below:
            return self._object(step.below, value, children)
        return step.leaf(value) if step.leaf else value
