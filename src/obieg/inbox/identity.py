"""What KSeF knows a client by: a new branch is fetched for, and a new identity begins anew."""

from typing import Any

from django.dispatch import receiver

from obieg.inbox.channels import ensure_channels
from obieg.inbox.models import Channel, Invoice, Quarantined
from obieg.office.models import Client
from obieg.office.signals import branch_added, identity_asked, identity_changed


@receiver(identity_asked, dispatch_uid="inbox.identity.asked")
def documents_hang_on_it(client: Client, **_: Any) -> str:
    """What was received is of the former context."""
    stored = Invoice.objects.of_client(client).exists()
    if stored or Quarantined.objects.of_client(client).exists():
        return "są już pobrane dokumenty"
    return ""


@receiver(identity_changed, dispatch_uid="inbox.identity.changed")
def begin_anew(client: Client, **_: Any) -> None:
    """Positions of the former context would pass over what the new one has already."""
    Channel.objects.of_client(client).delete()
    ensure_channels(client)


@receiver(branch_added, dispatch_uid="inbox.identity.branch")
def begin(branch: Client, **_: Any) -> None:
    """A branch has channels of its own, in its own context."""
    ensure_channels(branch)
