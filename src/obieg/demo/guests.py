"""Other people's invoices in the demo: their buyers become clients, they go in as sales."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from obieg.core.nip import is_nip
from obieg.demo.errors import NothingToPutIn
from obieg.fa.errors import UnreadableInvoice
from obieg.fa.parse import parse

# The official and third-party examples, where the checkout has them beside it.
SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "reference" / "samples"
CURRENT = "FA(3)"
SAMPLE_FOLDERS = ("fa3", "fa2", "fa3-business-errors")


@dataclass(slots=True)
class Guests:
    """Readable invoices by file name, their buyers' names by NIP, and what was refused and why."""

    files: dict[str, bytes] = field(default_factory=dict)
    older: dict[str, bytes] = field(default_factory=dict)  # FA(2), as KSeF took until 2026
    buyers: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    without_buyer: list[str] = field(default_factory=list)  # no valid NIP: nobody will get it

    @property
    def empty(self) -> bool:
        """Whether there was no XML file at all."""
        return not (self.files or self.older or self.refused)

    def add(self, name: str, xml: bytes) -> None:
        try:
            invoice = parse(xml)
        except UnreadableInvoice as error:
            self.refused[name] = str(error)
            return
        files = self.files if invoice.schema == CURRENT else self.older
        files[name] = xml
        nip = invoice.buyer.nip or ""
        if is_nip(nip):
            self.buyers[nip] = invoice.buyer.name or self.buyers.get(nip) or f"Firma {nip}"
        else:
            self.without_buyer.append(name)


def guests_in(directory: Path) -> Guests:
    """The XML files in `directory` and below it; NothingToPutIn where there are none."""
    guests = read_files(directory, sorted(directory.rglob("*.xml")))
    if guests.empty:
        raise NothingToPutIn(directory=directory)
    return guests


def samples() -> Guests:
    """The samples, where they are present."""
    found = [path for name in SAMPLE_FOLDERS for path in sorted((SAMPLES / name).glob("*.xml"))]
    return read_files(SAMPLES, found)


def read_files(directory: Path, paths: Iterable[Path]) -> Guests:
    guests = Guests()
    for path in paths:
        guests.add(str(path.relative_to(directory)), path.read_bytes())
    return guests
