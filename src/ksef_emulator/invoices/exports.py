"""Exports: a request, work in the background, a status with links."""

import base64
from datetime import datetime, timedelta
from typing import Any

from ksef_emulator.clock import to_micros
from ksef_emulator.encryption import EncryptionInfo
from ksef_emulator.errors import BadRequest, Gone
from ksef_emulator.housekeeping import clean
from ksef_emulator.identifiers import Identifier
from ksef_emulator.invoices.filters import BEYOND_HWM, IMPOSSIBLE, Filters, Selection
from ksef_emulator.invoices.links import signed_link
from ksef_emulator.invoices.packages import Package, build_package
from ksef_emulator.operation import Call
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World

CONCURRENT = 10
KEPT = timedelta(days=7)


class CompressionType(Choice):
    """How a package is packed."""

    ZIP = "Zip"
    TAR_GZ = "TarGz"


class ExportRequest(Model):
    """POST /invoices/exports."""

    encryption: EncryptionInfo
    only_metadata: bool = False
    filters: Filters
    compression_type: CompressionType | None = None


class Export(Model):
    """One export; `code` is the specification's status once the work is done."""

    reference: str
    context: Identifier
    subject: Identifier
    request: ExportRequest
    created: datetime
    ready: int  # microseconds: until then its status is "in progress"
    key: str | None  # the caller's AES key, Base64; None where it could not be decrypted
    code: int = 100
    completed: datetime | None = None
    expires: datetime | None = None
    package: Package | None = None


DESCRIPTIONS: dict[int, tuple[str, tuple[str, ...]]] = {
    100: ("Eksport faktur w toku", ()),
    200: ("Eksport faktur zakończony sukcesem", ()),
    210: ("Eksport faktur wygasł i nie jest już dostępny do pobrania", ()),
    415: ("Błąd odszyfrowania dostarczonego klucza", ()),
    420: (BEYOND_HWM[0], (BEYOND_HWM[1],)),
    500: ("Nieznany błąd (500)", ()),
    550: (
        "Operacja została anulowana przez system",
        ("Przetwarzanie zostało przerwane z przyczyn wewnętrznych systemu. Spróbuj ponownie",),
    ),
}


def exports(world: World) -> Shelf[Export]:
    """Exports by reference, owned by their context, tagged by their subject while they run."""
    return Shelf(world.db, "export", Export)


def start_export(call: Call, request: ExportRequest) -> str:
    """Accept an export and leave the work to the background; gives its reference number."""
    world, context = call.world, call.context
    _check_role(request, context)
    selection = Selection(world, request.filters, context)
    _check_count(call)
    now = world.clock.now()
    export = Export(
        reference=world.numbering.reference("EH", now),
        context=context,
        subject=call.authentication.subject.identifier,
        request=request,
        created=now,
        ready=to_micros(now + timedelta(seconds=world.settings.processing_delay)),
        key=request.encryption.symmetric_key(world.keys),
    )
    save_export(world, export)
    world.later(lambda: _finish(world, export, selection))
    world.daily(clean)
    return export.reference


def _check_role(request: ExportRequest, context: Identifier) -> None:
    role = request.filters.subject_type
    if (context.type, role) in IMPOSSIBLE:
        raise BadRequest(
            21181,
            "Nieprawidłowe żądanie eksportu faktur.",
            f"Nie można wyeksportować paczki faktur dla wybranego podmiotu ({role})"
            f" i zalogowanego identyfikatora kontekstu ({context.type}).",
        )


def _check_count(call: Call) -> None:
    subject = call.authentication.subject.identifier
    running = [
        export
        for export in exports(call.world).find(owner=str(call.context), tag=str(subject))
        if _code_at(export, call.world) == 100
    ]
    if len(running) >= CONCURRENT:
        raise BadRequest(
            21182,
            "Osiągnięto limit trwających eksportów.",
            "Dla uwierzytelnionego podmiotu w bieżącym kontekście osiągnięto maksymalny limit"
            f" {CONCURRENT} równoczesnych eksportów faktur. Spróbuj ponownie później.",
        )


def _finish(world: World, export: Export, selection: Selection) -> None:
    """Build the package, or note why there is none."""
    changes: dict[str, Any] = {"code": _code_of(world, export, selection)}
    if changes["code"] == 200 and export.key is not None:
        changes["package"] = build_package(
            world,
            export.reference,
            selection,
            key=base64.b64decode(export.key),
            iv=base64.b64decode(export.request.encryption.initialization_vector),
            tar=export.request.compression_type is CompressionType.TAR_GZ,
            only_metadata=export.request.only_metadata,
        )
    completed = max(world.clock.now(), export.created)
    changes["completed"] = completed
    changes["expires"] = completed + timedelta(seconds=world.settings.package_lifetime)
    save_export(world, export.model_copy(update=changes))


def _code_of(world: World, export: Export, selection: Selection) -> int:
    if world.settings.processing_failure:
        return world.settings.processing_failure
    if export.key is None:
        return 415
    return 420 if selection.beyond_hwm else 200


def save_export(world: World, export: Export) -> None:
    exports(world).put(export.reference, export, owner=str(export.context), tag=str(export.subject))


def _code_at(export: Export, world: World) -> int:
    if world.clock.micros() < export.ready:
        return 100
    if export.code == 200 and export.expires and world.clock.now() > export.expires:
        return 210
    return export.code


def export_status(call: Call, reference: str) -> dict[str, Any]:
    """The specification's InvoiceExportStatusResponse; raises 21175, Gone."""
    export = exports(call.world).get(reference)
    if export is None or export.context != call.context:
        raise BadRequest(21175, "Wynik zapytania o podanym identyfikatorze nie istnieje.")
    if call.world.clock.now() > export.created + KEPT:
        raise Gone
    code = _code_at(export, call.world)
    description, details = DESCRIPTIONS[code]
    status: dict[str, Any] = {"code": code, "description": description}
    if details:
        status["details"] = list(details)
    body: dict[str, Any] = {"status": status}
    if code != 100 and export.completed:
        body["completedDate"] = export.completed.isoformat()
    if code == 200 and export.package and export.expires:
        body["packageExpirationDate"] = export.expires.isoformat()
        body["package"] = _package(call, export.package, export.expires)
    return body


def _package(call: Call, package: Package, expires: datetime) -> dict[str, Any]:
    lifetime = timedelta(seconds=call.world.settings.link_lifetime)
    until = min(call.world.clock.now() + lifetime, expires)
    parts = [
        {
            "ordinalNumber": part.ordinal,
            "partName": part.name,
            "method": "GET",
            "url": signed_link(call.world, call.base_url, "GET", part.blob, until),
            "partSize": part.size,
            "partHash": part.hash,
            "encryptedPartSize": part.encrypted_size,
            "encryptedPartHash": part.encrypted_hash,
            "expirationDate": until.isoformat(),
        }
        for part in package.parts
    ]
    return {
        "invoiceCount": package.invoice_count,
        "size": package.size,
        "parts": parts,
        "isTruncated": package.is_truncated,
        **package.dates,
        "compressionType": package.compression,
    }
