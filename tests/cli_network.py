"""A company's network on loopback: a server whose certificate only the company's own authority
signs, under a name that only the company's proxy knows."""

import datetime
import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import orjson
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "altera.company.test"
SHOP = "alice.myshopify.com"


def certificates(folder: Path) -> tuple[Path, Path]:
    """A file with the authority's certificate, and one with the server's and its key."""
    authority_key, server_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority = _signed("Company", authority_key, "Company", authority_key, authority=True)
    server = _signed(HOST, server_key, "Company", authority_key, authority=False)
    trusted, served = folder / "company.pem", folder / "server.pem"
    trusted.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    private = server_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    served.write_bytes(private + server.public_bytes(serialization.Encoding.PEM))
    return trusted, served


def _signed(
    subject: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    today = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )


class Silent(ThreadingHTTPServer):
    """A client that does not trust it hangs up, which is no error."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@contextmanager
def https_server(certificate: Path) -> Iterator[int]:
    """An API that knows one key, and the storage of its files, over TLS; its port. What is sent to
    the storage has to be what was asked for."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            about = {
                "info": {"version": "1.0"},
                "shop": {"domain": SHOP, "name": "Alice"},
                "name": "Nightly",
                "preview": "altera_…",
                "permissions": {"export": ["products"], "import": []},
                "expires_at": None,
            }
            self._answer(about)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            place, _, digest = self.path.rpartition("/")
            if place == "/storage":
                content = sent.split(b"\r\n\r\n", 1)[1].rpartition(b"\r\n--altera-")[0]
                self._answer({}, 201 if sha256(content).hexdigest() == digest else 409)
                return
            files = orjson.loads(sent)["files"]
            if digest == "uploads":
                at = f"https://{HOST}/storage"
                self._answer(
                    {
                        "files": [
                            {
                                "result": "upload",
                                "upload": one["name"],
                                "target": {
                                    "url": f"{at}/{one['sha256']}",
                                    "type": "image/png",
                                    "fields": [],
                                },
                            }
                            for one in files
                        ]
                    }
                )
            else:
                self._answer(
                    {
                        "files": [
                            {
                                "result": "stored",
                                "file": {
                                    "id": one["upload"],
                                    "name": one["upload"],
                                    "status": "ready",
                                },
                            }
                            for one in files
                        ]
                    }
                )

        def _answer(self, answer: object, status: int = 200) -> None:
            body = orjson.dumps(answer)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with Silent(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


class Proxy:
    """``seen`` are the CONNECT requests: (target, credentials); ``refusal`` a status for them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None]] = []
        self.refusal: int | None = None
        self.port = 0


@contextmanager
def proxy_to(port: int) -> Iterator[Proxy]:
    """A proxy that knows HOST, and connects to this port of this machine for it."""
    proxy = Proxy()

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            proxy.seen.append((self.path, self.headers.get("Proxy-Authorization")))
            if proxy.refusal or self.path != f"{HOST}:443":
                self.send_error(proxy.refusal or 502)
                return
            with socket.create_connection(("127.0.0.1", port)) as upstream:
                self.send_response(200)
                self.end_headers()
                _join(self.connection, upstream)
            self.close_connection = True

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        proxy.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join()


def _join(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until either side ends."""
    while True:
        ready, _, _ = select.select([one, other], [], [], 30)
        if not ready:
            return
        for source in ready:
            data = source.recv(65536)
            if not data:
                return
            (other if source is one else one).sendall(data)
