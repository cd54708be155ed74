"""Receiving other people's invoices: their buyers as clients, the files as sales."""

from collections.abc import Iterator, Mapping
from itertools import islice

from obieg.core.polish import counted, today
from obieg.demo import passes
from obieg.demo.emulator import Emulator, Intake
from obieg.demo.guests import Guests
from obieg.demo.logins import LOGINS
from obieg.demo.progress import followed, say
from obieg.office.models import Assignment, Client, KsefEnvironment, Operator
from obieg.posting import charts

BATCH = 500  # files put in at once


def receive(emulator: Emulator, guests: Guests, office_nip: str) -> None:
    """Everything of `guests`, and what became of it said at the terminal."""
    if guests.empty:
        return
    clients = [welcome(emulator, nip, name, office_nip) for nip, name in guests.buyers.items()]
    intakes = [emulator.put_in(batch) for batch in batches(guests.files)]
    intakes += [emulator.put_in(batch, check=False) for batch in batches(guests.older)]
    channels = passes.open_channels(clients, today())
    for _ in followed("pliki XML i ich nabywcy", len(channels), passes.synchronise_now(channels)):
        pass
    report(guests, intakes)


def welcome(emulator: Emulator, nip: str, name: str, office_nip: str) -> Client:
    """The buyer as a client of the office, with a chart of accounts and its grant; Anna's too."""
    client, new = Client.objects.across_clients().get_or_create(
        nip=nip, defaults={"name": name, "environment": KsefEnvironment.EMULATOR}
    )
    if new:
        charts.apply_template(client)
        anna = Operator.objects.get(login=LOGINS[0].login)
        Assignment.objects.get_or_create(operator=anna, client=client)
    emulator.grant(nip, office_nip)
    return client


def batches(files: Mapping[str, bytes]) -> Iterator[dict[str, bytes]]:
    """The files in lots that the emulator takes at once."""
    rest = iter(files.items())
    while batch := dict(islice(rest, BATCH)):
        yield batch


def report(guests: Guests, intakes: list[Intake]) -> None:
    """What came in, and every file that did not, with the reason."""
    accepted = sum(len(intake.accepted) for intake in intakes)
    known = sum(len(intake.known) for intake in intakes)
    invoices = counted(accepted, "faktura", "faktury", "faktur")
    buyers = counted(len(guests.buyers), "nabywca", "nabywców", "nabywców")
    say(f"  Pliki XML: {invoices}, {buyers}" + (f", {known} już było" if known else ""))
    refused = dict(guests.refused)
    for intake in intakes:
        refused |= intake.rejected
    for name, reason in refused.items():
        say(f"    pominięto {name}: {reason}")
    for name in guests.without_buyer:
        if name not in refused:
            say(f"    bez odbiorcy {name}: nabywca nie ma poprawnego NIP")
