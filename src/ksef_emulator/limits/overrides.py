"""Limits of a context that differ from the specification's, set through test data."""

from ksef_emulator.identifiers import WARSAW, Identifier
from ksef_emulator.limits.rates import DOWNLOADS, Group, Rates
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World

MORNING, EVENING = 6, 20  # hours in Poland


class RatesOverride(Model):
    """A context's own limits of requests; an absent group keeps the default."""

    groups: dict[Group, Rates]


def rate_overrides(world: World) -> Shelf[RatesOverride]:
    """Own limits by context."""
    return Shelf(world.db, "rates", RatesOverride)


def rates_for(world: World, context: Identifier | None, group: Group) -> Rates:
    """The limits that hold in `context`, or for callers without one."""
    if context is not None:
        override = rate_overrides(world).get(str(context))
        if override is not None and group in override.groups:
            return override.groups[group]
    rates = world.rates.defaults()[group]
    return rates.scaled(world.options.night_factor) if is_night(world, group) else rates


def is_night(world: World, group: Group) -> bool:
    """Whether the higher limits of downloading hold: 20:00-06:00 (ksef-docs, limity-api.md)."""
    return group in DOWNLOADS and not MORNING <= world.clock.now().astimezone(WARSAW).hour < EVENING
