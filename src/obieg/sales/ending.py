"""The end of a cooperation with a client: its keys of the API and its sessions end."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from obieg.office.models import Client, Operator
from obieg.sales.environment import SendingUnderWay, leave_sessions
from obieg.sales.models import ApiToken, Sale
from obieg.sales.sending.locks import lock_sending
from obieg.sales.states import SaleState
from obieg.vault.signals import cooperation_ends


@receiver(cooperation_ends)
def stop_selling(client: Client, actor: Operator | None, **_: Any) -> list[tuple[str, str]]:
    """Revoke the client's keys of the API, leave its sessions; SendingUnderWay first."""
    sending = Sale.objects.of_client(client).filter(state=SaleState.SENDING)
    if not lock_sending(client.pk) or sending.exists():
        raise SendingUnderWay(client=client.name)
    keys = ApiToken.objects.filter(client=client, revoked_at=None)
    lines = [(f"Klucz API „{key.name}” ({key.shown}…)", "unieważniony") for key in keys]
    keys.update(revoked_at=timezone.now())
    if left := leave_sessions(client, actor):
        lines.append(("Sesje wysyłki w KSeF", f"porzucone: {left}, zakończą się same"))
    return lines
