import collections
from models.job import HELD
from tests.transfer.importing.test_rows import results
from tests.transfer.importing.files import exported
from transfer.permissions import IMPORTS

TYPES = ("metaobject_definitions","metafield_definitions","files","metaobjects","products","collections","shop","redirects")

def test_try(store, other_store, tmp_path):
    store.tell("seed", products=8, metafield_definitions=21, files=6, metaobject_definitions=4, metaobjects=8, collections=12, redirects=3)
    store.key.permissions = list(IMPORTS)
    other_store.tell("reset", ids_after=9_000_000)
    other_store.tell("seed", products=0)
    other_store.key.permissions = list(IMPORTS)
    data = store.file(store.export(*TYPES, format="xlsx"))
    job = other_store.run_import(other_store.keep(tmp_path, data, name="store.xlsx"))
    print("JOB", job.status, job.error, job.counts, job.warnings)
    if job.status == HELD:
        job.apply({n: l["count"] for n, l in job.plan["limits"].items() if l["over"]})
        other_store.run_import(job)
        print("JOB", job.status, job.error, job.counts)
    from models import db
    from models.import_object import ImportObject
    for o in db.session.scalars(db.select(ImportObject).filter_by(job_id=job.id).order_by(ImportObject.number)):
        if o.result == "failed":
            print("FAILED", job.place_of(o.number), o.comment[:300])
    again = other_store.run_import(other_store.keep(tmp_path, other_store.file(other_store.export(*TYPES, format="xlsx")), name="store.xlsx"))
    print("AGAIN", again.status, again.counts)
    for t, sheet in (("metaobject_definitions",""),("metafield_definitions",""),("files",""),("metaobjects",""),("collections","Smart Collections"),("collections","Custom Collections"),("products","")):
        a, b = exported(store, t, sheet), exported(other_store, t, sheet)
        print("ROWS", t, sheet, len(a), len(b))
        skip = {"ID","Created At","Updated At","Row #","Link","Variant ID","Image Src","Product: ID","Variant Inventory Item ID","Variant Image","URL"}
        key = {"metaobject_definitions":["Type","Field: Key"],"metafield_definitions":["Owner Type","Namespace","Key","Validation: Name"],"files":["File Name"],"metaobjects":["Definition: Handle","Handle","Field"],"collections":["Handle","Rule: Product Column","Rule: Condition","Product: Handle"],"products":["Handle","Variant SKU","Image Position"]}[t]
        bb = {tuple(r.get(k,"") for k in key): r for r in b}
        n = 0
        for r in a:
            o = bb.get(tuple(r.get(k,"") for k in key))
            if o is None: print("  MISSING", [r.get(k) for k in key]); continue
            d = {h: (c, o.get(h)) for h, c in r.items() if h not in skip and o.get(h) != c}
            if d and n < 6:
                n += 1; print("  DIFF", [r.get(k) for k in key], str(d)[:400])
    assert 0
