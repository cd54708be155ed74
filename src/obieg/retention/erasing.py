"""Erasing a client: asked for by a person, carried out by a job that may be cut at any moment.

Files go first, then in one transaction every row, what points before what it points at. Where the
job is cut, nothing or everything was done, and doing it again ends it.
"""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import structlog
from django.db import models, transaction
from django.utils import timezone

from obieg.audit.emptying import empty, sealed_to
from obieg.audit.sealing import seal_new
from obieg.calls.ending import last_protocol
from obieg.core.polish import sort_key
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.retention.errors import (
    AlreadyErased,
    BranchesFirst,
    MustStay,
    NeedsEverySight,
    NotYetSealed,
    StillServed,
    UnderWay,
)
from obieg.retention.fates import Fate, Table, rows_of, tables, tables_with, targets_loosely
from obieg.retention.models import Erasure, Handover
from obieg.retention.names import name_of
from obieg.retention.periods import keepings, kept_until
from obieg.retention.states import ENDED, ErasureState, HandoverState
from obieg.sales.models import SaleXml, Upo
from obieg.sales.storage import VARIABLE as DOCUMENTS
from obieg.vault.models import Credential

JOB = "retention.erase"
AGAIN_AFTER = timedelta(minutes=6)  # a seal is made every five
Reach = Erasure.Reach

log = structlog.get_logger(__name__)


@transaction.atomic
def ask(client: Client, reach: str, *, reference: str, actor: Operator) -> Erasure:
    """Queue an erasure; the typed errors of this room say why it may not be."""
    if not actor.sees_all_clients:
        raise NeedsEverySight
    client = Client.objects.of_client(client.pk).select_for_update(no_key=True).get()
    require_erasable(client, reach)
    _require_quiet(client)
    erasure = Erasure.objects.create(
        client=client,
        reach=reach,
        reference=reference,
        kept_until=kept_until(client),
        asked_by=actor,
    )
    Event.objects.create(
        client=client,
        thing=Erasure.THING,
        thing_id=erasure.pk,
        actor=actor,
        kind="create",
        after={"reach": reach, "reference": reference},
    )
    enqueue(JOB, {"erasure_id": erasure.pk}, once=f"erasure-{erasure.pk}")
    return erasure


def require_erasable(client: Client, reach: str) -> None:
    """Raise what stands in the way of erasing so much of a client now."""
    if is_erased(client):
        raise AlreadyErased
    if client.active or last_protocol(client) is None:
        raise StillServed(client=client.name)
    if reach == Reach.PART:
        return
    if left := [branch.name for branch in branches_left(client)]:
        raise BranchesFirst(client=client.name, branches=", ".join(left))
    for keeping in keepings(client):
        if keeping.until >= timezone.localdate():
            raise MustStay(client=client.name, until=keeping.until, reason=keeping.reason)


def is_erased(client: Client) -> bool:
    """Whether everything of the client is gone, or going."""
    asked = Erasure.objects.of_client(client).filter(reach=Reach.ALL)
    return asked.exclude(state=ErasureState.REFUSED).exists()


def branches_left(client: Client) -> list[Client]:
    """The branches of which something is still kept."""
    branches = Client.objects.across_clients().filter(branch_of=client)
    return [branch for branch in branches if not is_erased(branch)]


def carry_out(erasure_id: int) -> None:
    """Erase what was asked for; done again, it goes on where it was cut."""
    erasure = Erasure.objects.across_clients().select_related("client").get(pk=erasure_id)
    if erasure.state in ENDED:
        return
    try:
        _require_still_erasable(erasure)
        if erasure.state == ErasureState.QUEUED:
            erasure.advance(ErasureState.ERASING, actor=erasure.asked_by, kind="begin")
        _erase(erasure)
    except StillServed as error:
        erasure.advance(
            ErasureState.REFUSED, actor=erasure.asked_by, kind="refuse", error_text=error.code
        )
    except NotYetSealed as wait:
        Erasure.objects.of_client(erasure.client_id).filter(pk=erasure.pk).update(
            error_text=str(wait)
        )
        again = timezone.now() + AGAIN_AFTER
        enqueue(JOB, {"erasure_id": erasure.pk}, once=f"erasure-{erasure.pk}", at=again)


def resume() -> int:
    """Queue again what was begun and is not done, whatever broke it; how many. Each night."""
    rows = Erasure.objects.across_clients().exclude(state__in=ENDED)
    return sum(
        enqueue(JOB, {"erasure_id": key}, once=f"erasure-{key}")
        for key in rows.values_list("pk", flat=True)
    )


def _require_still_erasable(erasure: Erasure) -> None:
    """What was allowed when it was asked for is allowed now: the client may have come back."""
    row = Client.objects.of_client(erasure.client_id).select_for_update(no_key=True)
    with transaction.atomic():
        if row.get().active:
            raise StillServed(client=erasure.client.name)


def _erase(erasure: Erasure) -> None:
    client, is_all = erasure.client, erasure.reach == Reach.ALL
    if is_all:
        _seal_everything_of(client)
        files = _delete_files(client)
    with transaction.atomic():
        _require_still_erasable(erasure)
        fates = (Fate.AT_END, Fate.AFTER_PERIODS) if is_all else (Fate.AT_END,)
        counts = _delete_rows(client, tables_with(*fates))
        if is_all:
            counts |= {"pliki na dysku": files} if files else {}
            counts["wpisy śladu, z których usunięto treść"] = empty(_entries(client))
            _empty_credentials(client)
            _empty_client(client)
        erasure.advance(
            ErasureState.DONE,
            actor=erasure.asked_by,
            kind="end",
            counts={what: count for what, count in counts.items() if count},
            ended_at=timezone.now(),
            error_text="",
        )
    log.info("retention.erased", client=client.pk, reach=erasure.reach)


def _require_quiet(client: Client) -> None:
    making = Handover.objects.of_client(client).filter(
        state__in=[HandoverState.QUEUED, HandoverState.MAKING]
    )
    erasing = Erasure.objects.of_client(client).exclude(state__in=ENDED)
    if making.exists() or erasing.exists():
        raise UnderWay(client=client.name)


def _delete_rows(client: Client, going: list[Table]) -> dict[str, int]:
    """Delete the rows of the client in these tables; what stays no longer points at them."""
    _loosen(client, going)
    counts: dict[str, int] = {}
    for table in going:
        rows = rows_of(table, client)
        keys = rows.values("pk")
        plain: models.QuerySet[models.Model] = models.QuerySet(table).filter(pk__in=keys)
        counts[name_of(table)] = plain._raw_delete(plain.db)  # noqa: SLF001 - one statement
    return counts


def _loosen(client: Client, going: list[Table]) -> None:
    for table in tables():
        if table in going:
            continue
        for field in targets_loosely(table, going):
            pointed_at = rows_of(field.related_model, client).values("pk")
            models.QuerySet(table).filter(**{f"{field.name}__in": pointed_at}).update(
                **{field.name: None}
            )


def _seal_everything_of(client: Client) -> None:
    """Entries are emptied only once they are sealed, so that the seals go on proving the rest."""
    newest = _entries(client).order_by("-pk").values_list("pk", flat=True).first()
    if newest is None or sealed_to() >= newest:
        return
    seal_new()
    if sealed_to() < newest:
        raise NotYetSealed


def _entries(client: Client) -> ScopedQuerySet[Event]:
    """The entries that say something of the client; those of this room hold no personal data."""
    said = Event.objects.of_client(client).exclude(before={}, after={})
    return said.exclude(thing=Erasure.THING)


def _empty_credentials(client: Client) -> None:
    """What the log of uses points at stays as a number."""
    Credential.objects.of_client(client).update(
        label="usunięte", fingerprint="", reference="", held=[], ciphertext=b"", wrapped_key=b""
    )


def _empty_client(client: Client) -> None:
    name = f"Klient nr {client.pk} (dane usunięte)"
    Client.objects.of_client(client.pk).update(
        name=name,
        sort_key=sort_key(name),
        nip=f"U{client.pk:09d}",  # no NIP; only so that each is another
        internal_id="",
        branch_of=None,
        unit_kind="",
        unit_name="",
        active=False,
    )


def _delete_files(client: Client) -> int:
    """The directories of the client's documents, by its NIP; how many files were there."""
    root = os.environ.get(DOCUMENTS, "")
    if not root or not re.fullmatch(r"\d{10}", client.nip):
        return 0
    if _shares_its_nip(client):
        return _delete_own_files(client, Path(root))
    count = 0
    for folder in Path(root).glob(f"[0-9][0-9][0-9][0-9]/[0-9][0-9]/[0-9][0-9]/{client.nip}"):
        count += sum(1 for file in folder.iterdir() if file.is_file())
        shutil.rmtree(folder)
    return count


def _shares_its_nip(client: Client) -> bool:
    """A unit without a NIP of its own has its head's, and its files lie beside the head's."""
    others = Client.objects.across_clients().filter(nip=client.nip).exclude(pk=client.pk)
    return others.exists()


def _delete_own_files(client: Client, root: Path) -> int:
    count = 0
    for table in (SaleXml, Upo):
        kept = rows_of(table, client).exclude(path="")
        for path in kept.values_list("path", flat=True).iterator(chunk_size=2000):
            (root / path).unlink(missing_ok=True)
            count += 1
    return count
