"""The gunicorn worker: threads run the app, and no thread waits for a slow client.

gunicorn's own threads read and write the sockets themselves, without a deadline: a dozen clients
that stop half-way silence a process. Here the main loop receives a request and gives it to a thread
once it is whole, and sends what the client has not taken yet when the thread is done. Only what is
too large to be held in memory keeps its thread: a download, and an upload for which the app has
called ``start_transfer``. Those have threads of their own, so that short calls always find one, and
a least rate.

TLS ends in the proxy before it: the loop reads plain sockets.
"""

import errno
import re
import selectors
import socket
import struct
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from select import POLLIN, POLLOUT, poll
from threading import BoundedSemaphore
from typing import Any

from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader
from gunicorn.workers.gthread import TConn, ThreadWorker
from typing_extensions import Buffer

MEGABYTE = 1024 * 1024
HEAD = 64 * 1024
"""Bytes of a request's head; gunicorn's parser refuses longer ones."""
HELD = MEGABYTE + HEAD
"""Bytes of one request, or of one answer, that the loop holds for a client."""
HELD_IN_ALL = 64 * MEGABYTE
"""Bytes that it holds for all clients; above that, who makes it hold most is closed."""
LEAST_RATE = 8 * 1024
"""Bytes a second that a client sends or takes; only after its patience (``Limits``) is it asked."""
LONGEST_UPLOAD = 15 * 60
LINGER = 2
"""Seconds for the client to take an answer and close, after which the connection is reset."""
CHUNK = 256 * 1024
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
CHUNK_SIZE = re.compile(rb"([0-9a-f]{1,16})[ \t]*(?:;.*)?", re.IGNORECASE)
CHUNK_LINE = 16 * 1024
"""Bytes of the line before a chunk; with a longer one the parser may decide."""
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
RESET = struct.pack("ii", 1, 0)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class TooSlow(TimeoutError):
    """The client sends or takes less than the least rate, or there is no thread to wait in.

    To gunicorn it is as if the client had gone.
    """

    def __init__(self, why: str):
        super().__init__(errno.ECONNRESET, why)


class Limits:
    """How many threads run short calls at once, how many may wait for a client's transfer, and the
    seconds that a client may take for anything, whatever its size."""

    def __init__(self, calls: int, transfers: int, patience: float):
        self.calls = BoundedSemaphore(calls)
        self.transfers = BoundedSemaphore(transfers)
        self.threads, self.patience = calls + transfers, patience


class ClientSocket(socket.socket):
    """A client's socket. In a thread, what cannot be sent at once is held in ``unsent`` for the
    loop, and a wait for the client needs a place among the transfers and keeps the least rate."""

    limits: Limits
    unsent = bytearray()
    given_up = False

    def begin(self, limits: Limits) -> None:
        """A thread starts to answer a request, when a place among the calls is free."""
        self.limits = limits
        self.unsent = bytearray()
        self.began, self.waited, self.moved = time.monotonic(), 0.0, 0
        self.transfers = False
        limits.calls.acquire()

    def end(self) -> None:
        """The thread is done; its place is the next one's."""
        (self.limits.transfers if self.transfers else self.limits.calls).release()

    def start_transfer(self) -> bool:
        """Leave the calls for the transfers; False where these are as many as there may be."""
        if not self.transfers:
            if not self.limits.transfers.acquire(blocking=False):
                return False
            self.transfers = True
            self.limits.calls.release()
        return True

    def recv(self, size: int, flags: int = 0) -> bytes:
        while True:
            try:
                data = super().recv(size, flags | socket.MSG_DONTWAIT)
            except BlockingIOError:
                if self.gettimeout() == 0:
                    raise  # in the loop
                if time.monotonic() - self.began > LONGEST_UPLOAD:
                    raise TooSlow("The upload takes too long.") from None
                self._wait(POLLIN)
            else:
                if self.gettimeout() != 0:
                    self.moved += len(data)
                return data

    def sendall(self, data: Buffer, flags: int = 0) -> None:
        self.unsent += data
        self.moved += self.send_held()
        while len(self.unsent) > HELD:
            self._wait(POLLOUT)
            self.moved += self.send_held()

    def send_held(self) -> int:
        """Send what the client takes now of what is held, and return how much that was."""
        sent = 0
        while self.unsent:
            try:
                count = self.send(memoryview(self.unsent)[:CHUNK], socket.MSG_DONTWAIT)
            except BlockingIOError:
                break
            del self.unsent[:count]
            sent += count
        return sent

    def _wait(self, event: int) -> None:
        """Until the client sends or takes something. What the app does meanwhile does not count."""
        if event == POLLIN and not self.transfers:
            raise TooSlow("The body is no upload that the app waits for.")
        if not self.start_transfer():
            raise TooSlow("Too many clients are waited for.")
        waiter, start = poll(), time.monotonic()
        waiter.register(self, event)
        patience, limit = self.limits.patience, self.gettimeout()
        seconds = max(0.0, patience - self.waited)
        ready = waiter.poll((seconds if limit is None else min(seconds, limit)) * 1000)
        self.waited += time.monotonic() - start
        if not ready and limit is not None:
            raise TooSlow("The client does not close.")
        if self.waited >= patience:
            if self.moved < patience * LEAST_RATE:
                self.given_up = event == POLLOUT
                raise TooSlow("The client sends or reads too slowly.")
            self.waited, self.moved = 0.0, 0


class Connection(TConn):
    """One client, and what was received of its next request."""

    sock: ClientSocket

    def __init__(self, cfg: Config, sock: ClientSocket, client: Any, server: Any):
        super().__init__(cfg, sock, client, server)
        self.received = bytearray()
        self.since = self.deadline = time.monotonic()
        self.expected: int | None = None
        """How many bytes the request has, head and body; None until its head is there."""
        self.whole = True
        """Whether all of the request was there when a thread took it."""
        self.chunked = self.keep = False
        self.next_chunk = 0
        """Where in ``received`` the line stands that says how long the next chunk is."""
        self.counted = 0

    @property
    def unreader(self) -> Unreader:
        """What the parser reads from."""
        assert isinstance(self.parser, RequestParser)
        return self.parser.unreader

    @property
    def held(self) -> int:
        """Bytes in memory for this client."""
        return len(self.received) + len(self.sock.unsent)

    def receive(self) -> bool:
        """Take what has come; return whether it is a thread's turn.

        Raises OSError when the client is gone.
        """
        data = self.sock.recv(CHUNK)
        if not data:
            if not self.received:
                raise ConnectionResetError
            self.whole = False
            return True
        self.received += data
        return self.ready(len(data))

    def ready(self, added: int) -> bool:
        """Whether the request is here, as far as the loop holds one."""
        if self.expected is None:
            end = self.received.find(b"\r\n\r\n", max(0, len(self.received) - added - 3))
            if end < 0:
                self.whole = False
                return len(self.received) > HEAD
            self.expected = self._expected(end)
        if self.chunked:
            return self._chunks_ready() or len(self.received) > HELD
        self.whole = self.expected <= len(self.received)
        return self.whole or self.expected > HELD

    def _chunks_ready(self) -> bool:
        """Whether all chunks are here, or what is no chunk: the parser then says so.

        Goes on where it stopped, so that no byte is looked at again whenever one more comes.
        """
        while True:
            at = self.next_chunk
            end = self.received.find(b"\r\n", at, at + CHUNK_LINE)
            if end < 0:
                return len(self.received) >= at + CHUNK_LINE
            size = CHUNK_SIZE.fullmatch(self.received, at, end)
            if size is None:
                return True
            if int(size[1], 16) == 0:
                self.whole = self.received.find(b"\r\n\r\n", end) >= 0
                return self.whole or len(self.received) > end + HEAD
            after = end + 2 + int(size[1], 16)
            if len(self.received) < after + 2:
                return False
            if self.received[after : after + 2] != b"\r\n":
                return True
            self.next_chunk = after + 2

    def _expected(self, end: int) -> int:
        """Only a guess of when to call a thread: the parser decides what the head means."""
        head = bytes(self.received[: end + 2])
        self.chunked = CHUNKED.search(head) is not None
        self.whole, self.next_chunk = False, end + 4
        length = LENGTH.search(head)
        expected = end + 4 + (int(length[1]) if length else 0)
        waits = self.chunked or len(self.received) < expected <= HELD
        if waits and EXPECTS.search(head):
            self.sock.send(CONTINUE, socket.MSG_DONTWAIT)
        return expected


class Worker(ThreadWorker):
    """gunicorn's worker of threads, with a loop that receives requests and sends what is left."""

    transfers = 16
    """Threads for uploads and downloads, besides ``threads`` for all else."""
    patience = 20.0

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.limits = Limits(self.cfg.threads, self.transfers, self.patience)
        self.watched: dict[Connection, None] = {}
        """The connections that the loop waits for; who waits longest is first."""
        self.held, self.next_check = 0, 0.0

    def get_thread_pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=self.limits.threads)

    def accept(self, listener: socket.socket) -> None:
        try:
            plain, client = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        self.nr_conns += 1
        sock = ClientSocket(fileno=plain.detach())
        connection = Connection(self.cfg, sock, client, listener.getsockname())
        self._watch(connection, selectors.EVENT_READ, self._receive, self.patience)
        if self.nr_conns >= self.worker_connections:
            self._close(next(iter(self.watched)))

    def set_accept_enabled(self, enabled: bool | None) -> None:
        """A worker that stops takes what was connected and closes its door. gunicorn's own leaves
        it open until the last request is over, and then resets who has been waiting there."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                before = -1
                while before < self.nr_conns:
                    before = self.nr_conns
                    self.accept(listener)
                listener.close()

    def handle(self, conn: TConn) -> bool:
        """Answer a request, in a thread; return whether the connection may be used again."""
        assert isinstance(conn, Connection)
        conn.sock.begin(self.limits)
        try:
            conn.init()
            conn.unreader.unread(bytes(conn.received))
            return super().handle(conn)
        except TooSlow:
            return False
        finally:
            conn.sock.end()

    def handle_request(self, req: Request, conn: TConn) -> bool:
        """After a body that was not all here the connection ends: nobody waits for its rest."""
        assert isinstance(conn, Connection)
        req.must_close = req.must_close or not conn.whole
        return super().handle_request(req, conn)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """The thread is done; what the client has not taken yet is sent by the loop."""
        assert isinstance(conn, Connection)
        conn.keep = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        conn.received.clear()
        if conn.sock.fileno() < 0:
            self.nr_conns -= 1
            return
        conn.sock.setblocking(False)
        if conn.sock.given_up:
            self._drop(conn)
        elif conn.sock.unsent:
            self._watch(conn, selectors.EVENT_WRITE, self._send, self.patience)
        else:
            self._answered(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close who is too slow, has been idle for too long, or makes us hold too much."""
        now = time.monotonic()
        if force:
            for conn in list(self.watched):
                self._close(conn)
        elif now >= self.next_check:
            self.next_check = now + 1
            for conn in [conn for conn in self.watched if conn.deadline < now]:
                self._close(conn)

    def murder_pending(self) -> None:
        """gunicorn's own list is not used."""

    def _cap_keepalive(self, deadline: float) -> None:
        """The worker stops: who is idle has until then."""
        for conn in self.watched:
            if not conn.received:
                conn.deadline = min(conn.deadline, deadline)

    def _receive(self, conn: Connection) -> None:
        before = len(conn.received)
        try:
            ready = conn.receive()
        except BlockingIOError:
            return
        except OSError:
            self._close(conn)
            return
        if ready:
            self._unwatch(conn)
            self.enqueue_req(conn)
            return
        if not before:
            conn.since = time.monotonic()
        conn.deadline = conn.since + self.patience + len(conn.received) / LEAST_RATE
        self._count(conn)

    def _send(self, conn: Connection) -> None:
        try:
            sent = conn.sock.send_held()
        except OSError:
            self._close(conn)
            return
        conn.deadline += sent / LEAST_RATE
        self._count(conn)
        if not conn.sock.unsent:
            self._unwatch(conn)
            self._answered(conn)

    def _linger(self, conn: Connection) -> None:
        """Read on until the client has closed: a reset could lose it the end of its answer."""
        try:
            if conn.sock.recv(CHUNK):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(conn)

    def _answered(self, conn: Connection) -> None:
        """Wait for the next request, or end the connection gracefully."""
        if not conn.keep:
            try:
                conn.sock.shutdown(socket.SHUT_WR)
            except OSError:
                self._drop(conn)
            else:
                self._watch(conn, selectors.EVENT_READ, self._linger, LINGER)
            return
        conn.received += conn.unreader.take_buffered()
        conn.expected = None
        if conn.received and conn.ready(len(conn.received)):
            self.enqueue_req(conn)
            return
        idle = self.cfg.keepalive if self.alive else min(self.cfg.keepalive, LINGER)
        self._watch(
            conn, selectors.EVENT_READ, self._receive, self.patience if conn.received else idle
        )

    def _count(self, conn: Connection) -> None:
        """Hold no more for all clients than may be held."""
        self.held += conn.held - conn.counted
        conn.counted = conn.held
        if self.held > HELD_IN_ALL:
            self._close(max(self.watched, key=lambda conn: conn.counted))

    def _watch(
        self,
        conn: Connection,
        event: int,
        step: Callable[[Connection], None],
        seconds: float,
    ) -> None:
        conn.since = time.monotonic()
        conn.deadline = conn.since + seconds
        self.watched[conn] = None
        self.poller.register(conn.sock, event, partial(self._step, conn, step))
        self._count(conn)

    def _step(self, conn: Connection, step: Callable[[Connection], None], _: socket.socket) -> None:
        if conn in self.watched:  # not closed by what happened at the same moment
            step(conn)

    def _unwatch(self, conn: Connection) -> None:
        del self.watched[conn]
        self.held, conn.counted = self.held - conn.counted, 0
        self.poller.unregister(conn.sock)

    def _close(self, conn: Connection) -> None:
        self._unwatch(conn)
        self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        """Close; what is broken off with a reset, which frees what the system holds for a client
        that does not read."""
        self.nr_conns -= 1
        if conn.held:
            conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        conn.close()
