"""The steps in the life of a package: claimed, ordered, asked for, fetched.

Each step is committed before the next begins, so that a crash leaves a row that says what was
done. Only an order whose answer was lost is given again, with the same key.
"""

from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.inbox import delays, files, windows
from obieg.inbox.errors import EnvironmentChanged
from obieg.inbox.models import Channel, Package
from obieg.inbox.states import OPEN, PackageState
from obieg.ksef.content import ContentKey
from obieg.ksef.errors import Gone, KsefRefused, LinkExpired, PackageCorrupt
from obieg.ksef.exports import NOTHING_YET, ExportPackage, ExportStatus
from obieg.ksef.gateway import Gateway
from obieg.ksef.packages import fetch_package
from obieg.office.models import Operator
from obieg.vault.envelope import seal_package_key, unseal_package_key

PURPOSE = "synchronizacja"
LINKS_TRIED = 3


def open_package_of(channel: Channel) -> Package | None:
    """The incremental package that the channel is busy with."""
    packages = Package.objects.across_clients().filter(channel=channel, incremental=True)
    return packages.filter(state__in=OPEN).select_related("channel__client").first()


def claim(channel: Channel) -> Package:
    """A new package from the channel's position, or Overtaken by who claimed it before."""
    try:
        with transaction.atomic():
            return Package.objects.create(
                channel=channel, window_from=channel.position, sealed_key=new_sealed_key(channel)
            )
    except IntegrityError:
        package = open_package_of(channel)
        if package is None:
            raise
        return package


def claim_period(
    channel: Channel, window_from: datetime, window_to: datetime, operator: Operator | None
) -> Package:
    """A package by hand, for a period; it moves no position."""
    return Package.objects.create(
        channel=channel,
        incremental=False,
        window_from=window_from,
        window_to=window_to,
        sealed_key=new_sealed_key(channel),
        ordered_by=operator,
    )


def new_sealed_key(channel: Channel) -> bytes:
    """A key for one package, sealed for its client."""
    return seal_package_key(
        ContentKey.new(), client=channel.client, environment=channel.environment
    )


def key_of(package: Package) -> ContentKey:
    """The key in which KSeF encrypts the package."""
    channel = package.channel
    return unseal_package_key(
        bytes(package.sealed_key), client=channel.client, environment=channel.environment
    )


def _gateway(package: Package) -> AbstractContextManager[Gateway]:
    """The way to KSeF for the package, or EnvironmentChanged: another KSeF knows nothing of it."""
    if package.channel.environment != package.client.environment:
        raise EnvironmentChanged(client=package.client.name)
    return open_gateway(package.client, purpose=PURPOSE, actor=package.ordered_by)


def order(package: Package) -> None:
    """CLAIMED: ask KSeF to prepare it."""
    window_to = package.window_to
    if package.incremental:
        window_to = windows.end_for(package.window_from, timezone.now())
    try:
        with _gateway(package) as ksef:
            reference = ksef.order_export(
                role=package.role,
                window_from=package.window_from,
                window_to=window_to,
                key=key_of(package),
            )
    except KsefRefused as refusal:
        package.advance(PackageState.FAILED, error_code=refusal.code, error_text=str(refusal))
        raise
    package.advance(PackageState.ORDERED, reference=reference, window_to=window_to, attempts=0)


def ask(package: Package) -> datetime | None:
    """ORDERED: ask whether it is ready; returns when to ask again, or None."""
    status = status_of(package)
    if status is None or status.state == "expired":
        expire(package)
    elif status.state == "failed":
        fail(package, status)
    elif status.package:
        accept(package, status.package)
    else:
        return _ask_later(package)
    return None


def status_of(package: Package) -> ExportStatus | None:
    """What KSeF says about the export; None where it says nothing more."""
    try:
        with _gateway(package) as ksef:
            return ksef.export_status(package.reference)
    except Gone:
        return None


def accept(package: Package, ready: ExportPackage) -> None:
    """Note where the parts are."""
    package.advance(
        PackageState.READY,
        manifest=ready.to_dict(),
        invoices=ready.invoice_count,
        attempts=0,
        error_code="",
        error_text="",
    )


def expire(package: Package) -> None:
    """KSeF keeps it no longer; the window has to be ordered anew."""
    package.advance(
        PackageState.EXPIRED,
        error_code=Gone.code,
        error_text=str(Gone(what=f"paczka {package.reference}")),
    )
    files.discard(package.pk)


def fail(package: Package, status: ExportStatus) -> None:
    """KSeF gave the export up."""
    package.advance(
        PackageState.FAILED, error_code=f"ksef.export_{status.code}", error_text=status.text
    )


def nothing_new(package: Package) -> bool:
    """Whether KSeF refused only because nothing is closed since the last package."""
    return package.error_code == f"ksef.export_{NOTHING_YET}"


def fetch(package: Package) -> Path | None:
    """READY: the package on disk, checked; None where its links ended and were asked for anew."""
    manifest = ExportPackage.from_dict(package.manifest)
    try:
        return fetch_package(manifest, key_of(package), files.directory_of(package.pk))
    except LinkExpired:
        renew_links(package)
        return None
    except PackageCorrupt as corrupt:
        set_aside(package, corrupt)
        raise


def renew_links(package: Package) -> None:
    """Ask for fresh links, as long as KSeF has the package."""
    status = status_of(package)
    if status is None or not status.package or package.attempts >= LINKS_TRIED:
        expire(package)
        return
    package.manifest = status.package.to_dict()
    package.attempts += 1
    package.save(update_fields=["manifest", "attempts"])


def set_aside(package: Package, corrupt: PackageCorrupt) -> None:
    """Keep a package that cannot be read; it is fetched afresh later, nothing of it is trusted."""
    package.advance(
        PackageState.UNREADABLE,
        attempts=package.attempts + 1,
        error_code=corrupt.code,
        error_text=str(corrupt),
    )
    files.discard(package.pk)


def try_again(package: Package) -> datetime | None:
    """UNREADABLE: once its delay is over, fetch it afresh; returns when that is, or None."""
    at = package.changed_at + delays.after_failures(package.attempts)
    if at > timezone.now():
        return at
    attempts = package.attempts
    status = status_of(package)
    if status is None or not status.package:
        expire(package)
    else:
        package.advance(PackageState.READY, manifest=status.package.to_dict(), attempts=attempts)
    return None


def _ask_later(package: Package) -> datetime:
    wait = delays.before_poll(package.attempts)
    package.attempts += 1
    package.save(update_fields=["attempts"])
    return timezone.now() + wait
