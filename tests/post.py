"""A real mail server for the tests, which can be told to refuse, and to act in between."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.cast import free_port


class Post:
    """Keeps what it was sent. ``answer`` is what it says to a mail, ``to_recipient`` to an address;
    ``before_answer`` runs while the sender waits for it.

    ``host`` is the address that it listens on; ``more`` is what aiosmtpd's Controller takes.
    """

    def __init__(self, host: str = "127.0.0.1", **more):
        self.host, self.port, self.more = host, free_port(), more
        self.mails: list[tuple[Any, EmailMessage]] = []
        self.answer = self.to_recipient = "250 OK"
        self.before_answer: Callable[[], None] = lambda: None
        self.encrypted: list[bool] = []
        self.controller: Controller | None = None

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    def open(self) -> None:
        controller = Controller(self, hostname=self.host, port=self.port, **self.more)
        controller.start()
        self.controller = controller

    def close(self) -> None:
        if self.controller:
            self.controller.stop()
            self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append((envelope.rcpt_tos, mail))
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        self.before_answer()
        return self.answer
