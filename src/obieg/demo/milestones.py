"""How far the demo has come: entries of the trail, so that a killed load goes on where it was."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Self

from obieg.core.polish import today
from obieg.demo.errors import NotEmpty
from obieg.demo.world.documents import Document
from obieg.demo.world.month import PURCHASES, SALES, World
from obieg.office.models import Client, Event

THING = "demo"
BEGUN, GROUP, READY, DONE = "begun", "group", "ready", "done"
SEED = 1


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to be seen; tests take less."""

    clients: int = 150
    sales: int = SALES
    purchases: int = PURCHASES


FULL = Size()


@dataclass(frozen=True, slots=True)
class Demo:
    """A begun demo: the day up to which its month goes is fixed by the first run."""

    today: date
    seed: int
    size: Size

    @classmethod
    def begin(cls, size: Size = FULL) -> Self:
        """The demo of this database; a new one only where there are no clients: NotEmpty."""
        begun = Event.objects.across_clients().filter(thing=THING, kind=BEGUN).first()
        if begun is None:
            if clients := Client.objects.across_clients().count():
                raise NotEmpty(clients=clients)
            begun = reach(BEGUN, today=today().isoformat(), seed=SEED, **asdict(size))
        facts = dict(begun.after)
        return cls(date.fromisoformat(facts.pop("today")), facts.pop("seed"), Size(**facts))

    def world(self) -> World:
        """Who there is."""
        world = World.of(self.seed)
        return replace(world, clients=world.clients[: self.size.clients])

    def month(self, world: World) -> list[Document]:
        """What happened, in order of day."""
        return world.month(self.today, sales=self.size.sales, purchases=self.size.purchases)


def reached(kind: str, number: int = 1) -> bool:
    """Whether a step, or of one that is done in parts a part, was finished by an earlier run."""
    found = Event.objects.across_clients().filter(thing=THING, thing_id=number, kind=kind)
    return found.exists()


def reach(kind: str, number: int = 1, **facts: str | int) -> Event:
    """Note that a step is finished; inside the transaction that finishes it, where it has one."""
    return Event.objects.create(thing=THING, thing_id=number, kind=kind, after=facts)
