"""The month in two waves: what KSeF has had for days, and what arrives while one watches."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from obieg.core.polish import WARSAW
from obieg.demo.emulator import Emulator, Intake
from obieg.demo.world.documents import Document
from obieg.demo.world.xml import xml_of

ARRIVING = 900  # invoices of the last days that arrive by the scheduled synchronisation
OPENING, CLOSING = time(8), time(18)  # when KSeF accepted the older ones, Warsaw


@dataclass(frozen=True, slots=True)
class Waves:
    """The documents of a month in order of day, cut between two days."""

    older: list[Document]
    arriving: list[Document]

    @classmethod
    def of(cls, month: Sequence[Document]) -> "Waves":
        cut = month[-ARRIVING].issued if len(month) > ARRIVING else month[0].issued
        return cls(
            older=[document for document in month if document.issued < cut],
            arriving=[document for document in month if document.issued >= cut],
        )

    @property
    def first_day(self) -> date:
        """The day of the oldest invoice."""
        return self.older[0].issued


def put_in_older(emulator: Emulator, documents: Sequence[Document]) -> Iterator[Intake]:
    """Each day's invoices with that day's KSeF numbers; `documents` in order of day."""
    for day, of_day in groupby(documents, key=lambda document: document.issued):
        yield emulator.put_in(files_of(of_day), hours_of(day))


def put_in_arriving(emulator: Emulator, documents: Sequence[Document]) -> Intake:
    """Those that get their KSeF numbers now."""
    return emulator.put_in(files_of(documents))


def files_of(documents: Iterator[Document] | Sequence[Document]) -> dict[str, bytes]:
    return {f"{index:05d}.xml": xml_of(document) for index, document in enumerate(documents)}


def hours_of(day: date) -> tuple[datetime, datetime]:
    """The office hours of a day, as far as they are past."""
    latest = datetime.now(UTC) - timedelta(seconds=5)
    opening = datetime.combine(day, OPENING, WARSAW)
    closing = min(datetime.combine(day, CLOSING, WARSAW), latest)
    return min(opening, closing), closing
