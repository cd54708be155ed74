"""What was issued bears the seller's NIP: it does not change after that."""

from typing import Any

from django.dispatch import receiver

from obieg.office.models import Client
from obieg.office.signals import identity_asked
from obieg.sales.models import Sale


@receiver(identity_asked, dispatch_uid="sales.identity")
def issued_already(client: Client, **_: Any) -> str:
    """Whether the client has issued anything here."""
    issued = Sale.objects.of_client(client).filter(version__gt=0)
    return "są już wystawione dokumenty" if issued.exists() else ""
