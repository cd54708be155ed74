"""The command `obieg demo`."""

import time
from pathlib import Path

import click

from obieg.demo import load, visits
from obieg.demo.emulator import Emulator
from obieg.demo.guests import guests_in
from obieg.demo.logins import LOGINS
from obieg.demo.milestones import DONE, FULL, Demo, reached
from obieg.demo.progress import say


@click.command(short_help="wczytuje biuro pokazowe albo własne faktury")
@click.option(
    "--invoices",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="KATALOG",
    help="Pliki XML faktur: trafią do emulatora jako sprzedaż swoich wystawców, "
    "a ich nabywcy do klientów biura.",
)
def demo(directory: Path | None) -> None:
    """Wczytuje biuro pokazowe: 150 klientów i miesiąc ich faktur w emulatorze KSeF.

    Działa tylko na pustej bazie. Przerwane wczytywanie rusza po powtórzeniu od miejsca przerwania;
    na wczytanym biurze polecenie niczego nie zmienia. Z opcją --invoices dokłada własne faktury.
    """
    guests = guests_in(directory) if directory else None
    with Emulator.given() as emulator:
        fill(emulator)
        if guests:
            visits.receive(emulator, guests, Demo.begin().world().office.nip)


def fill(emulator: Emulator) -> None:
    """Load the office where it is not there yet, and say how to log in."""
    started = time.monotonic()
    begun = Demo.begin(FULL)
    if reached(DONE):
        say("Biuro pokazowe jest już wczytane.")
        return
    say(f"Biuro pokazowe „Bilans”, faktury do {begun.today:%d.%m.%Y}:")
    load.load(emulator, begun)
    say(f"  gotowe ({time.monotonic() - started:.0f} s)")
    print_logins()


def print_logins() -> None:
    """Who can log in to the demo."""
    say("\nLoginy pokazu:")
    for person in LOGINS:
        sees = f"{person.clients} klientów" if person.clients else "wszyscy klienci"
        say(f"  {person.login:<8} {person.password:<14} {person.name}, {person.duty}: {sees}")
