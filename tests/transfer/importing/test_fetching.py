"""Files that we fetch ourselves: from the public internet alone, bounded, streamed."""

import io
import time
import tracemalloc
from contextlib import suppress

import pytest

from transfer.importing.fetching import NotFetched, endpoints, fetch, is_public

HIDDEN = [
    "http://127.0.0.1/a.mp4",
    "http://localhost/a.mp4",
    "http://10.0.0.8/a.mp4",
    "http://192.168.1.1/a.mp4",
    "http://172.16.0.1/a.mp4",
    "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/a.mp4",
    "http://0.0.0.0/a.mp4",
    "http://2130706433/a.mp4",
    "http://0x7f.1/a.mp4",
    "http://[::1]/a.mp4",
    "http://[::ffff:10.0.0.8]/a.mp4",
    "http://[fd00::1]/a.mp4",
    "http://[fe80::1]/a.mp4",
    "http://[64:ff9b::a00:8]/a.mp4",
    "http://[64:ff9b:1::a00:8]/a.mp4",
    "http://[2002:a00:8::]/a.mp4",
    "http://[fec0::1]/a.mp4",
    "http://[::7f00:1]/a.mp4",
    "http://[::ffff:0:7f00:1]/a.mp4",
    "http://224.0.0.1/a.mp4",
    "http://8.8.8.8:6379/a.mp4",
]


def got(url: str, most: int = 1000, **more) -> bytes:
    file = io.BytesIO()
    assert fetch(url, file, most=most, **more) == len(file.getvalue())
    return file.getvalue()


@pytest.fixture
def trusted(scripted):
    return {"trusted": endpoints(scripted.url)}


@pytest.mark.parametrize("url", HIDDEN)
def test_what_is_not_public_is_not_connected_to(url):
    with pytest.raises(NotFetched, match="not a public one"):
        got(url)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        *("file:///etc/passwd", "ftp://example.com/a.mp4", "http:///a.mp4"),
        *("http://me:x@example.com/a", "http://[::1/a.mp4", "http://xn--/a.mp4"),
    ],
)
def test_only_addresses_of_the_web_are_fetched(url):
    with pytest.raises(NotFetched, match="not one"):
        got(url)


def test_a_server_of_this_machine_is_fetched_from_only_where_it_is_trusted(scripted, trusted):
    scripted.says((200, {}, b"film"))
    assert got(f"{scripted.url}/a.mp4", **trusted) == b"film"
    with pytest.raises(NotFetched, match="not a public one"):
        got(f"{scripted.url}/a.mp4")


def test_a_redirect_leads_nowhere_else(scripted, trusted):
    scripted.says((302, {"Location": "http://169.254.169.254/latest/"}, b""))
    with pytest.raises(NotFetched, match="not a public one"):
        got(f"{scripted.url}/a.mp4", **trusted)
    scripted.says((302, {"Location": "/b.mp4"}, b""), (200, {}, b"film"))
    assert got(f"{scripted.url}/a.mp4", **trusted) == b"film"
    scripted.says((302, {"Location": "http://[x/"}, b""))
    with pytest.raises(NotFetched, match="not one"):
        got(f"{scripted.url}/a.mp4", **trusted)
    scripted.says(*[(302, {"Location": "/c.mp4"}, b"")] * 4)
    with pytest.raises(NotFetched, match="on and on"):
        got(f"{scripted.url}/a.mp4", **trusted)


@pytest.mark.parametrize(
    ("answer", "words"),
    [((404, {}, b"no"), "answers 404"), ((200, {}, b""), "empty"), ((200, {}, b"x" * 1001), "MB")],
)
def test_why_it_was_not_fetched(scripted, trusted, answer, words):
    scripted.says(answer)
    with pytest.raises(NotFetched, match=words):
        got(f"{scripted.url}/a.mp4", **trusted)


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"Content-Length: 1000\r\n\r\n", b"x"),
        (b"", b"X-Slow: yes\r\n"),
        (b"Transfer-Encoding: chunked\r\n\r\n1;", b"x"),
    ],
)
def test_a_slow_server_is_given_up_wherever_it_drips(scripted, trusted, first, drop):
    def drip(handler):
        with suppress(OSError):
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + first)
            for _ in range(40):
                handler.wfile.write(drop)
                time.sleep(0.05)
        handler.close_connection = True

    scripted.says(drip)
    with pytest.raises(NotFetched, match="took too long"):
        got(f"{scripted.url}/a.mp4", seconds=0.3, **trusted)


def test_a_large_file_is_streamed(scripted, trusted, tmp_path):
    scripted.says((200, {}, b"x" * 30_000_000))
    tracemalloc.start()
    with (tmp_path / "film").open("w+b") as file:
        assert fetch(f"{scripted.url}/a.mp4", file, most=10**9, **trusted) == 30_000_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000
