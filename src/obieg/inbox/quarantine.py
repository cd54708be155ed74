"""Files that could not be read: kept with their bytes and the reason, until they can be."""

from collections.abc import Sequence

from django.db.models.functions import Now

from obieg.fa.errors import UnreadableInvoice
from obieg.inbox.models import Quarantined
from obieg.inbox.reading import Received, Refused
from obieg.inbox.rows import Receipt
from obieg.office.models import Client


def keep_aside(refused: Sequence[Refused], receipt: Receipt) -> None:
    """Keep the files; one that lies there already keeps its first bytes."""
    rows = [_row(item.file, item.error, receipt) for item in refused]
    if rows:
        Quarantined.objects.bulk_create(rows, ignore_conflicts=True)


def _row(file: Received, error: UnreadableInvoice, receipt: Receipt) -> Quarantined:
    return Quarantined(
        client_id=receipt.client_id,
        package_id=receipt.package_id,
        environment=receipt.environment,
        role=receipt.role,
        ksef_number=file.ksef_number[:36],
        stored_at=file.marks.stored_at if file.marks else None,
        acquired_at=file.marks.acquired_at if file.marks else None,
        sha256=file.marks.sha256 if file.marks else "",
        name=file.name[:255],
        content=file.xml,
        error_code=error.code,
        error_text=str(error),
    )


def release(client: Client, numbers: Sequence[str]) -> None:
    """Documents that were stored after all no longer wait here; their bytes stay for the trail."""
    waiting = Quarantined.objects.of_client(client).filter(resolved_at=None)
    waiting.filter(ksef_number__in=numbers).update(resolved_at=Now())
