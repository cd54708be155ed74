"""`obieg manage forget_phone LOGIN`: for the only owner who lost the phone and the codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from obieg.logins import factor, sessions
from obieg.office.models import Operator


class Command(BaseCommand):
    """Whoever may run it has the database and the master key anyway; the trail keeps it."""

    help = "Odłącza telefon operatora (drugi składnik); przy następnym logowaniu podłączy nowy."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")

    def handle(self, *args: Any, login: str, **options: Any) -> None:  # noqa: ARG002 - Django's
        operator = Operator.objects.filter(login=login).first()
        if operator is None:
            raise CommandError(f"Nie ma operatora o loginie „{login}”.")
        factor.remove(operator, actor=None)
        sessions.end_all(operator, actor=None)
        self.stdout.write(f"Telefon odłączony: {operator.name}.")
