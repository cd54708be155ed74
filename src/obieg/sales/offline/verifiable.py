"""Documents that still need their Offline certificate: signed by it, and not in KSeF yet."""

from typing import Any

from django.db.models import F
from django.dispatch import receiver

from obieg.office.models import Client
from obieg.sales.models import Sale, SaleCodes
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault.signals import offline_documents

# A refused one may still go as a technical correction, with its codes as they are.
UNCONFIRMED = (SaleState.READY, SaleState.WAITING, SaleState.SENDING, SaleState.REJECTED)


@receiver(offline_documents)
def count_unsent(serial: str | None, client: Client | None, **_: Any) -> int:
    """How many documents of a certificate or of a client KSeF has not got."""
    if serial is not None:
        signed = SaleCodes.objects.across_clients().filter(
            serial=serial, version=F("sale__version"), sale__state__in=UNCONFIRMED
        )
        return signed.count()
    if client is None:
        return 0
    issued = Sale.objects.of_client(client).filter(state__in=UNCONFIRMED, version__gt=0)
    return issued.exclude(offline_mode__in=["", OfflineMode.TOTAL_FAILURE]).count()
