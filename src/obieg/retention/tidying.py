"""Tidying: each night what is older than its period goes, in small transactions."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import structlog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from obieg.audit.models import Pruning
from obieg.audit.pruning import prune
from obieg.exports.models import ExportContent
from obieg.inbox.models import Package, Quarantined
from obieg.inbox.states import OPEN
from obieg.logins.models import BrowserSession, Tries
from obieg.mail.models import Attachment, Letter
from obieg.office.models import Event
from obieg.retention import erasing, handing, leavers
from obieg.retention.periods import oldest
from obieg.watch.models import Alert

AT_ONCE = 2000
THING = "retention.tidying"
GONE = "(treść usunięta po upływie okresu przechowywania)"

log = structlog.get_logger(__name__)


def tidy() -> dict[str, int]:
    """Remove what is older than its period; how many of what, by the kind's code."""
    erasing.resume()
    counts = {code: step() for code, step in _STEPS.items()}
    removed = {code: count for code, count in counts.items() if count}
    log.info("retention.tidied", **removed)
    if removed:
        Event.objects.create(thing=THING, thing_id=0, kind="tidy", after=removed)
    return removed


def last_tidying() -> Event | None:
    """The trail's entry of the last night on which something was removed."""
    return Event.objects.across_clients().filter(thing=THING).order_by("-pk").first()


def _sessions() -> int:
    count = _delete(Session.objects.filter(expire_date__lt=timezone.now()))
    return count + _delete(BrowserSession.objects.filter(used_at__lt=oldest("sessions")))


def _tries() -> int:
    return _delete(Tries.objects.filter(last_at__lt=oldest("tries")))


def _letters() -> int:
    sent = Letter.objects.across_clients().filter(state="sent", sent_at__lt=oldest("letters"))
    _delete(Attachment.objects.across_clients().filter(letter__in=sent.values("pk")))
    failed = Letter.objects.across_clients().filter(state="failed")
    _delete(failed.filter(created_at__lt=oldest("letters")))
    full = sent.exclude(text=GONE)
    return _in_chunks(
        full, lambda keys: full.filter(pk__in=keys).update(text=GONE, recipients=[], error_text="")
    )


def _exports() -> int:
    made = ExportContent.objects.across_clients()
    return _delete(made.filter(export__created_at__lt=oldest("exports")))


def _quarantine() -> int:
    rows = Quarantined.objects.across_clients()
    return _delete(rows.filter(resolved_at__lt=oldest("quarantine")))


def _packages() -> int:
    ended = Package.objects.across_clients().exclude(state__in=OPEN)
    return _delete(ended.filter(changed_at__lt=oldest("packages")))


def _alerts() -> int:
    return _delete(Alert.objects.across_clients().filter(ended_at__lt=oldest("alerts")))


def _calls() -> int:
    return _pruned(Pruning.Source.CALLS, oldest("calls"))


def _uses() -> int:
    return _pruned(Pruning.Source.USES, oldest("uses"))


def _pruned(source: str, before: datetime) -> int:
    """By whole months, so that the trail tells of it once a month."""
    pruning = prune(source, before.replace(day=1))
    return pruning.records if pruning else 0


def _delete(rows: "QuerySet[Any]") -> int:
    return _in_chunks(rows, lambda keys: rows.filter(pk__in=keys).delete()[0])


def _in_chunks(rows: "QuerySet[Any]", act: Callable[[list[int]], object]) -> int:
    """Do `act` to the rows, AT_ONCE a transaction; how many rows these were."""
    count = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            act(keys)
        count += len(keys)
    return count


_STEPS: Mapping[str, Callable[[], int]] = {
    "sessions": _sessions,
    "tries": _tries,
    "letters": _letters,
    "exports": _exports,
    "quarantine": _quarantine,
    "packages": _packages,
    "alerts": _alerts,
    "calls": _calls,
    "uses": _uses,
    "handed": handing.expire,
    "operators": leavers.empty_entries,
}


def codes() -> Iterable[str]:
    """The kinds that the night follows."""
    return _STEPS.keys()
