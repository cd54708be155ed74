"""Revocations in KSeF that are done in the background: claimed, waited for, repeated."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from obieg.calls.models import Revocation
from obieg.calls.retiring import destroy, revoke
from obieg.calls.states import RevocationState
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.ksef.certificates import Reason
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Operator
from obieg.vault.models import (
    Credential,
    CredentialKind,
    CredentialUsage,
    Enrolment,
)
from obieg.vault.signals import offline_documents
from obieg.vault.states import EnrolmentState

log = structlog.get_logger(__name__)

REVOKE = "calls.revoke"
LONGEST_WAIT = timedelta(hours=1)
OFFLINE_LOOK = timedelta(hours=1)  # between two looks whether the documents were sent
# What is under way with a former certificate comes to its end before that is revoked.
PARTING = {
    CredentialUsage.AUTHENTICATION: timedelta(days=1),
    CredentialUsage.OFFLINE: timedelta(),
}


def ask(
    credential: Credential,
    client: Client,
    *,
    actor: Operator | None,
    superseded: bool = False,
    after: timedelta = timedelta(),
) -> Revocation:
    """Note that the credential has to end in KSeF and be destroyed here, and queue it.

    What was noted before is asked for again, unless it is settled.
    """
    with transaction.atomic():
        row, is_new = Revocation.objects.of_client(client).get_or_create(
            credential=credential,
            defaults={
                "client": client,
                "superseded": superseded,
                "asked_by": actor,
                "due_at": timezone.now() + after,
            },
        )
        if is_new:
            row.event({"credential": credential}, actor=actor, kind="ask").save()
        elif row.state in (RevocationState.FAILED, RevocationState.HELD):
            row.advance(RevocationState.ASKED, actor=actor, kind="ask", error_text="")
        if not row.is_settled:
            _queue(row.pk, after=after if is_new else timedelta())
    return row


def ask_for_superseded() -> int:
    """Note the end of every certificate that Obieg asked for itself and that another replaced.

    One that came from a file may still be used by another program: that one is ended by hand.
    """
    count = 0
    for enrolment in _superseded():
        assert enrolment.credential is not None  # noqa: S101 - filtered by it
        usage = CredentialUsage(enrolment.usage)
        ask(
            enrolment.credential,
            enrolment.client,
            actor=None,
            superseded=True,
            after=PARTING[usage],
        )
        count += 1
    return count


def carry(revocation_id: int, failures: int = 0) -> timedelta | None:
    """Revoke in KSeF and destroy here, or wait; queues its own next attempt and says when."""
    rows = Revocation.objects.across_clients().select_related("credential", "client", "asked_by")
    row = rows.get(pk=revocation_id)
    if row.is_settled or row.state == RevocationState.FAILED:
        return None
    try:
        wait = _step(row)
        failures = 0
    except MustWait as limit:
        wait = max(limit.until - timezone.now(), timedelta())
    except Transient as error:
        log.warning("revocation_put_off", revocation=row.pk, error=error.code)
        failures += 1
        wait = min(timedelta(seconds=5 << min(failures, 10)), LONGEST_WAIT)
    except UserFixable as error:
        row.advance(RevocationState.FAILED, actor=None, kind="fail", error_text=str(error))
        return None
    if wait is not None:
        _queue(row.pk, after=wait, failures=failures)
    return wait


def queue_due() -> None:
    """Queue again what a crash or a lost job has left: one that waits in the queue stays one."""
    ask_for_superseded()
    open_ = Revocation.objects.across_clients().filter(
        state__in=[RevocationState.ASKED, RevocationState.HELD], due_at__lte=timezone.now()
    )
    for pk in open_.values_list("pk", flat=True):
        _queue(pk)


def documents_waiting(*, serial: str | None = None, client: Client | None = None) -> int:
    """Documents issued offline that KSeF has not got yet: of a certificate, or of a client."""
    answers: list[tuple[Any, Any]] = offline_documents.send(
        Credential, serial=serial, client=client
    )
    return sum(count for _, count in answers)


def _step(row: Revocation) -> timedelta | None:
    now = timezone.now()
    if row.due_at > now:
        return row.due_at - now
    credential = row.credential
    is_offline = credential.usage == CredentialUsage.OFFLINE
    if is_offline and documents_waiting(serial=credential.reference):
        if row.state != RevocationState.HELD:
            row.advance(RevocationState.HELD, actor=None, kind="hold")
        return OFFLINE_LOOK
    if row.state == RevocationState.HELD:
        row.advance(RevocationState.ASKED, actor=None, kind="release")
    reason: Reason = "Superseded" if row.superseded else "Unspecified"
    done = revoke(credential, row.client, actor=row.asked_by, reason=reason)
    with transaction.atomic():
        destroy(credential, actor=row.asked_by)
        to = RevocationState.DONE if done else RevocationState.NOTHING
        row.advance(to, actor=None, kind="revoke", error_text="")
    return None


def _superseded() -> list[Enrolment]:
    """The enrolments whose certificate was in use and has given way to one of the same usage."""
    in_use = Credential.objects.across_clients().filter(
        active=True, kind=CredentialKind.CERTIFICATE, operator=None
    )
    present = set(in_use.values_list("client_id", "environment", "usage"))
    rows = Enrolment.objects.across_clients().filter(
        state=EnrolmentState.DONE,
        credential__active=False,
        credential__on_trial=False,
        credential__revoked_at=None,
        credential__shredded_at=None,
        credential__revocation=None,
        credential__valid_to__gt=timezone.now(),
    )
    found = rows.select_related("credential", "client").defer("sealed_key")
    return [
        row
        for row in found
        if row.credential
        and (row.credential.client_id, row.credential.environment, row.usage) in present
    ]


def _queue(revocation_id: int, *, after: timedelta = timedelta(), failures: int = 0) -> None:
    enqueue(
        REVOKE,
        {"revocation_id": revocation_id, "failures": failures},
        once=f"revoke-{revocation_id}",
        lock=f"revoke-{revocation_id}",
        at=timezone.now() + after if after else None,
    )
