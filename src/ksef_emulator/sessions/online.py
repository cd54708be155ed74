"""Operations of online sessions."""

import base64
import binascii
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pydantic import Field

from ksef_emulator.crypto import UndecryptableError, aes_decrypt, sha256_base64
from ksef_emulator.encryption import EncryptionInfo
from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.limits.rates import Group
from ksef_emulator.limits.sessions import context_limits
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.records import Permission
from ksef_emulator.sessions.closing import close_online, expire
from ksef_emulator.sessions.opening import (
    FormCode,
    find_session,
    wants_identifier_checks,
    wrong_state,
)
from ksef_emulator.sessions.processing import process
from ksef_emulator.sessions.records import (
    SentInvoice,
    Session,
    SessionKind,
    Verdict,
    count_sent,
    find_sent,
    put_sent,
    save_session,
)
from ksef_emulator.wire import Model, Sha256Base64
from ksef_emulator.world import World

LIFETIME = timedelta(hours=12)
NEEDS = (
    Permission.INVOICE_WRITE,
    Permission.PEF_INVOICE_WRITE,
    Permission.ENFORCEMENT_OPERATIONS,
)


class OpenOnline(Model):
    """POST /sessions/online."""

    form_code: FormCode
    encryption: EncryptionInfo


class SendInvoice(Model):
    """POST /sessions/online/{referenceNumber}/invoices."""

    invoice_hash: Sha256Base64
    invoice_size: int = Field(ge=1)
    encrypted_invoice_hash: Sha256Base64
    encrypted_invoice_size: int = Field(ge=1)
    encrypted_invoice_content: str
    offline_mode: bool = False
    hash_of_corrected_invoice: Sha256Base64 | None = None


@operation("POST", "/sessions/online", group=Group.ONLINE_SESSION, needs=NEEDS, status=201)
def open_online(call: Call) -> dict[str, Any]:
    """Open a session of twelve hours."""
    body = call.body(OpenOnline)
    form = body.form_code.form(batch=False)
    now = call.world.clock.now()
    key = body.encryption.symmetric_key(call.world.keys)
    session = Session(
        reference=call.world.numbering.reference("SO", now),
        kind=SessionKind.ONLINE,
        context=call.context,
        subject=call.authentication.subject.identifier,
        authentication=call.authentication.reference,
        permissions=call.permissions,
        system_code=form.system_code,
        key=key,
        iv=body.encryption.initialization_vector,
        created=now,
        updated=now,
        valid_until=now + LIFETIME,
        code=100 if key else 415,
        checks_identifiers=wants_identifier_checks(call),
    )
    save_session(call.world, session)
    return {
        "referenceNumber": session.reference,
        "validUntil": session.valid_until.isoformat(),
    }


@operation(
    "POST",
    "/sessions/online/{referenceNumber}/invoices",
    group=Group.INVOICE_SEND,
    needs=NEEDS,
    status=202,
)
def send_invoice(call: Call) -> dict[str, Any]:
    """Accept an invoice for processing."""
    session = expire(call.world, find_session(call, SessionKind.ONLINE))
    body = call.body(SendInvoice)
    if session.code != 100 or session.key is None:
        raise wrong_state(session, "wysyłkę faktur")
    if call.world.settings.maintenance:
        raise BadRequest(
            21184,
            "Sesja tymczasowo niedostępna.",
            f"Trwają prace serwisowe i sesja {session.reference} jest tymczasowo niedostępna."
            " Spróbuj ponownie później lub otwórz nową sesję, aby wysłać kolejne faktury.",
        )
    cipher = _ciphertext(body)
    _check_correction(call.world, body)
    with call.world.db.transaction():
        sent = _numbered(call, session, body)
        put_sent(call.world, [sent])
        now = call.world.clock.now()
        save_session(call.world, session.model_copy(update={"updated": now}))
    call.world.later(lambda: _process(call.world, session, sent, cipher, body.invoice_size))
    return {"referenceNumber": sent.reference}


def _ciphertext(body: SendInvoice) -> bytes:
    try:
        cipher = base64.b64decode(body.encrypted_invoice_content, validate=True)
    except binascii.Error as error:
        raise invalid("'encryptedInvoiceContent': Nieprawidłowe kodowanie Base64.") from error
    if len(cipher) != body.encrypted_invoice_size:
        raise BadRequest(
            21402,
            "Nieprawidłowy rozmiar pliku.",
            "Długość treści nie zgadza się z rozmiarem pliku.",
        )
    if sha256_base64(cipher) != body.encrypted_invoice_hash:
        raise BadRequest(
            21403,
            "Nieprawidłowy skrót pliku.",
            "Skrót treści nie zgadza się ze skrótem pliku.",
        )
    return cipher


def _check_correction(world: World, body: SendInvoice) -> None:
    """A technical correction needs a refused offline invoice that nobody corrected yet."""
    original_hash = body.hash_of_corrected_invoice
    if original_hash is None:
        return
    if not body.offline_mode:
        raise invalid("'offlineMode': Korekta techniczna wymaga trybu offline.")
    earlier = find_sent(world, "corrected_hash = ? AND code = 200", original_hash)
    if earlier:
        raise BadRequest(
            21166,
            "Korekta techniczna niedostępna.",
            "Faktura posiada już przetworzoną prawidłowo korektę techniczną.",
        )
    originals = find_sent(world, "hash = ? AND offline = 1", original_hash)
    if not originals:
        raise invalid("'hashOfCorrectedInvoice': Nie znaleziono faktury offline o tym skrócie.")
    # a refusal for want of rights (410) is no technical error
    if any(original.verdict.code in {100, 150, 200, 410} for original in originals):
        raise BadRequest(
            21167,
            "Status faktury nie pozwala na korektę techniczną.",
            "Nie można wysłać korekty technicznej do prawidłowo przetworzonej faktury.",
        )


def _numbered(call: Call, session: Session, body: SendInvoice) -> SentInvoice:
    world = call.world
    ordinal = count_sent(world, session.reference) + 1
    limit = context_limits(world, session.context).online_session.max_invoices
    if ordinal > limit:
        raise BadRequest(
            21155,
            "Przekroczono dozwoloną liczbę faktur w sesji.",
            f"Sesja o numerze referencyjnym {session.reference} osiągnęła dozwolony limit"
            f" liczby faktur {limit}.",
        )
    moment = world.clock.tick()
    return SentInvoice(
        session=session.reference,
        ordinal=ordinal,
        reference=world.numbering.reference("EE", world.clock.now()),
        hash=body.invoice_hash,
        invoicing=moment,
        ready=moment + world.settings.processing_delay * 1_000_000,
        offline=body.offline_mode,
        corrected_hash=body.hash_of_corrected_invoice,
    )


def _process(world: World, session: Session, sent: SentInvoice, cipher: bytes, size: int) -> None:
    found = _content(world, session, sent, cipher, size)
    if isinstance(found, Verdict):
        put_sent(world, [replace(sent, verdict=found)])
    else:
        process(world, session, [(sent, found)])


def _content(
    world: World, session: Session, sent: SentInvoice, cipher: bytes, size: int
) -> bytes | Verdict:
    """The invoice as it was before encryption, or why nobody will look at it."""
    if world.settings.processing_failure:
        return Verdict(world.settings.processing_failure)
    key, iv = base64.b64decode(session.key or ""), base64.b64decode(session.iv)
    try:
        content = aes_decrypt(cipher, key, iv)
    except UndecryptableError:
        return Verdict(435)
    if len(content) != size:
        return Verdict(430, ("Rozmiar faktury nie zgadza się z zadeklarowanym.",))
    if sha256_base64(content) != sent.hash:
        return Verdict(430, ("Skrót faktury nie zgadza się z zadeklarowanym.",))
    return content


@operation(
    "POST",
    "/sessions/online/{referenceNumber}/close",
    group=Group.ONLINE_SESSION_CLOSE,
    needs=NEEDS,
    status=204,
)
def close(call: Call) -> None:
    """Close the session; its UPO follows when every invoice has its verdict."""
    session = expire(call.world, find_session(call, SessionKind.ONLINE))
    if session.code != 100:
        raise wrong_state(session, "jej zamknięcie")
    close_online(call.world, session, call.world.clock.now())
