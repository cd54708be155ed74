"""The outbox: letters are queued in the transaction that asks for them, and sent with retries."""

from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage
from email.utils import formataddr
from typing import NamedTuple

import structlog
from django.db import transaction
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.mail.errors import MailUnavailable
from obieg.mail.models import Attachment, Letter, LetterState, MailServer
from obieg.mail.server import mail_server, transmit
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Operator

SEND_LETTER = "mail.send_letter"
DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))  # then it has failed

log = structlog.get_logger(__name__)


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
        _enqueue(letter)
    return letter


def send_letter(letter_id: int) -> None:
    """One try to send a letter that waits; what failed for now is queued for later.

    Mail is sent at least once: where the server's last answer was lost the next try repeats it
    under the same Message-ID, by which mail programs know it.
    """
    letter = Letter.objects.across_clients().get(pk=letter_id)
    if letter.state != LetterState.QUEUED:
        return
    try:
        server = mail_server()
        transmit(server, _message(letter, server), letter.recipients)
    except UserFixable as error:
        _note(letter, str(error), failed=True)
    except MailUnavailable as error:
        _note(letter, str(error), failed=letter.attempts >= len(DELAYS))
    else:
        _mark_sent(letter)


def send_again(letter: Letter, *, actor: Operator) -> Letter:
    """Queue a letter that failed once more, or raise IllegalTransition."""
    with transaction.atomic():
        letter.advance(LetterState.QUEUED, actor=actor, kind="again", attempts=0)
        _enqueue(letter)
    return letter


def _mark_sent(letter: Letter) -> None:
    with transaction.atomic():
        letter.advance(
            LetterState.SENT,
            actor=None,
            kind="sent",
            sent_at=timezone.now(),
            attempts=letter.attempts + 1,
            error_text="",
        )
        Attachment.objects.across_clients().filter(letter=letter).delete()


def _note(letter: Letter, text: str, *, failed: bool) -> None:
    log.warning("letter_not_sent", letter=letter.pk, attempts=letter.attempts + 1, failed=failed)
    with transaction.atomic():
        if failed:
            letter.advance(
                LetterState.FAILED,
                actor=None,
                kind="failed",
                attempts=letter.attempts + 1,
                error_text=text,
            )
            return
        wait = DELAYS[letter.attempts]
        letter.attempts += 1
        letter.error_text = text
        letter.save(update_fields=["attempts", "error_text"])
        _enqueue(letter, after=wait)


def _enqueue(letter: Letter, *, after: timedelta = timedelta()) -> None:
    at = timezone.now() + after if after else None
    enqueue(
        SEND_LETTER, {"letter_id": letter.pk}, once=f"letter-{letter.pk}-{letter.attempts}", at=at
    )


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
