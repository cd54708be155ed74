"""Operations of batch sessions."""

from datetime import timedelta
from typing import Any

from pydantic import Field

from ksef_emulator.encryption import EncryptionInfo
from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.invoices.links import signed_link
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Call, operation
from ksef_emulator.permissions.records import Permission
from ksef_emulator.sessions.closing import expire
from ksef_emulator.sessions.opening import (
    FormCode,
    find_session,
    wants_identifier_checks,
    wrong_state,
)
from ksef_emulator.sessions.packages import process_batch
from ksef_emulator.sessions.records import (
    BatchPart,
    Session,
    SessionKind,
    save_session,
)
from ksef_emulator.sessions.uploads import REQUIRED_HEADERS
from ksef_emulator.wire import Choice, Model, Sha256Base64

TIME_PER_PART = timedelta(minutes=20)
LARGEST_PART = 100_000_016  # 100 MB before encryption, and a block of padding
NEEDS = (Permission.INVOICE_WRITE, Permission.ENFORCEMENT_OPERATIONS)


class Compression(Choice):
    """How the package is packed."""

    ZIP = "Zip"
    TAR_GZ = "TarGz"


class PartInfo(Model):
    """A part of the package, encrypted."""

    ordinal_number: int = Field(ge=1)
    file_size: int = Field(ge=1)
    file_hash: Sha256Base64


class FileInfo(Model):
    """The package before encryption."""

    file_size: int = Field(ge=1, le=5_000_000_000)
    file_hash: Sha256Base64
    compression_type: Compression | None = None
    file_parts: list[PartInfo] = Field(min_length=1)


class OpenBatch(Model):
    """POST /sessions/batch."""

    form_code: FormCode
    batch_file: FileInfo
    encryption: EncryptionInfo
    offline_mode: bool = False


@operation("POST", "/sessions/batch", group=Group.BATCH_SESSION, needs=NEEDS, status=201)
def open_batch(call: Call) -> dict[str, Any]:
    """Open a session and tell where to send the parts."""
    body = call.body(OpenBatch)
    form = body.form_code.form(batch=True)
    parts = body.batch_file.file_parts
    _check_parts(parts)
    world, now = call.world, call.world.clock.now()
    reference = world.numbering.reference("SB", now)
    key = body.encryption.symmetric_key(world.keys)
    session = Session(
        reference=reference,
        kind=SessionKind.BATCH,
        context=call.context,
        subject=call.authentication.subject.identifier,
        authentication=call.authentication.reference,
        permissions=call.permissions,
        system_code=form.system_code,
        key=key,
        iv=body.encryption.initialization_vector,
        created=now,
        updated=now,
        valid_until=now + len(parts) * TIME_PER_PART,
        code=100 if key else 415,
        checks_identifiers=wants_identifier_checks(call),
        offline=body.offline_mode,
        file_hash=body.batch_file.file_hash,
        compression=body.batch_file.compression_type or Compression.ZIP,
        parts=tuple(
            BatchPart(
                ordinal=part.ordinal_number,
                size=part.file_size,
                hash=part.file_hash,
                blob=f"{reference}-{part.ordinal_number:03d}",
            )
            for part in parts
        ),
    )
    save_session(world, session)
    return {
        "referenceNumber": reference,
        "partUploadRequests": [_upload(call, session, part) for part in session.parts],
    }


def _check_parts(parts: list[PartInfo]) -> None:
    if len(parts) > 50:
        raise BadRequest(
            21161,
            "Przekroczono dozwoloną liczbę części pakietu.",
            "Dozwolona liczba części to 50.",
        )
    if [part.ordinal_number for part in parts] != list(range(1, len(parts) + 1)):
        raise invalid("'batchFile.fileParts': Części muszą być ponumerowane kolejno od 1.")
    for part in parts:
        if part.file_size > LARGEST_PART:
            raise BadRequest(
                21157,
                "Nieprawidłowy rozmiar części pakietu.",
                f"Rozmiar części {part.ordinal_number} przekroczył dozwolony rozmiar 100MB.",
            )


def _upload(call: Call, session: Session, part: BatchPart) -> dict[str, Any]:
    url = signed_link(call.world, call.base_url, "PUT", part.blob, session.valid_until)
    return {
        "ordinalNumber": part.ordinal,
        "method": "PUT",
        "url": url,
        "headers": REQUIRED_HEADERS,
    }


@operation(
    "POST",
    "/sessions/batch/{referenceNumber}/close",
    group=Group.BATCH_SESSION_CLOSE,
    needs=NEEDS,
    status=204,
)
def close_batch(call: Call) -> None:
    """End the upload and begin processing."""
    world = call.world
    session = expire(world, find_session(call, SessionKind.BATCH))
    if session.code == 440 and session.details:
        raise BadRequest(
            21208,
            "Czas oczekiwania na requesty upload lub finish został przekroczony.",
            "Sesja anulowana, przekroczony czas wysyłki.",
        )
    if session.code != 100:
        raise wrong_state(session, "jej zamknięcie")
    for part in session.parts:
        _check_upload(part, world.db.blob_size(part.blob))
    now = world.clock.now()
    closed = session.model_copy(update={"code": 150, "closed": now, "updated": now})
    save_session(world, closed)
    world.later(lambda: process_batch(world, closed))


def _check_upload(part: BatchPart, size: int | None) -> None:
    if size is None:
        raise BadRequest(
            21205,
            "Pakiet nie może być pusty.",
            f"Nie przesłano zadeklarowanej '{part.ordinal}' części pliku.",
        )
    if size != part.size:
        raise BadRequest(
            21157,
            "Nieprawidłowy rozmiar części pakietu.",
            f"Zadeklarowany rozmiar części '{part.ordinal}' nie zgadza się z rzeczywistym.",
        )
