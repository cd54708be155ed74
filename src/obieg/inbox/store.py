"""Storing a package: its documents and the channel's new position, in one transaction."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from obieg.inbox import windows
from obieg.inbox.chunks import ahead, in_chunks
from obieg.inbox.errors import Overtaken, StalePosition, WindowStuck
from obieg.inbox.intake import Tally, take_in
from obieg.inbox.jobs import enqueue_package
from obieg.inbox.locks import lock_storing
from obieg.inbox.models import Channel, Package
from obieg.inbox.packages import claim_period
from obieg.inbox.reading import Marks, Received, read
from obieg.inbox.rows import Receipt
from obieg.inbox.states import PackageState
from obieg.ksef.errors import PackageCorrupt
from obieg.ksef.exports import ExportPackage
from obieg.ksef.packages import PackageReader, open_package


def store_package(package: Package, path: Path | None) -> Tally:
    """Store everything in the package at `path`, or nothing; without a path it brought nothing.

    Raises PackageCorrupt where announced documents are missing, StalePosition where the channel
    is no longer where the package begins, Overtaken where another worker stored it, WindowStuck
    where its end is its beginning (it is stored all the same).
    """
    ready = ExportPackage.from_dict(package.manifest)
    after = _end_of(package, ready)
    with transaction.atomic():
        lock_storing(package.channel.client_id)
        _still_ready(package)
        tally = _take_in_all(package, path)
        if tally.seen < ready.invoice_count:
            raise PackageCorrupt(what=f"faktur: {tally.seen} z {ready.invoice_count}")
        if package.incremental:
            _move_position(package, after, tally.stored)
        elif ready.is_truncated and after > package.window_from:
            _claim_rest(package, after)
        package.advance(
            PackageState.STORED,
            stored=tally.stored,
            quarantined=tally.quarantined,
            error_code="",
            error_text="",
        )
    if _is_stuck(package, ready, after):
        raise WindowStuck(moment=after)
    return tally


def _is_stuck(package: Package, ready: ExportPackage, after: datetime) -> bool:
    """Whether the package does not say where to go on."""
    if ready.is_truncated:
        return after == package.window_from
    return package.incremental and ready.permanent_storage_hwm_date is None


def _end_of(package: Package, ready: ExportPackage) -> datetime:
    return windows.position_after(
        window_from=package.window_from,
        window_to=package.window_to,
        truncated=ready.is_truncated,
        last=ready.last_permanent_storage_date,
        hwm=ready.permanent_storage_hwm_date,
    )


def _still_ready(package: Package) -> None:
    rows = Package.objects.across_clients().filter(pk=package.pk, state=PackageState.READY)
    if not rows.exists():
        raise Overtaken


def _take_in_all(package: Package, path: Path | None) -> Tally:
    tally = Tally()
    if path is None:
        return tally
    receipt = Receipt(
        client_id=package.channel.client_id,
        environment=package.channel.environment,
        role=package.role,
        package_id=package.pk,
        received_at=timezone.now(),
    )
    with (
        open_package(path) as reader,
        closing(ahead(in_chunks(map(read, _files(reader))))) as chunks,
    ):
        for chunk in chunks:
            tally.add(take_in(package.client, receipt, chunk))
    return tally


def _files(reader: PackageReader) -> Iterator[Received]:
    """The files of a package in order; PackageCorrupt at its end where one is missing."""
    missing = set(reader.metadata)
    for name, number, xml, left_out in reader:
        marks = None
        if described := reader.metadata.get(number):
            missing.discard(number)
            marks = Marks(
                stored_at=described.permanent_storage_date,
                acquired_at=described.acquisition_date,
                sha256=described.invoice_hash,
            )
        yield Received(ksef_number=number, name=name, xml=xml, marks=marks, left_out=left_out)
    if missing:
        raise PackageCorrupt(what=f"brak plików: {', '.join(sorted(missing)[:3])}")


def _move_position(package: Package, after: datetime, stored: int) -> None:
    here = Channel.objects.across_clients().filter(
        pk=package.channel_id, position=package.window_from
    )
    if not here.update(position=after, fetched=F("fetched") + stored):
        raise StalePosition(window_from=package.window_from)


def _claim_rest(package: Package, after: datetime) -> None:
    """What KSeF cut off a period by hand is a package of its own, in the same transaction."""
    assert package.window_to  # noqa: S101 - a period by hand has an end; mypy cannot know
    rest = claim_period(package.channel, after, package.window_to, package.ordered_by)
    enqueue_package(rest)
