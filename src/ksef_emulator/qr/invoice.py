"""Code I: whether KSeF holds exactly this invoice (ksef-docs, kody-qr.md)."""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime

from ksef_emulator.invoices.repository import is_announced_later
from ksef_emulator.qr.findings import BadLink, file_hash
from ksef_emulator.world import World

DAY = re.compile(r"(\d{2})-(\d{2})-(\d{4})", re.ASCII)
BAD_DAY = "Data w adresie nie ma postaci DD-MM-RRRR."


@dataclass(frozen=True)
class HeldInvoice:
    """What the page tells of an invoice that KSeF holds."""

    ksef_number: str
    issued: date
    seller: str
    accepted: datetime


def held_invoice(world: World, nip: str, day: str, digest: str) -> HeldInvoice | None:
    """The invoice of the link, None where KSeF does not hold it; raises BadLink."""
    issued, wanted = _day(day), file_hash(digest)
    row = world.db.row(
        "SELECT ksef_number, meta FROM invoices"
        " WHERE hash = ? AND seller_nip = ? AND issue_date = ?",
        (wanted, nip, issued.isoformat()),
    )
    if row is None or is_announced_later(world, row[0]):
        return None
    meta = json.loads(row[1])
    return HeldInvoice(
        ksef_number=row[0],
        issued=issued,
        seller=meta["seller"]["name"] or nip,
        accepted=datetime.fromisoformat(meta["acquisitionDate"]),
    )


def _day(text: str) -> date:
    """A date written DD-MM-RRRR."""
    found = DAY.fullmatch(text)
    if found is None:
        raise BadLink(BAD_DAY)
    try:
        return date(int(found[3]), int(found[2]), int(found[1]))
    except ValueError as error:
        raise BadLink(BAD_DAY) from error
