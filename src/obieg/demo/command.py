"""The command `obieg demo`."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path

import click

from obieg.demo import load, visits
from obieg.demo.emulator import Emulator
from obieg.demo.guests import guests_in
from obieg.demo.logins import LOGINS
from obieg.demo.milestones import DONE, FULL, Demo, reached
from obieg.demo.progress import say

POLITE = 10  # of `nice`


@click.command(short_help="wczytuje biuro pokazowe albo własne faktury")
@click.option(
    "--invoices",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="KATALOG",
    help="Pliki XML faktur: trafią do emulatora jako sprzedaż swoich wystawców, "
    "a ich nabywcy do klientów biura.",
)
@click.option("--background", is_flag=True, hidden=True, help="Po pierwszych klientach bez słowa.")
def demo(directory: Path | None, *, background: bool) -> None:
    """Wczytuje biuro pokazowe: 150 klientów i miesiąc ich faktur w emulatorze KSeF.

    Działa tylko na pustej bazie. Przerwane wczytywanie rusza po powtórzeniu od miejsca przerwania;
    na wczytanym biurze polecenie niczego nie zmienia. Z opcją --invoices dokłada własne faktury.
    """
    guests = guests_in(directory) if directory else None
    with Emulator.given() as emulator:
        fill(emulator, background=background)
        if guests:
            visits.receive(emulator, guests, Demo.begin().world().office.nip)


def fill(emulator: Emulator, *, background: bool = False) -> None:
    """Load the office where it is not there yet, and say how to log in.

    In the `background` somebody else does that, as soon as the first clients are there; then the
    rest comes without a word, and what he does has precedence.
    """
    started = time.monotonic()
    begun = Demo.begin(FULL)
    if reached(DONE):
        say("Biuro pokazowe jest już wczytane.")
        return
    say(f"Biuro pokazowe „Bilans”, faktury do {begun.today:%d.%m.%Y}:")
    office = load.Load.of(emulator, begun)
    office.first()
    with in_background() if background else nullcontext():
        office.rest()
    say(f"  biuro pokazowe wczytane w całości ({time.monotonic() - started:.0f} s)")
    if not background:
        print_logins()


@contextmanager
def in_background() -> Iterator[None]:
    """Without a word, and behind the programs that answer people."""
    os.nice(POLITE)
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
        yield


def print_logins() -> None:
    """Who can log in to the demo."""
    say("\nLoginy pokazu:")
    for person in LOGINS:
        sees = f"{person.clients} klientów" if person.clients else "wszyscy klienci"
        say(f"  {person.login:<8} {person.password:<14} {person.name}, {person.duty}: {sees}")
