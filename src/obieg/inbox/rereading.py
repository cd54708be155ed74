"""Reading quarantined files again, as after an upgrade."""

from django.db import transaction
from django.utils import timezone

from obieg.inbox.intake import take_in
from obieg.inbox.locks import lock_storing
from obieg.inbox.models import Quarantined, Role
from obieg.inbox.reading import Marks, Received, read
from obieg.inbox.rows import Receipt
from obieg.office.models import Client


def retry_quarantined(client: Client) -> int:
    """Read the client's waiting files again; returns how many are invoices now.

    A file that KSeF's metadata did not describe stays: fetch it by its number.
    """
    waiting = Quarantined.objects.of_client(client).filter(
        resolved_at=None, stored_at__isnull=False, acquired_at__isnull=False
    )
    return sum(_retry(client, key) for key in waiting.values_list("pk", flat=True))


def _retry(client: Client, key: int) -> int:
    with transaction.atomic():
        lock_storing(client.pk)
        row = Quarantined.objects.of_client(client).get(pk=key)
        assert row.stored_at is not None  # noqa: S101 - as selected; mypy cannot know
        assert row.acquired_at is not None  # noqa: S101 - as above
        marks = Marks(row.stored_at, row.acquired_at, row.sha256)
        receipt = Receipt(
            client.pk, row.environment, Role(row.role), row.package_id, timezone.now()
        )
        file = Received(row.ksef_number, row.name, bytes(row.content), marks)
        return take_in(client, receipt, [read(file)]).stored
