"""/api/v1/files: addresses for files up and down, as a program sees them."""

import time
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from models import db, now
from models.activity import Activity
from models.uploaded_file import UploadedFile
from tests.cast import Script, make_key, problem

PNG = b"\x89PNG\r\n\x1a\n" + b"tea" * 500
NOBODYS = "gid://shopify/MediaImage/999999999"


@pytest.fixture
def library(app, store):
    """A program whose key is that of the guide's File management."""
    return Script(app, make_key(store.shop, "files:export", "files:import", name="Files")[1])


def wanted(name: str = "tea.png", data: bytes = PNG, **more) -> dict:
    return {"name": name, "size": len(data), "sha256": sha256(data).hexdigest()} | more


def start(library, *files: dict) -> list[dict]:
    answer = library.post("/uploads", json={"files": list(files)})
    assert answer.status_code == 200, answer.text
    return answer.json["files"]


def send(started: dict, data: bytes = PNG) -> httpx.Response:
    target = started["target"]
    fields = {field["name"]: field["value"] for field in target["fields"]}
    return httpx.post(target["url"], data=fields, files={"file": ("a", data, target["type"])})


def complete(library, *uploads: dict) -> list[dict]:
    answer = library.post("/files", json={"files": list(uploads)})
    assert answer.status_code == 200, answer.text
    return answer.json["files"]


def upload(library, name: str = "tea.png", data: bytes = PNG, **more) -> dict:
    """A file of the store, ready or failed; what was sent was all of it."""
    [started] = start(library, wanted(name, data, **more))
    assert started["result"] == "upload" and send(started, data).status_code == 201
    [made] = complete(library, {"upload": started["upload"], "alt": "A pot of tea"})
    assert made["result"] == "stored"
    return settled(library, made["file"]["id"])


def settled(library, file_id: str) -> dict:
    while True:
        [file] = library.get("/files/status", query_string={"id": file_id}).json["files"]
        if file["status"] in ("ready", "failed"):
            return file
        time.sleep(0.05)


def stored(library, **query) -> list[dict]:
    answer = library.get("/files", query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.json["files"]


@pytest.mark.both_databases
def test_a_file_goes_up_to_shopify_and_comes_back_whole(library, store):
    file = upload(library)
    assert file | {"id": "", "url": "", "created_at": "", "updated_at": ""} == {
        **{"id": "", "name": "tea.png", "type": "IMAGE", "mime_type": "image/png"},
        **{"status": "ready", "url": "", "size": len(PNG), "alt": "A pot of tea", "error": ""},
        **{"created_at": "", "updated_at": ""},
    }
    assert stored(library) == [file | {"used_in": ""}]
    assert httpx.get(file["url"]).content == PNG
    assert library.get("/files/" + file["id"].removeprefix("gid://shopify/")).json == file
    [activity] = db.session.scalars(db.select(Activity).filter_by(kind="files.uploaded"))
    assert (activity.actor, activity.detail) == ("Files", {"count": 1})


def test_nothing_is_uploaded_twice(library, store):
    file = upload(library)
    [again] = start(library, wanted())
    assert (again["result"], again["file"], again["target"]) == ("stored", file, None)
    [other] = start(library, wanted("other.png"))
    assert other["result"] == "upload"
    store.graphql("mutation ($id: [ID!]!) { fileDelete(fileIds: $id) { deletedFileIds } }",
                  id=[file["id"]])  # fmt: skip
    [gone] = start(library, wanted())
    assert gone["result"] == "upload"
    assert db.session.scalars(db.select(UploadedFile)).all() == []


def test_a_file_is_known_for_a_year_after_it_was_last_asked_about(library, store):
    upload(library)
    upload(library, "cup.png")
    db.session.execute(db.update(UploadedFile).values(used_at=now() - timedelta(days=364)))
    db.session.commit()
    assert start(library, wanted())[0]["result"] == "stored"
    for days, left in ((0, {"tea.png", "cup.png"}), (2, {"tea.png"}), (370, set())):
        for row in db.session.scalars(db.select(UploadedFile)):
            row.used_at -= timedelta(days=days)
        UploadedFile.purge()
        db.session.commit()
        assert {
            row.name for row in UploadedFile.with_names(store.shop.id, ["tea.png", "cup.png"])
        } == left


def test_a_file_that_is_completed_twice_or_stands_twice_in_a_call_is_one(library):
    [one, two] = start(library, wanted(), wanted())
    assert [send(started).status_code for started in (one, two)] == [201, 201]
    made = complete(library, {"upload": one["upload"]}, {"upload": two["upload"]})
    assert made[0] == made[1]
    [late] = complete(library, {"upload": two["upload"]})
    assert late["file"]["id"] == made[0]["file"]["id"]
    assert len(stored(library)) == 1


def test_a_name_that_the_store_has_is_told_as_shopify_changes_it(library):
    upload(library)
    other = upload(library, data=PNG + b"!")
    assert other["name"].startswith("tea_") and len(stored(library)) == 2
    assert upload(library, "green tea (1).png", PNG + b"?")["name"] == "green_tea_1_.png"


def test_a_file_is_replaced_under_its_address(library):
    before = upload(library)
    after = upload(library, data=PNG + b"!", replace=True)
    assert after["id"] == before["id"] and after["size"] == len(PNG) + 1
    assert after["url"].partition("?")[0] == before["url"].partition("?")[0]
    assert httpx.get(after["url"]).content == PNG + b"!"
    [old] = start(library, wanted())
    assert old["result"] == "upload", "the file has that content no more"
    new = upload(library, "new.png", replace=True)
    assert new["name"] == "new.png" and len(stored(library)) == 2


CREATE = """mutation ($files: [FileCreateInput!]!) {
  fileCreate(files: $files) { userErrors { message } } }"""


def test_a_file_is_found_by_its_name_behind_many_that_a_search_finds_too(library, store):
    source = "https://example.com/a.png"
    others = [{"originalSource": source, "filename": f"{n} tea.png"} for n in range(251)]
    for some in (others[:250], others[250:]):
        assert not store.graphql(CREATE, files=some)["fileCreate"]["userErrors"]
    before = upload(library)
    [started] = start(library, wanted(data=PNG + b"!", replace=True))
    send(started, PNG + b"!")
    [made] = complete(library, {"upload": started["upload"]})
    assert made["file"]["id"] == before["id"]
    UploadedFile.forget(store.shop.id, [before["id"]])
    UploadedFile.store(store.shop.id, [("tea.png", wanted(data=PNG + b"!")["sha256"], "")])
    db.session.commit()
    settled(library, before["id"])
    [again] = start(library, wanted(data=PNG + b"!"))
    assert (again["result"], again["file"]["id"]) == ("stored", before["id"])


def test_what_shopify_does_not_take_is_told(library, store):
    large = {"size": 20_000_001}
    answers = start(
        library, wanted() | large, wanted("a.mp4") | large, wanted("a.glb") | {"size": 500_000_001}
    )
    assert [answer["result"] for answer in answers] == ["failed", "upload", "failed"]
    assert answers[0]["error"] == "It is larger than the 20 MB that Shopify accepts for its type."
    [bad, good] = start(library, wanted("page.html"), wanted())
    assert [send(started).status_code for started in (bad, good)] == [201, 201]
    made = complete(library, {"upload": bad["upload"]}, {"upload": good["upload"]})
    assert (made[0]["result"], made[0]["file"]) == ("failed", None)
    assert made[0]["error"] == "Files of this type are not accepted."
    assert made[1]["result"] == "stored"
    broken = upload(library, "words.png", b"no picture")
    assert (broken["status"], broken["url"]) == ("failed", None)
    assert broken["error"] == "The image is of a type that is not taken."
    [again] = start(library, wanted("words.png", b"no picture"))
    assert again["result"] == "upload", "what failed may be tried again"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "../tea.png"},
        {"name": ".."},
        {"name": "a\\b.png"},
        {"name": "a\nb.png"},
        {"name": ""},
        {"size": 0},
        {"sha256": "A" * 64},
        {"url": "http://127.0.0.1"},
    ],
)
def test_what_is_no_file_is_refused(library, wrong):
    answer = library.post("/uploads", json={"files": [wanted() | wrong]})
    assert problem(answer, 422, "invalid")["errors"][0]["field"].startswith("files.0")


def test_a_call_takes_fifty_files(library):
    answer = library.post("/uploads", json={"files": [wanted()] * 51})
    assert "50" in problem(answer, 422, "invalid")["detail"]
    answer = library.get("/files/status", query_string=[("id", NOBODYS)] * 51)
    problem(answer, 422, "invalid")


def test_the_list_comes_by_type_name_and_time(library, store):
    store.tell("seed", files=10)
    everything = stored(library)
    assert len(everything) > 5
    videos = stored(library, media_type="video")
    assert videos and {file["type"] for file in videos} == {"VIDEO"}
    some = stored(library, media_type="video,generic_file")
    assert {file["type"] for file in some} == {"VIDEO", "FILE"}
    [named] = stored(library, filename="manual-002.pdf")
    assert httpx.get(named["url"]).headers["Content-Length"] == str(named["size"])
    assert stored(library, updated_since="2999-01-01") == []
    for query in ({"media_type": "imag"}, {"updated_since": "soon"}, {"page": "2"}, {"": "2"}):
        problem(library.get("/files", query_string=query), 422, "invalid")


def test_a_file_of_a_product_says_so(library, store):
    store.tell("seed", products=2, files=2)
    assert {file["used_in"] for file in stored(library)} == {"", "product"}


def test_each_call_needs_its_permission(app, store):
    up = Script(app, make_key(store.shop, "files:import", name="Up")[1])
    down = Script(app, make_key(store.shop, "files:export", name="Down")[1])
    body = {"json": {"files": [wanted()]}}
    assert problem(up.get("/files"), 403, "permission_missing")["needs"] == "files:export"
    for answer in (
        down.post("/uploads", **body),
        down.post("/files", **body),
        down.get("/files/status", query_string={"id": NOBODYS}),
        down.get("/files/MediaImage/1"),
    ):
        assert problem(answer, 403, "permission_missing")["needs"] == "files:import"
    assert down.get("/files").status_code == 200


def test_another_shops_key_completes_nothing_and_sees_nothing(app, library, other_store):
    [started] = start(library, wanted())
    assert send(started).status_code == 201
    bob = Script(app, make_key(other_store.shop, "files:export", "files:import")[1])
    answer = bob.post("/files", json={"files": [{"upload": started["upload"]}]})
    assert "not started with this key" in problem(answer, 422, "invalid")["detail"]
    file = upload(library)
    assert bob.get("/files/status", query_string={"id": file["id"]}).json == {"files": []}
    problem(bob.get("/files/" + file["id"].removeprefix("gid://shopify/")), 404, "not_found")
    assert stored(bob) == [] and start(bob, wanted())[0]["result"] == "upload"


def test_an_upload_that_was_changed_or_is_another_keys_is_refused(app, library, store):
    [started] = start(library, wanted())
    other = Script(app, make_key(store.shop, "files:import", name="Other")[1])
    for program, text in ((library, started["upload"][:-1]), (other, started["upload"])):
        problem(program.post("/files", json={"files": [{"upload": text}]}), 422, "invalid")


def test_a_file_whose_answer_was_lost_is_made_once(library, store):
    [started] = start(library, wanted())
    send(started)
    body = {"json": {"files": [{"upload": started["upload"]}]}}
    store.misbehave(lose_answer=1)
    problem(library.post("/files", **body), 503, "shopify_unavailable")
    while (answer := library.post("/files", **body)).status_code == 503:
        time.sleep(0.1)
    assert [file["id"] for file in stored(library)] == [answer.json["files"][0]["file"]["id"]]
    [row] = db.session.scalars(db.select(UploadedFile))
    assert row.file_id == stored(library)[0]["id"]


def test_a_file_that_shopify_never_made_is_made_after_a_while(library, store):
    [started] = start(library, wanted())
    send(started)
    UploadedFile.store(store.shop.id, [("tea.png", wanted()["sha256"], "")])
    db.session.commit()
    body = {"json": {"files": [{"upload": started["upload"]}]}}
    problem(library.post("/files", **body), 503, "shopify_unavailable")
    db.session.execute(db.update(UploadedFile).values(used_at=now() - timedelta(minutes=1)))
    db.session.commit()
    assert library.post("/files", **body).json["files"][0]["result"] == "stored"
    assert len(stored(library)) == 1


def test_shopify_that_does_not_answer_is_told(library, store):
    store.misbehave(http_500=1)
    answer = library.post("/uploads", json={"files": [wanted()]})
    assert answer.headers["Retry-After"] == "10"
    problem(answer, 503, "shopify_unavailable")


@pytest.mark.parametrize("after", ["x", "\0", "9" * 300])
def test_a_page_that_begins_nowhere_is_refused(library, after):
    answer = library.get("/files", query_string={"after": after})
    assert problem(answer, 422, "invalid")["errors"][0]["field"] == "after"


def test_an_id_has_the_digits_of_shopify(library):
    answer = library.get("/files/status", query_string={"id": "gid://shopify/MediaImage/\u0661"})
    problem(answer, 422, "invalid")
