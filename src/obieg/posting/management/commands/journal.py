"""`obieg manage journal`: enter into the books what was approved before there was a journal."""

from typing import Any

from django.core.management.base import BaseCommand

from obieg.office.models import Client
from obieg.posting.backfilling import enter_missing


class Command(BaseCommand):
    help = "Wpisuje do dziennika i rejestrów dekrety zatwierdzone, zanim Obieg prowadził dziennik."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """All clients, one after another; whatever is done stays done."""
        for client in Client.objects.across_clients().order_by("pk"):

            def tell(done: int, count: int, name: str = client.name) -> None:
                self.stdout.write(f"{name}: {done} z {count}")

            enter_missing(client, tell)
        self.stdout.write("Dziennik zawiera wszystkie zatwierdzone dekrety.")
