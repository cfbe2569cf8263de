"""Mail over TLS and with a login, to a real server whose certificate the test has made."""

import ssl
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_address

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mail import outbox
from mail.transport import MailDelayed, deliver, message
from models import db, now
from models.activity import record
from models.notice import REFUSED, Notice
from models.shop import Shop
from tests.post import Post

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
USER, PASSWORD = "me@example.com", "p@ss/word:1"
LOGIN = "me%40example.com:p%40ss%2Fword%3A1@"
SENDER = "Altera <altera@example.com>"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """The file of a certificate for 127.0.0.1 and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, kind = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(
        key.private_bytes(pem, kind, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return file


@pytest.fixture
def trusted(certificate, monkeypatch):
    """The certificate is one that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def right(server, session, envelope, mechanism, data):
    good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=good, handled=False)


@contextmanager
def server(certificate, kind, authenticator=right):
    """A mail server that wants TLS in this way, and the login."""
    more = {"authenticator": authenticator, "auth_required": True}
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    if kind == "smtps":
        more |= {"ssl_context": context, "auth_require_tls": False}
    else:
        more |= {"tls_context": context, "require_starttls": True}
    post = Post(**more)
    post.open()
    try:
        yield post
    finally:
        post.close()


def url(post, kind, login=LOGIN):
    return f"{kind}://{login}{post.host}:{post.port}"


def mail(shop):
    return message(notice(shop), shop, SENDER)


def notice(shop):
    record(shop.id, "key.created", actor_kind="staff", actor="8811", subject="Nightly")
    db.session.commit()
    return db.session.scalars(db.select(Notice)).one()


@pytest.mark.parametrize("kind", ["smtp", "smtps"])
def test_a_mail_goes_encrypted_with_the_login(certificate, trusted, shop, kind):
    with server(certificate, kind) as post:
        deliver(url(post, kind), mail(shop))
    assert len(post.mails) == 1 and post.encrypted == [True]


def test_for_a_mail_without_tls_no_authorities_are_read(post, shop, monkeypatch):
    """To read them takes ten times as long as to send it."""
    monkeypatch.setattr(ssl, "create_default_context", None)
    deliver(post.url, mail(shop))
    assert len(post.mails) == 1


@pytest.mark.parametrize("kind", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail(
    certificate, shop, kind
):
    told = []
    with (
        server(certificate, kind, lambda *said: told.append(said)) as post,
        pytest.raises(MailDelayed, match="certificate verify failed"),
    ):
        deliver(url(post, kind), mail(shop))
    assert (post.mails, told) == ([], [])


@pytest.mark.parametrize("kind", ["smtp", "smtps"])
@pytest.mark.parametrize("login", ["me%40example.com:wrong@", "", "nobody:x@"])
def test_a_wrong_login_delays_the_mail_and_the_log_has_no_password(
    certificate, trusted, shop, kind, login, caplog
):
    with server(certificate, kind) as post, pytest.raises(MailDelayed) as caught:
        deliver(url(post, kind, login), mail(shop))
    assert post.mails == []
    assert "wrong" not in str(caught.value) + caplog.text


def test_a_password_is_told_to_no_other_machine_without_tls(shop):
    told = []
    post = Post("127.0.0.2", authenticator=lambda *_: told.append(1), auth_require_tls=False)
    post.open()
    try:
        with pytest.raises(MailDelayed, match="not told the password"):
            deliver(url(post, "smtp"), mail(shop))
    finally:
        post.close()
    assert (post.mails, told) == ([], [])


def test_what_was_delayed_is_sent_once_the_server_takes_it(mailing, jobs_database, shop, post):
    one = notice(shop)
    for trouble in ("451 Later", "421 Busy", None, "452 Full"):
        if trouble:
            post.answer = trouble
            outbox.send(one.id)
        else:
            post.close()
            outbox.send(one.id)
            post.open()
        db.session.refresh(one)
        assert one.sent_at is None
    post.answer = "250 OK"
    outbox.send(one.id)
    db.session.refresh(one)
    assert one.sent_at and REFUSED not in one.payload
    assert len({sent["Message-ID"] for _, sent in post.mails}) == 1


def test_what_is_refused_for_good_is_tried_no_more(mailing, jobs_database, shop, post):
    one = notice(shop)
    post.answer = "554 No mail from you"
    for _ in range(2):
        outbox.send(one.id)
    db.session.refresh(one)
    assert "554 No mail from you" in one.payload[REFUSED]
    assert len(post.mails) == 1
    assert db.session.get_one(Shop, shop.id).contact_email == "ops@example.com"
