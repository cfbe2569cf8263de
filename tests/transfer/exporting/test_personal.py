"""What a key that sees no personal data is given: every personal field of the store is filled with
a text that stands nowhere else, and none of them is in any file."""

import csv
import io
import re
import zipfile
from hashlib import sha256
from typing import NamedTuple

import orjson
import pytest
from graphql import FieldNode, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

from models import db
from models.job import COMPLETED
from models.personal_data import ALL, NONE, REPLACED
from standin.schema import admin
from standin.seeds import SEEDS
from tests.transfer.reading.test_queries import KNOWN, PASSES, runs
from tests.transfer.store import sheets
from transfer.exporting.etag import etag
from transfer.permissions import EXPORTS
from transfer.reading import queries
from transfer.rows.columns import all_columns
from transfer.rows.personal import declared_kind, personal_columns
from transfer.types import ALL as TYPES
from transfer.types import BY_NAME
from transfer.types.personal import declared, declared_filter

PERSONAL = [
    *("Customer.email", "Customer.phone"),
    *("Customer.firstName", "Customer.lastName", "Customer.note"),
    *("multipassIdentifier", "Customer.metafields.value", "Order.metafields.value"),
    *("DraftOrder.metafields.value", "Company.metafields.value", "customAttributes.key"),
    *("customAttributes.value", "MailingAddress.firstName", "MailingAddress.lastName"),
    *("MailingAddress.name", "MailingAddress.company", "address1", "address2", "city", "zip"),
    *("MailingAddress.phone", "shopAddress.phone", "billingAddress.phone"),
    *("shippingAddress.phone", "billingAddress.recipient", "shippingAddress.recipient"),
    *("billingAddress.firstName", "billingAddress.lastName", "shippingAddress.firstName"),
    *("shippingAddress.lastName", "province", "provinceCode", "country", "Order.email"),
    *("Order.phone", "Order.note", "Order.poNumber", "clientIp", "statusPageUrl", "cartToken"),
    *("checkoutToken", "landingPage", "referrerUrl", "utmParameters.term"),
    *("utmParameters.content", "authorizationCode", "paymentId", "paymentDetails.bin"),
    *("paymentDetails.number", "trackingInfo.number", "trackingInfo.url", "Refund.note"),
    *("facts.description", "DraftOrder.email", "DraftOrder.phone", "note2", "DraftOrder.poNumber"),
    *("invoiceUrl", "invoiceEmailTemplateSubject", "Comment.author.name", "Comment.author.email"),
    *("Comment.body", "Comment.bodyHtml", "Comment.ip", "Comment.userAgent", "Company.name"),
    *("Company.externalId", "Company.note", "CompanyLocation.name", "CompanyLocation.phone"),
    *("CompanyLocation.externalId", "CompanyLocation.note", "taxRegistrationId"),
    *("CompanyContactRole.name", "Shop.email", "contactEmail", "shopOwnerName"),
    *("BasicEvent.message", "BasicEvent.author", "BasicEvent.arguments", "additionalContent.note"),
    *("CommentEvent.message", "rawMessage", "GenericFile.url", "MediaImage.alt", "Video.alt"),
    *("Video.filename", "fileErrors.message"),
]
"""Where a person, or a file of one, is told in the records of the stand-in."""
IN_PRODUCTS_TOO = ("GenericFile.url", "MediaImage.alt")
"""Personal in the type ``files`` alone: a file of a product is the merchant's."""
MARK = re.compile(rb"Mark\d{6}|mark\d{6}@marked\.example|\+1808\d{7}")
HASH = re.compile(rb"[0-9a-fA-F]{64}")
FORMATS = ("csv", "xlsx", "jsonl")
NOT_IN_FILES = {"defaultEmailAddress", "defaultPhoneNumber", "displayName", "accountOwner"}
SEED = {name: min(count, 8) for name, (_, count) in SEEDS.items() if name != "shop"}
SEED |= {"orders": 14, "metafield_definitions": 30}


class Exported(NamedTuple):
    """What each key is given of one store that has every type of data, all personal data marked."""

    marks: dict[str, str]
    """The path of each mark."""
    whole: dict[tuple[str, str], bytes]
    """The files of all types, by how much of personal data the key sees and by format."""
    of_staff: dict[str, bytes]
    """The same without a key, by format."""
    files: dict[tuple[str, str], bytes]
    """Those of the type ``files`` alone."""


_exported: list[Exported] = []
"""Made by the first test that asks for it."""


@pytest.fixture
def exported(store) -> Exported:
    if not _exported:
        store.tell("seed", **SEED)
        store.key.permissions = list(EXPORTS)
        db.session.commit()
        marks = {
            mark: path
            for mark, path in store.tell("mark", fields=PERSONAL).items()
            if NOT_IN_FILES.isdisjoint(path.split("."))
        }
        job, files = store.export(*BY_NAME), store.export("files")
        assert (job.status, job.error) == (COMPLETED, None)
        made = Exported(marks, {}, {}, {})
        for mode in (ALL, REPLACED, NONE):
            seen(store, mode)
            for format in FORMATS:
                job.format = files.format = format
                made.whole[mode, format] = store.file(job)
                made.files[mode, format] = store.file(files)
        job.key_id = None
        for format in FORMATS:
            job.format = format
            made.of_staff[format] = store.file(job)
        _exported.append(made)
    return _exported[0]


def seen(store, mode: str) -> None:
    store.key.personal_data = mode
    db.session.commit()


def text_of(file: bytes) -> bytes:
    """All that is in a file, and in the files within it."""
    if not file.startswith(b"PK"):
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return b"\n".join(text_of(archive.read(name)) for name in archive.namelist())


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def leaks(marks: dict[str, str], text: bytes) -> dict[str, str]:
    """The marks that stand in a text, plain or as their SHA-256."""
    said = {word.decode() for word in MARK.findall(text)}
    hashed = {word.decode().lower() for word in HASH.findall(text)}
    return {
        mark: path
        for mark, path in marks.items()
        if mark in said or sha256(mark.encode()).hexdigest() in hashed
    }


def test_no_file_of_such_a_key_has_a_mark(exported):
    marks = exported.marks
    shown = leaks(marks, text_of(exported.whole[ALL, "csv"])).values()
    unseen = [end for end in PERSONAL if not any(f".{p}".endswith(f".{end}") for p in shown)]
    assert unseen == [], "fields whose marks even a key which sees all is not shown"
    of_files = {mark: path for mark, path in marks.items() if path in IN_PRODUCTS_TOO}
    rest = {mark: path for mark, path in marks.items() if path not in IN_PRODUCTS_TOO}
    for mode in (REPLACED, NONE):
        for format in FORMATS:
            assert leaks(rest, text_of(exported.whole[mode, format])) == {}, (mode, format)
            assert leaks(of_files, text_of(exported.files[mode, format])) == {}, (mode, format)


def test_a_key_that_sees_all_is_given_what_staff_are(exported):
    """Byte for byte: what hides personal data is no part of an ordinary export."""
    for format in FORMATS:
        with_key = sheets(exported.whole[ALL, format])
        without = sheets(exported.of_staff[format])
        assert [name for name in without if with_key.get(name) != without[name]] == [], format
        assert len(with_key) == len(without) >= len(BY_NAME), format


def test_one_person_has_one_stand_in_in_all_types(store):
    store.tell("seed", customers=4, orders=6, draft_orders=4, companies=2, discounts=6)
    job = store.export("customers", "orders", "draft_orders", "companies")
    zips = {}
    for mode in (ALL, REPLACED):
        seen(store, mode)
        with zipfile.ZipFile(io.BytesIO(store.file(job))) as archive:
            zips[mode] = {name: table(archive.read(name)) for name in archive.namelist()}
    pairs: dict[str, set[str]] = {}
    for sheet, rows in zips[ALL].items():
        for row, other in zip(rows, zips[REPLACED][sheet], strict=True):
            assert row.keys() == other.keys()
            for header in ("Email", "Customer: Email", "Main Contact: Customer Email"):
                if row.get(header) and "Summary" not in sheet:
                    pairs.setdefault(row[header], set()).add(other[header])
    assert len(pairs) > 3
    assert all(len(found) == 1 for found in pairs.values())
    assert all(one.endswith("@example.invalid") for found in pairs.values() for one in found)
    people = {row["ID"]: row for row in zips[REPLACED]["Customers.csv"] if row["Email"]}
    bought = [row for row in zips[REPLACED]["Orders.csv"] if row["Customer: ID"]]
    assert bought
    for row in bought:
        who = people[row["Customer: ID"]]
        assert (row["Customer: Email"], row["Customer: Last Name"]) == (
            who["Email"],
            who["Last Name"],
        )


def test_without_personal_data_all_else_is_as_it_was(exported):
    tables = {}
    for mode in (ALL, NONE):
        with zipfile.ZipFile(io.BytesIO(exported.whole[mode, "csv"])) as archive:
            tables[mode] = {name: table(archive.read(name)) for name in archive.namelist()}
    kinds = {sheet.name: kind for kind in TYPES for sheet in kind.sheets}
    for name, rows in tables[NONE].items():
        if kind := kinds.get(name.removesuffix(".csv")):
            hidden = personal_columns(kind)
            whole = tables[ALL][name]
            assert not set(rows[0]) & set(hidden)
            gone = whole[0].keys() - rows[0].keys()
            patterns = [header.partition("{}")[0] for header in hidden]
            assert all(any(h.startswith(one) for one in patterns) for h in gone), name
            if len(rows) == len(whole):
                kept = [{h: row[h] for h in rows[0]} for row in whole]
                ids = {"Subject ID", "Path", "Row #", "Top Row"}
                for row, other in zip(kept, rows, strict=True):
                    assert {h for h in row if row[h] != other[h]} <= ids, name


def test_without_personal_data_jsonl_has_none_of_its_fields(exported):
    found = {}
    for mode in (REPLACED, NONE):
        lines = sheets(exported.whole[mode, "jsonl"])["Customers.jsonl"].splitlines()
        found[mode] = set[str]().union(*map(orjson.loads, lines))
    assert {"firstName", "lastName", "note"} <= found[REPLACED] - found[NONE]
    assert found[NONE] < found[REPLACED]


def test_types_without_personal_data_are_the_same_for_every_key(exported):
    public = {kind.name: kind for kind in TYPES if not personal_columns(kind)}
    assert {"products", "collections", "pages", "metaobjects", "payouts"} <= public.keys()
    for format in ("csv", "jsonl"):
        found = []
        for mode in (ALL, REPLACED, NONE):
            files = sheets(exported.whole[mode, format])
            names = [f"{sheet.name}.{format}" for kind in public.values() for sheet in kind.sheets]
            found.append([files[name] for name in names])
        assert found[0] == found[1] == found[2]


def test_a_new_secret_and_another_stores_give_other_stand_ins(store, other_store):
    for one in (store, other_store):
        one.tell("seed", customers=3)
        one.key.permissions = list(EXPORTS)
        seen(one, REPLACED)
    job = store.export("customers")
    first, tag = store.file(job), etag(job)
    assert store.file(job) == first
    others = table(other_store.file(other_store.export("customers")))
    here, there = ({row["Email"] for row in rows} - {""} for rows in (table(first), others))
    assert here and there and not here & there
    store.shop.renew_stand_ins()
    db.session.commit()
    assert etag(job) != tag
    again = table(store.file(job))
    for row, before in zip(again, table(first), strict=True):
        for header in ("ID", "Email", "Last Name", "Phone", "Address ID", "Address Line 1"):
            assert not row[header] or row[header] != before[header]


def test_the_etag_tells_how_much_is_seen(store):
    store.tell("seed", customers=1)
    job = store.export("redirects")
    tags = set()
    for mode in (ALL, REPLACED, NONE):
        seen(store, mode)
        tags.add(etag(job))
    assert len(tags) == 3 and None not in tags


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.name)
def test_every_column_and_filter_says_whether_it_is_personal(kind):
    undeclared = [bound.header for bound in all_columns(kind) if declared_kind(kind, bound) is None]
    assert undeclared == []
    names = [one.name for one in kind.filters]
    assert [n for n in names if not declared_filter(kind.name, n, kind.personal)] == []


class Protected(Visitor):
    """The dotted paths at which a document asks for what Shopify protects."""

    def __init__(self, types: TypeInfo):
        super().__init__()
        self.types = types
        self.stack: list[str] = []
        self.found: set[str] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        self.stack.append(node.alias.value if node.alias else node.name.value)
        parent = self.types.get_parent_type()
        if parent and f"{parent.name}.{node.name.value}" in admin().protected:
            within = [name for name in self.stack[1:] if name not in ("edges", "node", "nodes")]
            self.found.add(".".join(within))

    def leave_field(self, *_: object) -> None:
        self.stack.pop()


def test_what_shopify_protects_is_personal():
    asked = set()
    for kind, step in PASSES:
        for fact in runs(step):
            types = TypeInfo(admin().schema)
            visitor = Protected(types)
            page = parse(queries.root_page(step, KNOWN, fact))
            visit(page, TypeInfoVisitor(types, visitor))
            asked |= {(kind, path) for path in visitor.found}
    assert len(asked) > 40
    for kind, path in asked:
        assert declared(f"{kind.name}.{path}", kind.personal) not in (None, "public"), path
