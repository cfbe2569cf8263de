"""A shop whose store stands in the stand-in, and jobs that run in the test's own process."""

import io
import time
from collections.abc import Callable
from contextlib import suppress
from zipfile import ZipFile

import httpx
from flask import current_app

from jobs.workflows import export, import_file
from models import db, now
from models.job import EXPORT, Job, new_id
from models.shop import Shop
from models.staff_member import ASKED_EVERY, StaffMember
from shopify.responses import ShopifyUnavailable
from shops.access import admin_for
from tests.cast import CLIENT_ID, CLIENT_SECRET, STAFF, make_key
from transfer.exporting.file import PAGES, opened
from transfer.importing import planning, steps
from transfer.importing.limits import Limits
from transfer.importing.receive import receive
from transfer.importing.settle import settle
from transfer.importing.upload import choose
from transfer.reading import shop_facts
from transfer.types import BY_NAME
from transfer.types.shop_facts import ShopFacts

_made: dict[tuple[str, str, str], list[str]] = {}
"""By stand-in, shop and name of what a store was given before: the permissions of its key then."""


class Store:
    """A shop in the database whose tokens the stand-in knows, empty over there."""

    def __init__(self, app, standin, domain: str):
        self.standin, self.domain = standin, domain
        plan = {"plan": "Pro", "plan_checked_at": now()}  # else a worker asks for it at any moment
        self.shop = Shop(
            domain=domain,
            name=domain,
            contact_email="ops@example.com",
            contact_confirmed_at=now(),
            **plan,
        )
        self.shop.save_tokens(**self.tell("install"))
        db.session.add(self.shop)
        db.session.flush()
        StaffMember.store(self.shop.id, STAFF, None, ASKED_EVERY)
        self.key, self.key_text = make_key(
            self.shop, "products:export", "products:import", "redirects:export", "redirects:import"
        )

    def given(self, name: str, make: Callable[[], object]) -> None:
        """Give the store what ``make`` imports: by those imports the first time, after that by a
        copy of all that the store had then, ids included. Before it the store is the same each
        time."""
        known = (self.standin.url, self.domain, name)
        if known in _made:
            self.tell("restore", name=name)
            self.key.permissions = _made[known]
        else:
            make()
            self.tell("keep", name=name)
            _made[known] = self.key.permissions
        db.session.commit()

    def asking(self) -> dict:
        """Where and as whom tokens are asked for."""
        origin = current_app.config["SETTINGS"].SHOPIFY_ORIGIN.format(shop=self.domain)
        return {"origin": origin, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}

    def changes_sent(self) -> list[dict]:
        """The mutations that the shop was sent since it was asked last, but for bulk queries, which
        only read."""
        sent = self.tell("sent")["mutations"]
        return [one for one in sent if one["field"] != "bulkOperationRunQuery"]

    def tell(self, what: str, **body):
        return self.standin.tell(self.domain, what, **body)

    def misbehave(self, **how) -> None:
        self.tell("misbehave", **how)

    def uninstall(self) -> None:
        """Shopify takes no token of the store any more; its webhook finds nobody."""
        with suppress(httpx.HTTPStatusError):
            self.tell("webhook", topic="app/uninstalled")

    def graphql(self, query: str, **variables) -> dict:
        admin = admin_for(self.shop.id)
        return admin.query(query, variables)

    def redirects(self) -> dict[str, str]:
        nodes = self.graphql("query { urlRedirects(first: 250) { nodes { path target } } }")
        return {node["path"]: node["target"] for node in nodes["urlRedirects"]["nodes"]}

    def add_redirect(self, path: str, target: str) -> str:
        writing = BY_NAME["redirects"].writing
        create = writing and writing.create
        assert create
        variables = create.variables(value={"path": path, "target": target})
        answer = self.graphql(create.document, **variables)
        return answer["result"]["object"]["id"]

    def send(self, action: str, gid: str, **input: str) -> None:
        """Somebody else updates or deletes a redirect."""
        mutation = getattr(BY_NAME["redirects"].writing, action)
        self.graphql(mutation.document, **mutation.variables(gid, input or None))

    def start(self, *types: str, format: str = "csv", filters: dict | None = None) -> Job:
        """An export that waits to be run."""
        job = Job(
            id=new_id(EXPORT),
            shop_id=self.shop.id,
            key_id=self.key.id,
            kind=EXPORT,
            types=list(types),
            format=format,
            filters=filters or {},
        )
        db.session.add(job)
        db.session.commit()
        return job

    def export(self, *types: str, **more) -> Job:
        """An export that has run."""
        return self.run_export(self.start(*types, **more))

    def run_export(self, job: Job) -> Job:
        """Run it to its end as a worker does, without the worker."""
        export(lambda step, *arguments: step(*arguments), time.sleep, job.id)
        db.session.refresh(job)
        return job

    def read(self, name: str, facts: ShopFacts | None = None) -> bytes:
        """The file of an export of a type, without the export: read page by page, and not by bulk
        operations, which takes a quarter of its time. Unless the ``facts`` tell of them, it has no
        column for metafields without a definition; what Shopify hides from the app is not left
        out."""
        data_type, admin = BY_NAME[name], admin_for(self.shop.id)
        if facts is None:
            always, asked = shop_facts.ask(admin, data_type.facts)
            facts, _ = shop_facts.among(asked, data_type.facts, always)
        passes: dict[str, str | None] = {}
        for number, step in enumerate(data_type.passes):
            each = facts.named(step.each) if step.each else ()
            runs = [f"{number}:{fact.alias}" for fact in each] if step.each else [f"{number}"]
            read = not step.writing and (not step.needs or facts.named(step.needs))
            passes |= dict.fromkeys(runs, PAGES if read else None)
        of = {"id": new_id(EXPORT), "shop_id": self.shop.id, "kind": EXPORT}
        job = Job(**of, types=[name], format="csv", filters={}, options={}, warnings=[])
        job.created_at = now()
        job.operations = {name: {"facts": facts.as_json(), "passes": passes}}
        with opened(job, admin) as file:
            return b"".join(file.chunks)

    def file(self, job: Job) -> bytes:
        admin = admin_for(self.shop.id)
        with opened(job, admin) as file:
            return b"".join(file.chunks)

    def keep(
        self,
        folder,
        file: str | bytes,
        *,
        name: str = "",
        dry_run: bool = False,
        type: str = "redirects",
        **options: object,
    ) -> Job:
        """An import that waits to be run: of this type, unless the file has a ``name``."""
        path = folder / "upload"
        path.write_bytes(file if isinstance(file, bytes) else file.encode())
        job = receive(
            path,
            choose(path, Limits.current(), name=name, data_type=None if name else BY_NAME[type]),
            shop_id=self.shop.id,
            key_id=self.key.id,
            dry_run=dry_run,
        )
        job.options = options
        db.session.commit()
        return job

    def begun(self, folder, text: str, *, dry_run: bool = False, type: str = "redirects") -> Job:
        """An import that has started: all of it is planned and may be applied, nothing is yet."""
        job = self.keep(folder, text, dry_run=dry_run, type=type)
        assert steps.begin(job.id) and steps.unpack(job.id)
        while planning.make_plan(job.id):
            pass
        settle(job.id)
        return job

    def run_import(self, job: Job, tries: int = 1) -> Job:
        """Run it to its end; a step whose answers are lost is begun again, as a worker does."""

        def run(step, *arguments):
            for left in reversed(range(tries)):
                try:
                    return step(*arguments)
                except ShopifyUnavailable:
                    if not left:
                        raise
                    db.session.rollback()

        import_file(run, time.sleep, job.id)
        db.session.refresh(job)
        return job


def sheets(file: bytes) -> dict[str, bytes]:
    """The sheets of a zip; the summary tells when it was made."""
    with ZipFile(io.BytesIO(file)) as archive:
        names = [name for name in archive.namelist() if "Summary" not in name]
        return {name: archive.read(name) for name in names}
