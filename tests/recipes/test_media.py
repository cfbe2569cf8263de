"""Files up and down as the guide's *File management* key may, through the command line."""

import csv
import io
import os
from pathlib import Path

import httpx
import openpyxl
import pytest

from models import db
from models.uploaded_file import UploadedFile

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def library(altera, store, tmp_path):
    """The command line with that key, and a folder of media files."""
    store.key.permissions = ["files:export", "files:import"]
    db.session.commit()
    media = tmp_path / "media"
    (media / "green").mkdir(parents=True)
    for number in range(4):
        (media / f"tea-{number}.png").write_bytes(PNG + os.urandom(5000))
    (media / "green" / "leaf (1).png").write_bytes(PNG + os.urandom(50))
    (media / "video.mp4").write_bytes(os.urandom(3_000_000))
    (media / "price list.pdf").write_bytes(b"%PDF" + os.urandom(50))
    return altera, media


def uploaded(altera, *words: str, report: Path, code: int = 0) -> dict[str, dict[str, str]]:
    """The rows of the report by the file's name on this machine."""
    altera("files", "upload", *words, "--report", str(report), code=code)
    rows = csv.DictReader(io.StringIO(report.read_text("utf-8-sig")))
    return {Path(row["Path"]).name: row for row in rows}


def test_a_folder_goes_up_and_comes_back_and_nothing_goes_twice(library, store, tmp_path):
    altera, media = library
    rows = uploaded(altera, str(media), "--alt", "Tea", report=tmp_path / "one.csv")
    assert {row["Result"] for row in rows.values()} == {"uploaded"} and len(rows) == 7
    assert rows["leaf (1).png"]["File Name"] == "leaf_1_.png"
    assert rows["leaf (1).png"]["Comment"] == "Shopify calls it leaf_1_.png."
    again = uploaded(altera, str(media), report=tmp_path / "two.csv")
    assert {row["Result"] for row in again.values()} == {"unchanged"}
    assert {name: row["ID"] for name, row in again.items()} == {
        name: row["ID"] for name, row in rows.items()
    }
    assert len(db.session.scalars(db.select(UploadedFile)).all()) == 7

    back = tmp_path / "back"
    altera("files", "download", str(back))
    for name, row in rows.items():
        [original] = media.rglob(name.replace("(", "[(]"))
        assert (back / row["File Name"]).read_bytes() == original.read_bytes(), name
    index = openpyxl.load_workbook(back / "index.xlsx")["Files"].values
    header, *cells = index
    assert header == ("File Name", "Path", "ID", "URL", "Type", "Size", "Alt Text", "Used In")
    assert {(row[0], row[5], row[6]) for row in cells} >= {("video.mp4", 3_000_000, "Tea")}
    second = altera("files", "download", str(back), "--media-type", "video")
    assert "1 unchanged" in second.stderr


@pytest.mark.everything
def test_a_file_is_replaced_under_its_address(library, tmp_path):
    altera, media = library
    path = media / "tea-1.png"
    before = uploaded(altera, str(path), report=tmp_path / "one.csv")[path.name]
    path.write_bytes(PNG + b"new")
    after = uploaded(altera, str(path), "--replace", report=tmp_path / "two.csv")[path.name]
    assert (after["ID"], after["Result"]) == (before["ID"], "uploaded")
    assert after["URL"].partition("?")[0] == before["URL"].partition("?")[0]
    assert httpx.get(after["URL"]).content == PNG + b"new"


@pytest.mark.everything
def test_what_goes_wrong_is_told_or_tried_again(library, store, tmp_path):
    altera, media = library
    store.misbehave(uploads_503=2, uploads_expired=1, lose_answer=0, media_fails=1)
    rows = uploaded(altera, str(media), report=tmp_path / "one.csv", code=5)
    assert [row["Result"] for row in rows.values()].count("failed") == 1
    store.misbehave()
    (media / "bad.png").write_bytes(b"no picture")
    rows = uploaded(altera, str(media), report=tmp_path / "two.csv", code=5)
    assert rows["bad.png"]["Comment"] == "The image is of a type that is not taken."
    results = [row["Result"] for row in rows.values()]
    assert [results.count(one) for one in ("uploaded", "unchanged", "failed")] == [1, 6, 1]


@pytest.mark.everything
def test_a_key_for_one_way_does_not_go_the_other(library, store, tmp_path):
    altera, media = library
    store.key.permissions = ["files:export"]
    db.session.commit()
    assert "Files: import" in altera("files", "upload", str(media), code=4).stderr
    store.key.permissions = ["files:import"]
    db.session.commit()
    assert "Files: export" in altera("files", "download", str(tmp_path / "back"), code=4).stderr
