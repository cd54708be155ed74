"""Asking KSeF each night which limits hold for a client's context; an office may have its own."""

from datetime import timedelta

import structlog
from django.utils import timezone

from obieg.calls.gateways import learn_rates
from obieg.core.errors import ObiegError
from obieg.office.jobs import enqueue
from obieg.office.models import Client

LEARN_RATES = "calls.learn_rates"
SPREAD = timedelta(hours=1)

log = structlog.get_logger(__name__)


def ask_for_all() -> int:
    """Queue the question for every served client, spread over an hour; how many were queued."""
    clients = list(Client.objects.across_clients().active().values_list("pk", flat=True))
    now = timezone.now()
    return sum(
        enqueue(
            LEARN_RATES,
            {"client_id": client_id},
            once=f"learn-rates-{client_id}",
            lock=f"client-{client_id}",
            at=now + SPREAD * place / len(clients),
        )
        for place, client_id in enumerate(clients)
    )


def ask_for(client_id: int) -> bool:
    """Ask for one client; where it cannot be asked now the limits known so far stay: False."""
    client = Client.objects.across_clients().get(pk=client_id)
    try:
        learn_rates(client)
    except ObiegError as error:
        log.info("calls.rates_not_told", client=client_id, code=error.code)
        return False
    return True
