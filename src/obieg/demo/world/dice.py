"""Chance that falls the same way every time."""

from random import Random


def dice(seed: int, what: str) -> Random:
    """The throws of one seed for one purpose."""
    return Random(f"{seed} {what}")  # noqa: S311  it invents firms, it guards nothing
