"""The command `obieg audit`."""

import sys
from pathlib import Path

import click

from obieg.audit.models import Seal
from obieg.audit.sealing import anchor_path, seal_new
from obieg.audit.verifying import verify


@click.group(short_help="ślad rewizyjny: sprawdzenie łańcucha plomb")
def audit() -> None:
    """Ślad rewizyjny."""


@audit.command("verify")
@click.option(
    "--anchor",
    metavar="PLIK",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Kopia pliku kotwicy przechowywana poza serwerem (domyślnie plik z katalogu danych).",
)
def verify_command(anchor: Path | None) -> None:
    """Sprawdź, czy nic w śladzie nie zostało zmienione. Kod wyjścia 1, gdy zostało."""
    own = anchor_path()
    flaws = list(verify(anchor or (own if own.exists() else None)))
    for flaw in flaws:
        click.echo(f"BŁĄD: {flaw.text}")
    if flaws:
        sys.exit(1)
    last = Seal.objects.last()
    if last is None:
        click.echo("Nie ma jeszcze żadnej plomby.")
        return
    click.echo(f"Łańcuch jest cały: plomb {last.number}, ostatnia {last.at:%d.%m.%Y %H:%M} UTC.")
    click.echo(f"Skrót ostatniej plomby, do zachowania poza serwerem: {last.digest}")


@audit.command("seal")
def seal_command() -> None:
    """Zaplombuj nowe wpisy teraz; Obieg robi to sam co kilka minut."""
    seal = seal_new()
    click.echo(f"Plomba {seal.number}: {seal.digest}" if seal else "Nie ma nowych wpisów.")
