"""Carrying the enrolment of a certificate through KSeF, step by step."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from obieg.calls import revoking
from obieg.calls.gateways import open_with
from obieg.calls.trial import require_reading, try_credential
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.vault import enrolment
from obieg.vault.models import Enrolment
from obieg.vault.states import EnrolmentState

log = structlog.get_logger(__name__)

PURPOSE = "wniosek o certyfikat"
MOVED = "Klient zmienił środowisko KSeF. Zamów certyfikat ponownie w nowym."
LONGEST_WAIT = timedelta(minutes=15)


def carry(enrolment_id: int, failures: int = 0) -> timedelta | None:
    """Every step that can be done now; queues its own continuation and says after how long."""
    row = (
        Enrolment.objects.across_clients()
        .select_related("client", "owner", "credential")
        .get(pk=enrolment_id)
    )
    try:
        wait = _steps(row)
        failures = 0
    except MustWait as limit:
        wait = max(limit.until - timezone.now(), timedelta())
    except Transient as error:
        log.warning("enrolment_put_off", enrolment=row.pk, error=error.code)
        failures += 1
        wait = min(timedelta(seconds=5 << min(failures, 10)), LONGEST_WAIT)
    except UserFixable as error:
        row.refresh_from_db(from_queryset=Enrolment.objects.across_clients())
        if row.is_under_way:
            enrolment.refuse(row, str(error))
        wait = None
    if wait is not None:
        enrolment.queue(row.pk, after=wait, failures=failures)
    elif row.state == EnrolmentState.DONE:
        revoking.ask_for_superseded()
    return wait


def _steps(row: Enrolment) -> timedelta | None:
    if row.client.environment != row.environment:
        enrolment.refuse(row, MOVED)
        return None
    if row.state != EnrolmentState.TRIAL:
        access = enrolment.access_for(row.client)
        with open_with(access, row.client, purpose=PURPOSE, actor=row.asked_by) as (gateway, _):
            wait: timedelta | None = timedelta()
            while wait == timedelta() and row.state != EnrolmentState.TRIAL:
                wait = enrolment.step(row, gateway.certificates)
        if row.state != EnrolmentState.TRIAL:
            return wait
    _try(row)
    return None


def _try(row: Enrolment) -> None:
    """The new certificate takes over only once it has opened the client's context.

    One that does not is destroyed here, and revoked in KSeF by what is in use.
    """
    assert row.credential is not None  # noqa: S101 - what is on trial is in the vault
    try:
        require_reading(try_credential(row.credential, row.client, actor=row.asked_by))
    except UserFixable as error:
        with transaction.atomic():
            enrolment.failed_trial(row, str(error))
            revoking.ask(row.credential, row.client, actor=row.asked_by)
        return
    enrolment.stood_trial(row)
