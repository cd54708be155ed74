"""`obieg manage learn`: teach the engine what was decided before it kept lessons."""

from typing import Any

from django.core.management.base import BaseCommand

from obieg.office.models import Client
from obieg.posting.relearning import learn_untaught


class Command(BaseCommand):
    help = "Uczy silnik propozycji z zatwierdzonych dekretów, z których jeszcze nie skorzystał."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """All clients, one after another."""
        for client in Client.objects.across_clients().order_by("pk"):
            if count := learn_untaught(client):
                self.stdout.write(f"{client.name}: {count}")
