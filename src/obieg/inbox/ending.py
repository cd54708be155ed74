"""The end of a cooperation with a client: nothing is fetched for it any more."""

from typing import Any

from django.dispatch import receiver

from obieg.inbox.models import Channel
from obieg.office.models import Client
from obieg.vault.signals import cooperation_ends


@receiver(cooperation_ends)
def stop_fetching(client: Client, **_: Any) -> list[tuple[str, str]]:
    """Switch every channel of the client off."""
    stopped = Channel.objects.of_client(client).filter(enabled=True).update(enabled=False)
    return [("Pobieranie z KSeF", f"wyłączone (kanałów: {stopped})")] if stopped else []
