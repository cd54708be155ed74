"""Loading the demo office: first what is looked at first, then the rest, group after group.

Each step can be killed and is then done again. People may work meanwhile with what is there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from obieg.demo import history, passes, shops, visits
from obieg.demo.emulator import Emulator
from obieg.demo.founding import admit, found_office
from obieg.demo.groups import Group, groups_of
from obieg.demo.guests import samples
from obieg.demo.logins import LOGINS
from obieg.demo.milestones import DONE, GROUP, READY, Demo, reach, reached
from obieg.demo.progress import Bar, bar, say
from obieg.demo.staff import hire
from obieg.demo.waves import Waves, put_in_arriving, put_in_older
from obieg.demo.world.month import World
from obieg.inbox.models import Channel
from obieg.office.models import Client, Operator

STEPS = 4  # of a group


@dataclass(frozen=True, slots=True)
class Load:
    """What there is to be loaded, and from where."""

    emulator: Emulator
    demo: Demo
    world: World
    waves: Waves
    groups: list[Group]

    @classmethod
    def of(cls, emulator: Emulator, demo: Demo) -> Self:
        world = demo.world()
        waves = Waves.of(demo.month(world))
        return cls(emulator, demo, world, waves, groups_of(world.clients, waves))

    def first(self) -> None:
        """The office and its first clients with everything that is theirs, once.

        Raises EmulatorSilent, EmulatorRefused, SynchronisationStuck; so does `rest`.
        """
        if reached(READY):
            return
        group = self.groups[0]
        with bar("biuro i pierwsi klienci", STEPS + 3) as shown:
            found_office(self.world)
            shown.update(1)
            carry(self.bring(group, shown))
            shown.update(1)
            self.open_shops(group)
            shown.update(1)
        reach(GROUP, group.number, clients=len(group.members))
        reach(READY)

    def open_shops(self, group: Group) -> None:
        anna = Operator.objects.get(login=LOGINS[0].login)
        clients = Client.objects.visible_to(anna).order_by("pk")
        shops.open_shops(list(clients), group.older, anna, self.demo.today)

    def rest(self) -> None:
        """The other clients, then anybody else's invoices; what came before is left as it is."""
        left = [group for group in self.groups if not reached(GROUP, group.number)]
        with bar("pozostali klienci", STEPS * len(left)) as shown:
            for group in left:
                passes.call_for_turn(self.bring(group, shown))
                reach(GROUP, group.number, clients=len(group.members))
        visits.receive(self.emulator, samples(), self.world.office.nip)
        reach(DONE)
        say("  Najnowsze faktury przyniesie zaraz zwykła synchronizacja.")

    def bring(self, group: Group, shown: Bar) -> list[Channel]:
        """A group's clients with their older invoices, decided; the newest wait in KSeF.

        The invoices are in KSeF before the clients are here: the scheduler may ask for them at any
        moment from then on, and asks for each day only once.
        """
        for _ in put_in_older(self.emulator, group.older):
            pass
        for firm in group.firms:
            self.emulator.grant(firm.firm.nip, self.world.office.nip)
        shown.update(1)
        staff = hire()
        clients = admit(group.members, staff, self.waves.first_day)
        shown.update(1)
        channels = passes.open_channels(clients, self.waves.first_day)
        carry(channels)
        shown.update(1)
        desks = [
            (client, staff[person.login])
            for client, (_, person) in zip(clients, group.members, strict=True)
        ]
        history.decide(desks, group.older)
        put_in_arriving(self.emulator, group.arriving)
        shown.update(1)
        return channels


def carry(channels: Sequence[Channel]) -> None:
    for _ in passes.synchronise_now(channels):
        pass
