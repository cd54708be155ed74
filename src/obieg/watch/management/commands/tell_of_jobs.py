"""The command `obieg manage tell_of_jobs`: what the supervisor calls when the jobs stand still."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from obieg.watch.directly import TEXTS, tell_of_jobs


class Command(BaseCommand):
    help = "Pisze do odbiorców alertów, że kolejka zadań stoi (woła go nadzorca procesów)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=TEXTS)
        parser.add_argument("minutes", type=int)

    def handle(self, *_: Any, **options: Any) -> None:
        """Fails where nobody could be told, so that the supervisor tries again."""
        if not tell_of_jobs(options["what"], options["minutes"]):
            raise CommandError("Nikogo nie powiadomiono.")
