"""The outbox: letters are queued in the transaction that asks for them, and sent with retries."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import formataddr
from typing import NamedTuple

from django.db import transaction

from obieg.mail.models import Attachment, Letter, MailServer
from obieg.mail.server import mail_server, transmit
from obieg.office.models import Client, Operator
from obieg.office.retrying import TryState


class File(NamedTuple):
    """A file to attach."""

    name: str
    media_type: str  # "application/pdf"
    content: bytes


def queue_letter(
    *,
    occasion: str,
    recipients: Sequence[str],
    subject: str,
    text: str,
    client: Client | None = None,
    files: Sequence[File] = (),
    actor: Operator | None = None,
) -> Letter | None:
    """Queue a letter as a part of the caller's transaction; None where `occasion` has one already.

    `occasion` names what it is about and to whom, so that a repeated job writes no second letter.
    """
    with transaction.atomic():
        letter, is_new = Letter.objects.across_clients().get_or_create(
            occasion=occasion,
            defaults={
                "client": client,
                "recipients": list(recipients),
                "subject": " ".join(subject.split()),
                "text": text,
                "created_by": actor,
            },
        )
        if not is_new:
            return None
        Attachment.objects.bulk_create(
            Attachment(
                letter=letter, name=file.name, media_type=file.media_type, content=file.content
            )
            for file in files
        )
        letter.queue()
    return letter


def send_letter(letter_id: int) -> None:
    """One try to send a letter that waits; what failed for now is queued for later.

    Mail is sent at least once: where the server's last answer was lost the next try repeats it
    under the same Message-ID, by which mail programs know it.
    """
    Letter.objects.across_clients().get(pk=letter_id).attempt(_send)


def send_again(letter: Letter, *, actor: Operator) -> Letter:
    """Queue a letter that failed once more, or raise IllegalTransition."""
    with transaction.atomic():
        letter.advance(TryState.QUEUED, actor=actor, kind="again", attempts=0)
        letter.queue()
    return letter


def _send(letter: Letter) -> None:
    server = mail_server()
    transmit(server, _message(letter, server), letter.recipients)


def _message(letter: Letter, server: MailServer) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = formataddr((server.sender_name, server.sender))
    message["To"] = ", ".join(letter.recipients)
    message["Date"] = letter.created_at
    message["Message-ID"] = f"<{letter.occasion}@{server.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for file in letter.attachments.across_clients():
        main, _, sub = file.media_type.partition("/")
        message.add_attachment(bytes(file.content), maintype=main, subtype=sub, filename=file.name)
    return message
