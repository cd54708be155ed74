"""Carrying the enrolment of a certificate through KSeF, step by step."""

from datetime import timedelta

import structlog
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.vault import enrolment
from obieg.vault.models import Enrolment

log = structlog.get_logger(__name__)

PURPOSE = "wniosek o certyfikat"
MOVED = "Klient zmienił środowisko KSeF. Zamów certyfikat ponownie w nowym."
LONGEST_WAIT = timedelta(minutes=15)


def carry(enrolment_id: int, failures: int = 0) -> timedelta | None:
    """Every step that can be done now; queues its own continuation and says after how long."""
    row = Enrolment.objects.across_clients().select_related("client", "owner").get(pk=enrolment_id)
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
    return wait


def _steps(row: Enrolment) -> timedelta | None:
    if row.client.environment != row.environment:
        enrolment.refuse(row, MOVED)
        return None
    with open_gateway(row.client, purpose=PURPOSE, actor=row.asked_by) as gateway:
        wait: timedelta | None = timedelta()
        while wait == timedelta():
            wait = enrolment.step(row, gateway.certificates)
    return wait
