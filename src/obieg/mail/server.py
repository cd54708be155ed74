"""The office's mail server: kept with a sealed password, spoken to by SMTP."""

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

from obieg.mail.errors import MailRefused, MailUnavailable, NoMailServer
from obieg.mail.models import MailServer, Security
from obieg.vault.envelope import Binding, seal, unseal

TIMEOUT = 30  # seconds for each answer of the server
_BINDING = Binding(None, "mail", "")
_PERMANENT = 500  # from here SMTP's answers are final (RFC 5321, 4.2.1)


def mail_server() -> MailServer:
    """The office's server, or NoMailServer."""
    server = MailServer.objects.first()
    if server is None:
        raise NoMailServer
    return server


def set_password(server: MailServer, password: str) -> None:
    """Seal `password` into `server`, not yet saved."""
    envelope = seal(password.encode(), _BINDING)
    server.ciphertext = envelope.ciphertext
    server.wrapped_key = envelope.wrapped_key
    server.master_key_id = envelope.master_key_id


def transmit(server: MailServer, message: EmailMessage, recipients: Sequence[str]) -> None:
    """Hand `message` to the server, or raise MailRefused or MailUnavailable."""
    try:
        with _connected(server) as smtp:
            refused = smtp.send_message(message, to_addrs=list(recipients))
    except smtplib.SMTPRecipientsRefused as error:
        _explain(next(iter(error.recipients.values())), error)
    except smtplib.SMTPResponseException as error:
        _explain((error.smtp_code, error.smtp_error), error)
    except (smtplib.SMTPException, OSError) as error:
        raise MailUnavailable(text=_plain(error)) from error
    else:
        if refused:
            raise MailRefused(text=f"nie przyjęto adresów: {', '.join(refused)}")


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    tls = ssl.create_default_context()
    if server.security == Security.TLS:
        opened: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT, context=tls
        )
    else:
        opened = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    with opened as smtp:
        if server.security == Security.STARTTLS:
            smtp.starttls(context=tls)
        if server.login:
            smtp.login(server.login, unseal(server, _BINDING).decode())
        yield smtp


def _explain(answer: tuple[int, bytes | str], cause: Exception) -> None:
    code, said = answer
    text = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    if code >= _PERMANENT:
        raise MailRefused(text=text) from cause
    raise MailUnavailable(text=text) from cause


def _plain(error: Exception) -> str:
    return str(error) or type(error).__name__
