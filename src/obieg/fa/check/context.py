"""What a rule knows besides the invoice, and the form of a rule."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from obieg.fa.finding import Finding
from obieg.fa.model import Invoice


@dataclass(frozen=True, slots=True)
class Context:
    """The day of sending, and whether the environment is production."""

    today: date
    production: bool = True


Rule = Callable[[Invoice, Context], Iterator[Finding]]


def at(element: str, number: int, count: int) -> str:
    """The path of the `number`-th of `count` elements: `Fa/FaWiersz[2]`, or without the index."""
    return f"{element}[{number}]" if count > 1 else element
