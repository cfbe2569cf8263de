"""The archive, streamed."""

import io
import zipfile

from transfer.formats.zip_writer import write

FILES = [("Products.csv", [b"a" * 100_000, b"b"]), ("Redirects.csv", [])]


def test_the_files_are_there_and_the_archive_is_the_same_each_time():
    data = b"".join(write(FILES))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["Products.csv", "Redirects.csv"]
        assert archive.read("Products.csv") == b"a" * 100_000 + b"b"
    assert b"".join(write(FILES)) == data
