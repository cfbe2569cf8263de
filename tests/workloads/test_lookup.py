"""Look-ups of the ids of a repository, of a server that does not answer."""

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from workloads import careful_fetch
from workloads.careful_fetch import NotFetched
from workloads.lookup import AT_ONCE, look_up
from workloads.providers import BY_NAME


def test_few_look_up_at_once_at_a_server_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who comes after them is refused at once, so that others' calls have threads."""
    monkeypatch.setattr(careful_fetch, "SECONDS", 120.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        url = f"http://127.0.0.1:{server.getsockname()[1]}"

        def why_not() -> str:
            with pytest.raises(NotFetched) as caught:
                look_up("octo/shop", BY_NAME["github"], "", github=url, private=[url])
            return str(caught.value)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            slow = [pool.submit(why_not) for _ in range(AT_ONCE)]
            connections = [server.accept()[0] for _ in slow]
            try:
                assert why_not() == "too many repositories are being looked up"
            finally:
                for connection in connections:
                    connection.close()
            assert {one.result(60) for one in slow} == {"there was no answer in time"}
    assert why_not() == "there was no answer in time"
