"""Loading the demo office, step by step; each step can be killed and is then done again."""

from collections.abc import Sequence

from obieg.demo import founding, history, passes, shops, visits
from obieg.demo.emulator import Emulator
from obieg.demo.guests import samples
from obieg.demo.logins import LOGINS
from obieg.demo.milestones import DONE, Demo, reach, reached
from obieg.demo.progress import bar, followed, say
from obieg.demo.waves import Waves, put_in_arriving, put_in_older
from obieg.demo.world.documents import Document
from obieg.demo.world.month import World
from obieg.office.models import Client, Operator

GRANTED, OLDER_PUT, SYNCHRONISED, APPROVED = "granted", "older_put", "synchronised", "approved"


def load(emulator: Emulator, demo: Demo) -> None:
    """The whole demo office; what an earlier run finished is left as it is.

    Raises EmulatorSilent, EmulatorRefused, SynchronisationStuck.
    """
    if reached(DONE):
        return
    world = demo.world()
    waves = Waves.of(demo.month(world))
    if not reached(founding.FOUNDED):
        with bar("biuro, klienci, plany kont", 1) as shown:
            founding.found_office(world)
            shown.update(1)
    clients = clients_of(world)
    grant(emulator, world, clients)
    put_in(emulator, waves.older)
    synchronise(clients, waves)
    approve(clients, waves)
    sell(waves, demo)
    visits.receive(emulator, samples(), world.office.nip)
    put_in_arriving(emulator, waves.arriving)
    passes.call_for_turn(passes.open_channels(clients, waves.first_day))
    reach(DONE)
    say(f"  {len(waves.arriving)} najnowszych faktur przyniesie zaraz zwykła synchronizacja.")


def clients_of(world: World) -> list[Client]:
    nips = [client.firm.nip for client in world.clients]
    return list(Client.objects.across_clients().filter(nip__in=nips))


def grant(emulator: Emulator, world: World, clients: Sequence[Client]) -> None:
    if reached(GRANTED):
        return
    for client in followed("uprawnienia w KSeF", len(clients), clients):
        emulator.grant(client.nip, world.office.nip)
    reach(GRANTED, clients=len(clients))


def put_in(emulator: Emulator, documents: Sequence[Document]) -> None:
    if reached(OLDER_PUT):
        return
    with bar("faktury do emulatora KSeF", len(documents)) as shown:
        for intake in put_in_older(emulator, documents):
            shown.update(len(intake.accepted) + len(intake.known))
    reach(OLDER_PUT, invoices=len(documents))


def synchronise(clients: Sequence[Client], waves: Waves) -> None:
    if reached(SYNCHRONISED):
        return
    channels = passes.open_channels(clients, waves.first_day)
    steps = passes.synchronise_now(channels)
    for _ in followed("synchronizacja klientów", len(channels), steps):
        pass
    reach(SYNCHRONISED, channels=len(channels))


def sell(waves: Waves, demo: Demo) -> None:
    with bar("sprzedaż wystawiana w Obiegu", 1) as shown:
        anna = Operator.objects.get(login=LOGINS[0].login)
        own = Client.objects.visible_to(anna).order_by("pk")
        shops.open_shops(list(own), waves.older, anna, demo.today)
        shown.update(1)


def approve(clients: Sequence[Client], waves: Waves) -> None:
    if reached(APPROVED):
        return
    desks = history.decide_older(waves.older)
    decided = sum(followed("decyzje księgowych", len(clients), desks))
    reach(APPROVED, decisions=decided)
