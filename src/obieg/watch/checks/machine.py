"""Does the installation itself work: jobs, disk, backups, seals, letters?"""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.urls import reverse
from procrastinate.contrib.django.models import (
    ProcrastinateEvent,
    ProcrastinateJob,
    ProcrastinateWorker,
)

from obieg.audit.models import Seal
from obieg.core.polish import counted, format_time
from obieg.mail.models import Letter
from obieg.office.models import Event
from obieg.office.retrying import TryState
from obieg.watch.findings import Finding, Look, Severity
from obieg.watch.models import Post

GIGABYTE = 1024**3
SILENCE = timedelta(seconds=60)  # without a heartbeat, after which a worker counts as dead
DAY = timedelta(hours=24)
WEEK = timedelta(days=7)
UNSEALED = timedelta(hours=3)  # seals wait an hour for calls to settle
BACKUPS = "*.obieg-backup"
JOBS = ("zadanie", "zadania", "zadań")


def worker(look: Look) -> Iterator[Finding]:
    """Nobody works on the jobs."""
    if ProcrastinateWorker.objects.filter(last_heartbeat__gt=look.now - SILENCE).exists():
        return
    text = "żaden proces roboczy nie żyje: nic nie pobiera ani nie wysyła"
    yield Finding("jobs.worker", Severity.STOP, text, reverse("watch"))


def queue(look: Look) -> Iterator[Finding]:
    """More jobs wait than are worked off."""
    depth = queue_depth(look.now)
    if depth > look.settings.queue_depth:
        text = f"{counted(depth, *JOBS)} w kolejce czeka na wykonanie"
        yield Finding("jobs.queue", Severity.WATCH, text, reverse("watch"))


def queue_depth(now: datetime) -> int:
    """Jobs whose time has come and that nobody has taken."""
    due = Q(scheduled_at=None) | Q(scheduled_at__lte=now)
    return int(ProcrastinateJob.objects.filter(due, status="todo").count())


def failed_jobs(look: Look) -> Iterator[Finding]:
    """Jobs that the engine gave up during the last day."""
    failed = ProcrastinateEvent.objects.filter(
        type="failed", at__gt=look.now - DAY, job__status="failed"
    )
    names = sorted(set(failed.values_list("job__task_name", flat=True)))
    if names:
        count = failed.values("job").distinct().count()
        words = ("zadanie w tle się nie udało", "zadania w tle się nie udały")
        text = f"{counted(count, *words, 'zadań w tle się nie udało')}: {', '.join(names)}"
        yield Finding("jobs.failed", Severity.WATCH, text, reverse("watch"))


def disk(look: Look) -> Iterator[Finding]:
    """Little room is left for the data."""
    free, wanted = shutil.disk_usage(settings.DATA).free, look.settings.free_gb * GIGABYTE
    if free < wanted:
        yield Finding(
            "disk.free",
            Severity.STOP if free < wanted // 5 else Severity.WATCH,
            f"na dysku z danymi wolne {free // GIGABYTE} GB",
            reverse("watch"),
        )


def backup(look: Look) -> Iterator[Finding]:
    """The last backup is old, or there is none although there was time for one."""
    last = last_backup_at()
    if look.now - (last or _installed_at()) <= timedelta(hours=look.settings.backup_hours):
        return
    text = f"ostatnia kopia zapasowa {format_time(last)}" if last else "nie ma kopii zapasowej"
    yield Finding("backup.age", Severity.STOP, text, reverse("watch"))


def _installed_at() -> datetime:
    """When the first table was made."""
    made = MigrationRecorder.Migration.objects.order_by("applied")
    first: datetime = made.values_list("applied", flat=True)[0]
    return first


def last_backup_at() -> datetime | None:
    """When the newest file in the folder of backups was written."""
    folder = Path(os.environ.get("OBIEG_BACKUPS") or Path(settings.DATA) / "backups")
    times = [path.stat().st_mtime for path in folder.glob(BACKUPS)]
    return datetime.fromtimestamp(max(times), UTC) if times else None


def seal(look: Look) -> Iterator[Finding]:
    """The audit trail goes on, and nothing seals it."""
    last = Seal.objects.last()
    covered = last.events_to if last else 0
    fresh = Event.objects.across_clients().filter(pk__gt=covered).order_by("pk")
    oldest = fresh.values_list("at", flat=True).first()
    if oldest and look.now - oldest > UNSEALED:
        text = f"ślad rewizyjny bez plomby od {format_time(oldest)}"
        yield Finding("audit.seal", Severity.WATCH, text, reverse("audit"))


def letters(look: Look) -> Iterator[Finding]:
    """Letters of the last week that were given up."""
    failed = Letter.objects.across_clients().filter(
        state=TryState.FAILED, created_at__gt=look.now - WEEK
    )
    if count := failed.count():
        words = ("list się nie wysłał", "listy się nie wysłały", "listów się nie wysłało")
        address = f"{reverse('mail-letters')}?stan={TryState.FAILED}"
        yield Finding("mail.failed", Severity.WATCH, counted(count, *words), address)


def webhook(look: Look) -> Iterator[Finding]:
    """The office's webhook takes nothing."""
    failed = Post.objects.filter(state=TryState.FAILED, created_at__gt=look.now - DAY)
    if last := failed.order_by("-pk").first():
        text = f"webhook nie przyjmuje alertów: {last.error_text}"
        yield Finding("webhook.failed", Severity.WATCH, text, reverse("watch-settings"))
