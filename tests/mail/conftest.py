"""A real SMTP server on loopback, which the tests tell what to answer."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from obieg.mail.models import MailServer, Security
from obieg.mail.server import set_password

PASSWORD = "tajne-haslo-poczty"


class PostOffice:
    """What the server got; `answers` are given to the next letters instead of taking them."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answers: list[str] = []
        self.port = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.letters.append(message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        return "250 OK"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any):  # type: ignore[no-untyped-def]
        known = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
        return AuthResult(success=known, handled=known)


class Loopback(Controller):
    def _trigger_server(self) -> None:
        """Port 0 is known only once it is bound."""
        assert self.server is not None
        with socket.create_connection(self.server.sockets[0].getsockname()[:2], timeout=1):
            pass


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    handler = PostOffice()
    controller = Loopback(
        handler,
        hostname="127.0.0.1",
        port=0,
        authenticator=handler.authenticate,
        auth_require_tls=False,
    )
    controller.start()
    handler.port = controller.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
    yield handler
    controller.stop()


@pytest.fixture
def server(post_office: PostOffice) -> MailServer:
    server = MailServer(
        host="127.0.0.1",
        port=post_office.port,
        security=Security.NONE,
        login="biuro",
        sender="biuro@bilans.example",
        sender_name="Biuro Łąka",
    )
    set_password(server, PASSWORD)
    server.save()
    return server
