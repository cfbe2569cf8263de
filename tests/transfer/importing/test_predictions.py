"""What a dry run predicts is what the import then does, row by row."""

import io

import pytest
import xlsxwriter

from models import db
from models.import_object import ImportObject
from tests.jobs.test_workflows import rows
from tests.transfer.importing.test_bulk import asked
from tests.transfer.importing.test_rows import results

LONG = "x" * 1024
HEADER = "Path,Command,Target\n"


def came_of(job) -> list[tuple[str, str]]:
    return [(row["Import Result"], row["Import Comment"]) for row in results(job)]


def predicted_and_done(store, folder, text: str) -> tuple[list, list]:
    """Results and comments of the dry run and of the real run; the former changes nothing."""
    before = store.redirects()
    dry = came_of(store.run_import(store.keep(folder, text, dry_run=True)))
    assert store.redirects() == before
    return dry, came_of(store.run_import(store.keep(folder, text)))


ROWS = [
    ({}, "old-page,,/new", "created"),
    ({"/page": "/new"}, "page,,/new", "unchanged"),
    ({"/zz-old": "/x"}, "zz-old,DELETE,", "deleted"),
    ({"/a": "/t"}, '"  /a  ",,/t', "unchanged"),
    ({"/b": "/t"}, '"  /b  ",,/u', "updated"),
    ({"/c": "/t"}, "https://alice.myshopify.com/c,,/t", "unchanged"),
    ({"/d": "/t"}, "https://alice.myshopify.com/d,DELETE,", "deleted"),
    ({"/e": "/t"}, "/E,,/t", "unchanged"),
    ({"/f": "/t"}, "/F,NEW,/t", "skipped"),
    ({"/g": "/t"}, "/g/,,/t", "unchanged"),
    ({"/h/": "/t"}, "/h,,/t", "unchanged"),
    ({"/i": "/t"}, '/i,,"/t "', "unchanged"),
    ({"/j": "/t"}, '/j,,"/u "', "updated"),
    ({}, "same,,/same", "failed"),
    ({"/selfsame": "/t"}, "selfsame,,/selfsame", "failed"),
    ({}, f"/{LONG},,/t", "failed"),
    ({}, f"/{LONG[1:]},,/t", "created"),
    ({}, "https://old.example.com/p?a=1,,/t", "failed"),
    ({}, "/k,,#N/A", "failed"),
    ({}, "/k?b=1&c=2,,https://other.example.com/x", "created"),
    ({}, "https://alice.myshopify.com,,/t", "created"),
]
"""What is there, a row of a file, and what comes of it."""


def test_rows_are_predicted_and_the_second_time_nothing_is_left_to_do(store, tmp_path):
    """No two are about one path, so none matters to another."""
    for there, _, _ in ROWS:
        for path, target in there.items():
            store.add_redirect(path, target)
    text = HEADER + "".join(f"{row}\n" for _, row, _ in ROWS)
    predicted, done = predicted_and_done(store, tmp_path, text)
    assert predicted == done
    assert [one for one, _ in done] == [result for _, _, result in ROWS]
    again = came_of(store.run_import(store.keep(tmp_path, text)))
    settled = {"created": "unchanged", "updated": "unchanged", "deleted": "skipped"}
    assert [one for one, _ in again] == [settled.get(result, result) for _, _, result in ROWS]


def file_with_one_path_in(numbers: tuple[int, ...]) -> str:
    """Rows to the last of these numbers; those with the numbers have one path, the others each
    their own."""
    lines = [
        f"/one,,/same{number}" if number in numbers else f"/p{number},,/t"
        for number in range(2, numbers[-1] + 1)
    ]
    return HEADER + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "numbers",
    [
        *[(2, 7, 8), (2, 3, 12)],
        *(pytest.param(n, marks=pytest.mark.everything) for n in ((2, 8), (2, 3, 8), (2, 12))),
    ],
)
def test_one_key_in_rows_of_two_batches_is_one_object(store, small_batches, tmp_path, numbers):
    predicted, done = predicted_and_done(store, tmp_path, file_with_one_path_in(numbers))
    assert predicted == done
    outcomes = [result for result, _ in done]
    assert outcomes.count("created") == len(done) - len(numbers) + 1
    assert outcomes.count("updated") == len(numbers) - 1
    assert store.redirects()["/one"] == f"/same{numbers[-1]}"


@pytest.mark.parametrize("written", [0, 1, 3, 6])
def test_one_key_in_rows_far_apart_after_the_worker_was_killed(
    store, small_batches, tmp_path, written
):
    """The step was cut off after so many rows, and once more between Shopify's answer and ours."""
    job = store.begun(tmp_path, file_with_one_path_in((2, 3, 8)))
    if written:
        db.session.execute(db.update(ImportObject).values(tried=True))
        for planned in ImportObject.to_write(job.id, 0, written):
            if planned.action == "create":
                cells = planned.after["cells"]
                store.add_redirect(cells["Path"], cells["Target"])
        db.session.commit()
    store.run_import(job)
    assert job.counts == {"created": 5, "updated": 2}
    assert store.redirects()["/one"] == "/same8" and len(store.redirects()) == 5


def test_the_paths_of_a_bulk_mutation_are_predicted_too(store, small_batches, tmp_path):
    text = rows(0, 31).replace("\n/p", "\n p").replace(",NEW,/t", ',,"/t "')
    predicted, done = predicted_and_done(store, tmp_path, text)
    assert predicted == done and {result for result, _ in done} == {"created"}
    assert len(asked(store)) == 1
    again, _ = predicted_and_done(store, tmp_path, text)
    assert {result for result, _ in again} == {"unchanged"}


def test_paths_that_change_hands_within_a_file_are_followed(store, tmp_path):
    number = store.add_redirect("/a", "/t").rpartition("/")[2]
    text = (
        "ID,Path,Command,Target\n"
        f"{number},/b,,/t\n"  # /a is free now
        ",/a,NEW,/u\n"
        f"{number},/a,,/t\n"  # taken again
        ",/b,DELETE,\n"
        ",/b,NEW,/v\n"
        f"{number},/c,,/t\n"  # deleted, and none has this path
    )
    predicted, done = predicted_and_done(store, tmp_path, text)
    assert predicted == done
    assert [result for result, _ in done] == [
        "updated", "created", "failed", "deleted", "created", "created",
    ]  # fmt: skip
    assert done[2][1] == "Path: “/a” is that of another object."
    assert store.redirects() == {"/a": "/u", "/b": "/v", "/c": "/t"}


def test_the_file_of_shopifys_own_admin_is_taken_as_it_is(store, tmp_path):
    store.add_redirect("/a", "/t")
    text = "Redirect from,Redirect to\n/a,/t\n/b,/u\n"
    predicted, done = predicted_and_done(store, tmp_path, text)
    assert predicted == done and [result for result, _ in done] == ["unchanged", "created"]
    job = store.run_import(store.keep(tmp_path, text))
    assert job.warnings == [] and list(results(job)[0])[:2] == ["Redirect from", "Redirect to"]


def test_errors_of_a_workbook_fail_their_rows(store, tmp_path):
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet("Redirects")
        sheet.write_row(0, 0, ["Path", "Target"])
        sheet.write_row(1, 0, ["/a", "/b"])
        sheet.write_string(2, 0, "/c")
        sheet.write_formula(2, 1, "=NA()", None, "#N/A")
        sheet.write_string(3, 0, "/d")
        sheet.write_formula(3, 1, "=A1", None, "")
    job = store.run_import(store.keep(tmp_path, data.getvalue()))
    assert came_of(job)[0][0] == "created"
    assert came_of(job)[1] == ("failed", "The Target is “#N/A”, an error of the spreadsheet.")
    assert came_of(job)[2][1].startswith("The Target is a formula without a result.")
