"""Staged uploads, and the bulk mutations that read them."""

import base64
import time
from typing import Any

import httpx
import orjson
import pytest

from tests.standin.test_misbehave import tell

STAGE = """mutation ($input: [StagedUploadInput!]!) { stagedUploadsCreate(input: $input) {
    stagedTargets { url resourceUrl parameters { name value } } userErrors { field message } } }"""
RUN = """mutation ($m: String!, $path: String!, $client: String) {
    bulkOperationRunMutation(mutation: $m, stagedUploadPath: $path, clientIdentifier: $client) {
        bulkOperation { id status type } userErrors { field message code } } }"""
CREATE = """mutation ($redirect: UrlRedirectInput!) { urlRedirectCreate(urlRedirect: $redirect) {
    urlRedirect { path } userErrors { message } } }"""
JSONL = {
    "resource": "BULK_MUTATION_VARIABLES",
    "filename": "rows.jsonl",
    "mimeType": "text/jsonl",
    "httpMethod": "POST",
}


def stage(shop, **changes):
    answer = shop.ask(STAGE, input=[JSONL | changes])["stagedUploadsCreate"]
    assert answer["userErrors"] == []
    return answer["stagedTargets"][0]


def parameters(target):
    return {parameter["name"]: parameter["value"] for parameter in target["parameters"]}


def upload(target, content, fields=None):
    data = parameters(target) if fields is None else fields
    return httpx.post(
        target["url"], data=data, files={"file": ("rows.jsonl", content)}, verify=False
    )


def run(shop, path, mutation=CREATE, **more):
    answer = shop.ask(RUN, m=mutation, path=path, **more)["bulkOperationRunMutation"]
    return answer["bulkOperation"], answer["userErrors"]


def test_a_file_is_uploaded_and_can_be_read_again(alice):
    target = stage(alice)
    assert upload(target, b"one\ntwo\n").status_code == 201
    assert httpx.get(target["resourceUrl"], verify=False).content == b"one\ntwo\n"
    assert parameters(target)["key"] in target["resourceUrl"]


def test_a_file_may_be_put_instead(alice):
    target = stage(
        alice, resource="IMAGE", filename="a.png", mimeType="image/png", httpMethod="PUT"
    )
    assert httpx.put(target["url"], content=b"png", verify=False).status_code == 200
    assert httpx.get(target["resourceUrl"], verify=False).content == b"png"
    forged = target["url"].replace("limit=", "limit=9")
    assert httpx.put(forged, content=b"png", verify=False).status_code == 403


def test_every_parameter_is_needed_and_none_may_be_changed(alice):
    target = stage(alice)
    fields = parameters(target)
    for name in ("key", "policy", "x-goog-signature"):
        missing = {key: value for key, value in fields.items() if key != name}
        assert upload(target, b"x", missing).status_code in (400, 403)
    other = parameters(stage(alice))["key"]
    assert upload(target, b"x", fields | {"key": other}).status_code == 403
    assert httpx.get(target["resourceUrl"], verify=False).status_code == 404


def test_parameters_after_the_file_do_not_count(alice):
    target = stage(alice)
    parts: list[tuple[str, Any]] = [("file", ("rows.jsonl", b"x"))]
    parts += [(name, (None, value)) for name, value in parameters(target).items()]
    assert httpx.post(target["url"], files=parts, verify=False).status_code == 400


@pytest.mark.parametrize("body", [b"", b"--x\r\n", b"--x\r\nContent-Disposition: form-data"])
def test_a_form_that_is_cut_off_is_refused(alice, body):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    response = httpx.post(stage(alice)["url"], content=body, headers=headers, verify=False)
    assert response.status_code == 400 and "<Error>" in response.text


def test_a_file_over_the_limit_is_refused(alice):
    target = stage(alice, resource="IMAGE", filename="a.png", mimeType="image/png")
    response = upload(target, b"x" * 20_000_001)
    assert response.status_code == 400 and "EntityTooLarge" in response.text
    assert httpx.get(target["resourceUrl"], verify=False).status_code == 404


def test_a_target_is_good_for_a_while(alice):
    """Or the storage is out of order for a moment."""
    tell(alice, uploads_expired=1)
    response = upload(stage(alice), b"x")
    assert response.status_code == 400 and "ExpiredToken" in response.text
    tell(alice, uploads_503=1)
    target = stage(alice)
    assert [upload(target, b"x").status_code for _ in range(2)] == [503, 201]
    policy = orjson.loads(base64.b64decode(parameters(target)["policy"]))
    policy["expiration"] += 3600
    later = {"policy": base64.b64encode(orjson.dumps(policy)).decode()}
    assert upload(target, b"x", parameters(target) | later).status_code == 403


def make_file(shop, name, content, kind="IMAGE", **more):
    """A file whose content goes through the staged storage, once Shopify has looked at it."""
    target = stage(
        shop, resource=kind, filename=name, mimeType="image/png", fileSize=str(len(content))
    )
    assert upload(target, content).status_code == 201
    given = {"originalSource": target["resourceUrl"], "filename": name, "contentType": kind}
    made = shop.ask(MAKE, files=[given | more])["fileCreate"]
    assert made["userErrors"] == []
    return looked_at(shop, made["files"][0]["id"])


def looked_at(shop, gid):
    while (found := shop.ask(LOOK, id=gid)["node"])["fileStatus"] in ("UPLOADED", "PROCESSING"):
        time.sleep(0.05)
    return found


PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 5000
MAKE = """mutation ($files: [FileCreateInput!]!) { fileCreate(files: $files) {
    files { id fileStatus } userErrors { message } } }"""
CHANGE = """mutation ($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
    files { id } userErrors { message } } }"""
LOOK = """query ($id: ID!) { node(id: $id) { id ... on File { fileStatus fileErrors { code } }
    ... on MediaImage { image { url } originalSource { url fileSize } } } }"""


def test_an_uploaded_file_is_served_as_it_is_and_keeps_its_address(alice):
    made = make_file(alice, "my tea (1).png", PNG)
    source = made["originalSource"]
    assert (made["fileStatus"], source["fileSize"]) == ("READY", len(PNG))
    assert "/my_tea_1_.png?" in source["url"] and httpx.get(source["url"]).content == PNG
    part = httpx.get(source["url"], headers={"Range": "bytes=5000-"})
    assert (part.status_code, part.content) == (206, PNG[5000:])

    other = PNG + b"more"
    target = stage(alice, resource="IMAGE", filename="b.png", mimeType="image/png")
    upload(target, other)
    change = {"id": made["id"], "originalSource": target["resourceUrl"]}
    assert alice.ask(CHANGE, files=[change])["fileUpdate"]["userErrors"] == []
    after = looked_at(alice, made["id"])["originalSource"]
    assert after["url"].partition("?")[0] == source["url"].partition("?")[0]
    assert httpx.get(after["url"]).content == other


def test_what_is_no_image_is_not_taken_as_one(alice):
    made = make_file(alice, "no.png", b"words")
    assert made["fileStatus"] == "FAILED"
    assert made["fileErrors"] == [{"code": "UNSUPPORTED_IMAGE_FILE_TYPE"}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"resource": "VIDEO", "mimeType": "video/mp4"}, "fileSize"),
        ({"fileSize": "100000001"}, "fileSize"),
        ({"filename": " "}, "filename"),
        ({"mimeType": "text/csv"}, "mimeType"),
    ],
)
def test_a_target_that_cannot_be_is_refused(alice, changes, field):
    answer = alice.ask(STAGE, input=[JSONL | changes])["stagedUploadsCreate"]
    assert answer["userErrors"][0]["field"] == ["input", "0", field]


def test_a_bulk_mutation_has_a_result_line_for_each_line(alice):
    target = stage(alice)
    rows = [{"redirect": {"path": f"/{n}", "target": "/new"}} for n in range(25)]
    rows[7]["redirect"]["target"] = ""
    rows[8] = {"redirect": {"way": "/"}}
    content = b"\n".join(map(orjson.dumps, rows)) + b"\nnot json\n"
    assert upload(target, content).status_code == 201

    operation, errors = run(alice, parameters(target)["key"])
    assert errors == [] and (operation["status"], operation["type"]) == ("CREATED", "MUTATION")
    done = alice.finished(operation["id"])

    assert (done["status"], done["objectCount"]) == ("COMPLETED", "26")
    found = [orjson.loads(line) for line in httpx.get(done["url"], verify=False).iter_lines()]
    by_line = {line["__lineNumber"]: line for line in found}
    assert sorted(by_line) == list(range(26)) != [line["__lineNumber"] for line in found]
    assert by_line[0]["data"]["urlRedirectCreate"] == {
        "urlRedirect": {"path": "/0"},
        "userErrors": [],
    }
    refused = by_line[7]["data"]["urlRedirectCreate"]
    assert refused["userErrors"] == [{"message": "Target can't be blank"}]
    assert by_line[8]["errors"] and "Invalid JSON" in by_line[25]["errors"][0]["message"]
    assert alice.store.count("UrlRedirect") == 23


def test_what_a_bulk_mutation_needs(alice, bob):
    _, [missing] = run(alice, "tmp/92891250994/bulk/missing/rows.jsonl")
    assert missing["code"] == "NO_SUCH_FILE"
    target = stage(alice)
    upload(target, b"{}\n")
    path = parameters(target)["key"]
    _, [foreign] = run(bob, path)
    assert foreign["code"] == "NO_SUCH_FILE"
    _, [error] = run(alice, path, mutation="query { shop { id } }")
    assert error["code"] == "INVALID_MUTATION"
    _, [error] = run(alice, path, client="short")
    assert error["field"] == ["clientIdentifier"]
    operation, errors = run(alice, path, client="long enough")
    assert errors == []
    alice.finished(operation["id"])


FILES = """mutation ($files: [FileCreateInput!]!) { fileCreate(files: $files) {
    files { id } userErrors { field code } } }"""
CHANGE = """mutation ($files: [FileUpdateInput!]!) { fileUpdate(files: $files) {
    userErrors { field code } } }"""


@pytest.mark.parametrize(
    ("source", "name", "is_taken"),
    [
        ("a.png", "b.jpg", False),
        ("a.png", "b", False),
        ("a.jpeg", "b.JPG", True),
        ("download?id=1", "b.png", True),
    ],
)
def test_a_file_keeps_the_extension_of_its_source(alice, source, name, is_taken):
    file = {"originalSource": f"https://example.com/{source}", "filename": name}
    errors = alice.ask(FILES, files=[file])["fileCreate"]["userErrors"]
    code = "MISMATCHED_FILENAME_AND_ORIGINAL_SOURCE"
    assert errors == ([] if is_taken else [{"field": ["files", "0", "filename"], "code": code}])


def test_a_file_gets_either_content_or_a_preview(alice):
    alice.control("seed", {"files": 5})
    found = '{ files(first: 1, query: "status:ready media_type:image") { nodes { id } } }'
    [file] = alice.ask(found)["files"]["nodes"]
    source = "https://example.com/a.png"
    both = {**file, "originalSource": source, "previewImageSource": source}
    assert alice.ask(CHANGE, files=[both])["fileUpdate"]["userErrors"][0]["code"] == "INVALID"
