"""Imports of files: fetched by Shopify from their links, never doubled."""

import pytest

from models.job import COMPLETED
from tests.transfer.importing.files import (
    came_of,
    check_commands,
    check_told,
    exported,
    imported,
    results_of,
    unchanged,
    zipped,
)
from transfer.permissions import IMPORTS
from transfer.types.forms import file_name

TYPE = "files"
HUT = {"Link": "https://pictures.example/hut.png?size=large", "Alt Text": "A hut"}


@pytest.fixture
def filled(store):
    store.tell("seed", files=4)
    return store


@pytest.fixture
def hut(store, tmp_path):
    """A store with the image HUT beside other files."""

    def make() -> None:
        store.tell("seed", files=4)
        assert results_of(store, tmp_path, TYPE, HUT) == ["created"]

    store.given("a hut", make)
    return store


def file(store, name: str = "hut.png") -> dict[str, str]:
    [found] = [row for row in exported(store, TYPE) if row["File Name"] == name]
    return found


IMAGES = "query { files(first: 99) { nodes { id alt ... on MediaImage { image { url } } } } }"


def images(store) -> dict[str, tuple[str, str]]:
    """The id and the alt text of each image in the store, by its name."""
    nodes = [one for one in store.graphql(IMAGES)["files"]["nodes"] if one.get("image")]
    return {file_name(one["image"]["url"]): (one["id"], one["alt"] or "") for one in nodes}


def test_a_file_is_created_and_never_doubled(filled, tmp_path):
    assert results_of(filled, tmp_path, TYPE, HUT) == ["created"]
    found = file(filled)
    assert (found["Type"], found["Alt Text"]) == ("IMAGE", "A hut")
    assert results_of(filled, tmp_path, TYPE, HUT) == ["unchanged"]
    other = {**HUT, "Link": "https://elsewhere.example/hut.png"}
    assert results_of(filled, tmp_path, TYPE, other) == ["unchanged"]
    assert file(filled)["Link"] == found["Link"]


def test_videos_elsewhere_are_known_by_their_addresses(filled, tmp_path):
    videos = [{"Link": f"https://www.youtube.com/watch?v={name}"} for name in ("one", "two")]
    named = [{**video, "File Name": "watch"} for video in videos]
    assert results_of(filled, tmp_path, TYPE, *named) == ["created", "created"]
    links = [row["Link"] for row in exported(filled, TYPE) if row["Type"] == "EXTERNAL_VIDEO"]
    assert {video["Link"] for video in videos} <= set(links)
    assert results_of(filled, tmp_path, TYPE, *named) == ["unchanged", "unchanged"]


def test_an_export_changes_nothing(filled, tmp_path):
    unchanged(filled, tmp_path, TYPE)


def test_replace_takes_the_content_again(hut, tmp_path):
    gid, _ = images(hut)["hut.png"]
    row = {**HUT, "Command": "REPLACE"}
    assert results_of(hut, tmp_path, TYPE, row) == ["updated"]
    assert images(hut)["hut.png"][0] == gid


def test_a_file_is_found_by_its_id_and_renamed(hut, tmp_path):
    row = {"ID": images(hut)["hut.png"][0], "File Name": "cabin.png", "Alt Text": "A cabin"}
    assert results_of(hut, tmp_path, TYPE, row) == ["updated"]
    assert images(hut)["cabin.png"] == (row["ID"], "A cabin") and "hut.png" not in images(hut)


def test_alt_texts_are_kept_or_cleared(hut, tmp_path):
    blank = {"File Name": "hut.png", "Alt Text": ""}
    assert results_of(hut, tmp_path, TYPE, blank) == ["unchanged"]
    assert results_of(hut, tmp_path, TYPE, blank, blank="clear") == ["updated"]
    assert images(hut)["hut.png"][1] == ""


def test_commands(filled, tmp_path):
    def named(name: str) -> dict[str, str]:
        return {"Link": f"https://pictures.example/{name}.png", "Alt Text": "A hut"}

    before = exported(filled, TYPE)
    check_commands(filled, tmp_path, TYPE, named)
    assert exported(filled, TYPE) == before


def test_rows_that_name_no_file_are_skipped(filled, tmp_path):
    row = {"Command": "MERGE", "Type": "FILE", "Status": "Ready", "Link": "", "ID": ""}
    [(result, comment)] = came_of(filled, tmp_path, TYPE, row)
    assert result == "skipped" and comment == "It has neither an ID nor a File Name."


WRONG = [
    ({"Link": "hut.png"}, "Link: “hut.png” is not an address."),
    ({"Link": "", "File Name": "new.png"}, "The Link is empty."),
    ({"File Name": "a/b.png"}, "File Name: “a/b.png” is not the name of a file"),
    ({"ID": "42"}, "ALYS008: the ID “42” is a number alone."),
    ({"Alt Text": "x" * 513}, "Alt value exceeds the limit of 512"),
    ({"Type": "HOLOGRAM"}, "HOLOGRAM"),
    ({"Link": "https://films.example/a.mp4", "Type": "VIDEO"}, "The video was not fetched"),
]


def test_wrong_cells_are_told_and_the_rest_goes_on(filled, tmp_path):
    other = {"Link": "https://pictures.example/other.png"}
    links = [{"Link": f"https://pictures.example/wrong-{n}.png"} for n in range(len(WRONG))]
    bad = [HUT | link | cells for link, (cells, _) in zip(links, WRONG, strict=True)]
    *failed, good = came_of(filled, tmp_path, TYPE, *bad, other)
    assert good[0] == "created"
    check_told(failed, WRONG)


def test_a_file_that_shopify_cannot_take_is_told(filled, tmp_path):
    filled.misbehave(media_fails=1)
    [(result, comment)] = came_of(filled, tmp_path, TYPE, HUT)
    assert result == "created" and "could not" in comment.lower()


def test_the_file_of_another_shop_is_understood(filled, other_store, tmp_path):
    other_store.tell("reset", ids_after=9_000_000)
    results_of(other_store, tmp_path, TYPE, HUT)
    rows = exported(other_store, TYPE)
    assert results_of(filled, tmp_path, TYPE, *rows) == ["created"]
    assert file(filled)["ID"] != rows[0]["ID"]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["unchanged"]


def test_images_of_new_products_are_the_files_that_the_same_import_creates(store, tmp_path):
    store.key.permissions = list(IMPORTS)
    cdn = "https://cdn.example/s/files/1/9/files"
    video = "https://www.youtube.com/watch?v=one"
    file = zipped(
        {
            "files.csv": f"File Name,Link\na.png,{cdn}/a.png?v=1\n,{video}\nb.png,{cdn}/b.png\n",
            "products.csv": "Handle,Title,Image Src,Image Alt Text,Variant SKU,Variant Image\n"
            f"tee,Tee,{cdn}/a.png?v=2,Front,T-1,{cdn}/a.png\ntee,,{video},,,\n"
            "tee,,https://other.example/b.png,,,\n",
        }
    )
    job = store.run_import(store.keep(tmp_path, file, name="all.zip"))
    assert (job.status, job.counts) == (COMPLETED, {"created": 6})
    files = exported(store, TYPE)
    names = sorted(row["File Name"] for row in files)
    assert names[:2] == ["a.png", "b.png"] and names[3:] == ["watch"]
    assert names[2].startswith("b_")  # another address, so another file
    assert [row["Alt Text"] for row in files if row["File Name"] == "a.png"] == ["Front"]
    first, second, third = exported(store, "products")
    links = {row["Link"] for row in files}
    assert {row["Image Src"] for row in (first, second, third)} == links - {
        row["Link"] for row in files if row["File Name"] == "b.png"
    }
    assert first["Variant Image"] == first["Image Src"] and "/a.png" in first["Image Src"]
    assert second["Image Type"] == "EXTERNAL_VIDEO"


def test_many_files_are_one_call_and_a_refused_one_fails_alone(filled, tmp_path):
    at = "https://pictures.example"
    links = [{"Link": f"{at}/{n}.png", "Alt Text": f"No. {n}"} for n in range(60)]
    filled.tell("sent")
    assert results_of(filled, tmp_path, TYPE, *links) == ["created"] * 60
    assert [one["field"] for one in filled.changes_sent()] == ["fileCreate"]
    there = images(filled)
    assert there["59.png"][1] == "No. 59"
    ids = [there[f"{n}.png"][0] for n in range(3)]
    rows = [
        {"ID": gid, "Alt Text": text} for gid, text in zip(ids, ("A", "B" * 513, "C"), strict=True)
    ]
    assert [result for result, _ in came_of(filled, tmp_path, TYPE, *rows)] == [
        *("updated", "failed", "updated")
    ]
    there = images(filled)
    assert [there[f"{n}.png"][1] for n in range(3)] == ["A", "No. 1", "C"]
    filled.tell("sent")
    rows = [{"ID": gid, "Command": "DELETE"} for gid in ids]
    assert results_of(filled, tmp_path, TYPE, *rows) == ["deleted"] * 3
    assert [one["field"] for one in filled.changes_sent()] == ["fileDelete"]


def test_a_file_that_several_rows_change_is_changed_by_all_of_them(filled, tmp_path):
    link = "https://pictures.example/hut.png"
    rows = [{"Link": link, "Alt Text": text} for text in ("One", "Two")]
    rows += [{"Link": link, "Command": "DELETE"}, {"Link": link, "Alt Text": "Three"}]
    found = came_of(filled, tmp_path, TYPE, *rows)
    assert [result for result, _ in found] == ["created", "updated", "deleted", "created"], found
    assert images(filled)["hut.png"][1] == "Three"


def test_videos_and_models_are_brought_to_shopifys_storage(filled, tmp_path, scripted):
    cdn = filled.standin.url.replace("localhost", "127.0.0.1") + "/cdn/shop/files"
    film = {"Link": f"{cdn}/film.mp4", "Alt Text": "A film"}
    chair = {"Link": f"{cdn}/chair.glb"}
    hidden = {"Link": "http://169.254.169.254/latest/secret.mp4"}
    other = {"Link": f"{scripted.url}/film2.mp4"}  # on this machine, and not Shopify's
    found = came_of(filled, tmp_path, TYPE, film, chair, hidden, other)
    assert [result for result, _ in found] == ["created", "created", "failed", "failed"]
    told = "The video was not fetched: its address is not a public one."
    assert [words for _, words in found[2:]] == [told, told]
    assert file(filled, "film.mp4")["Type"] == "VIDEO"
    assert file(filled, "chair.glb")["Type"] == "MODEL_3D"
    assert results_of(filled, tmp_path, TYPE, film, chair) == ["unchanged"] * 2
    [row] = imported(
        filled,
        tmp_path,
        "products",
        {"Handle": "stool", "Title": "Stool", "Image Src": f"{cdn}/round.mp4"},
    )
    assert row["Import Result"] == "created"
    [stool] = [row for row in exported(filled, "products") if row["Handle"] == "stool"]
    assert (stool["Image Type"], "/round.mp4" in stool["Image Src"]) == ("VIDEO", True)
