"""A pass: from where the last one ended to the end of what KSeF has, or to the next wait."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.inbox import delays, files, packages, store
from obieg.inbox.errors import ExportInterrupted, StalePosition
from obieg.inbox.jobs import enqueue_package, enqueue_pass
from obieg.inbox.locks import alone_in_channel
from obieg.inbox.models import Channel, Package
from obieg.inbox.states import OPEN, TRANSITIONS, PackageState
from obieg.ksef.errors import PackageCorrupt

BUSY = timedelta(seconds=5)
EXPIRED_AT_ONCE = 2  # packages that expire in one pass before it takes a breath

Wait = datetime | None  # when to go on; None: nothing is left to do now


def synchronise(channel_id: int) -> Wait:
    """One pass over a channel. Queues its own continuation and returns when that will run."""
    channel = Channel.objects.across_clients().select_related("client").get(pk=channel_id)
    if not channel.is_followed:
        return None
    with alone_in_channel(channel.pk) as mine:
        wait = _guarded(channel) if mine else timezone.now() + BUSY
    if wait:
        enqueue_pass(channel, at=wait)
    return wait


def _guarded(channel: Channel) -> Wait:
    """The pass, with what went wrong kept on the channel in Polish."""
    _note(channel, last_run_at=timezone.now())
    try:
        wait = _follow(channel)
    except MustWait as limit:
        return limit.until
    except Transient as error:
        _note_failure(channel, error)
        return timezone.now() + delays.after_failures(channel.failures)
    except UserFixable as error:
        _note_failure(channel, error)
        return None
    if wait is None:
        _note(channel, last_ok_at=timezone.now(), failures=0, error_code="", error_text="")
    return wait


def _follow(channel: Channel) -> Wait:
    """Package after package until one reaches the end of what is closed in KSeF."""
    expired = 0
    while True:
        channel.refresh_from_db(fields=["position"], from_queryset=Channel.objects.across_clients())
        package = packages.open_package_of(channel) or packages.claim(channel)
        if wait := drive(package):
            return wait
        if package.state == PackageState.EXPIRED:
            expired += 1
            if expired == EXPIRED_AT_ONCE:
                return timezone.now() + delays.after_failures(expired)
        elif package.state == PackageState.FAILED:
            _require_nothing_new(package)
            return None
        elif not _is_followed_by_more(package):
            return None


def _is_followed_by_more(package: Package) -> bool:
    """Whether KSeF cut the package off, or the window had to end before the present."""
    if not (package.manifest["is_truncated"] or package.window_to):
        return False
    here = Channel.objects.across_clients().filter(pk=package.channel_id)
    return here.filter(position__gt=package.window_from).exists()  # else the same would come again


def _require_nothing_new(package: Package) -> None:
    """ExportInterrupted unless KSeF only said that nothing is closed since the last time."""
    if not packages.nothing_new(package):
        raise ExportInterrupted(text=package.error_text)


def drive(package: Package) -> Wait:
    """Take `package` from step to step until it ends or has to wait."""
    while package.state in OPEN:
        if wait := _STEPS[PackageState(package.state)](package):
            return wait
    return None


def _order(package: Package) -> None:
    packages.order(package)


def _fetch_and_store(package: Package) -> None:
    path = None
    if package.invoices:
        path = packages.fetch(package)
        if path is None:
            return
    try:
        store.store_package(package, path)
    except PackageCorrupt as corrupt:
        packages.set_aside(package, corrupt)
        raise
    except StalePosition:
        packages.expire(package)
    finally:
        if package.state not in OPEN:
            files.discard(package.pk)


_STEPS: dict[PackageState, Callable[[Package], Wait]] = {
    PackageState.CLAIMED: _order,
    PackageState.ORDERED: packages.ask,
    PackageState.READY: _fetch_and_store,
    PackageState.UNREADABLE: packages.try_again,
}


def carry_package(package_id: int) -> Wait:
    """The next steps of a package by hand; the rest as `synchronise`."""
    package = (
        Package.objects.across_clients()
        .select_related("channel__client", "ordered_by")
        .get(pk=package_id)
    )
    with alone_in_channel(package.channel_id) as mine:
        wait = _carry(package) if mine else timezone.now() + BUSY
    if wait:
        enqueue_package(package, at=wait)
    return wait


def _carry(package: Package) -> Wait:
    try:
        return drive(package)
    except MustWait as limit:
        return limit.until
    except Transient as error:
        _note_on_package(package, error)
        return timezone.now() + delays.after_failures(package.attempts)
    except UserFixable as error:
        _note_on_package(package, error)
        if PackageState.FAILED in TRANSITIONS[PackageState(package.state)]:
            package.advance(PackageState.FAILED)  # a person mends it and asks again
        return None


def _note_on_package(package: Package, error: Transient | UserFixable) -> None:
    rows = Package.objects.across_clients().filter(pk=package.pk)
    rows.update(attempts=F("attempts") + 1, error_code=error.code, error_text=str(error))
    package.attempts += 1


def _note_failure(channel: Channel, error: Transient | UserFixable) -> None:
    _note(channel, failures=channel.failures + 1, error_code=error.code, error_text=str(error))


def _note(channel: Channel, **changes: object) -> None:
    for name, value in changes.items():
        setattr(channel, name, value)
    Channel.objects.across_clients().filter(pk=channel.pk).update(**changes)
