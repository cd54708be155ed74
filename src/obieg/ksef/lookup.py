"""Asking KSeF about one invoice by its number."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from obieg.ksef.gateway import Gateway
from obieg.ksef.metadata import InvoiceMetadata

AROUND = timedelta(days=2)  # the day in the number is the day of acceptance, in Warsaw


class Seen(NamedTuple):
    """The role in which KSeF shows an invoice to the context, and what it says about it."""

    role: str
    entry: InvoiceMetadata


def look_up(ksef: Gateway, ksef_number: str, roles: Iterable[str]) -> Seen | None:
    """The entry of `ksef_number` in the first of `roles` that KSeF shows it in, if in any.

    One query of the metadata for each role.
    """
    accepted = datetime.strptime(ksef_number[11:19], "%Y%m%d").replace(tzinfo=UTC)
    for role in roles:
        page = ksef.metadata(
            role=role,
            date_from=accepted - AROUND,
            date_to=accepted + AROUND,
            ksef_number=ksef_number,
            date_type="Invoicing",
        )
        if page.entries:
            return Seen(role, page.entries[0])
    return None
