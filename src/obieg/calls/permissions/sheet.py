"""Every permission at every client, for the quarterly audit."""

from collections.abc import Iterator
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from obieg.calls.permissions.knowing import grants_of, strangers_at
from obieg.calls.permissions.storing import reading_of
from obieg.core.polish import WARSAW
from obieg.office.models import Client, Operator

HEADINGS = (
    "Klient",
    "NIP",
    "Lista",
    "Uprawniony",
    "Identyfikator",
    "Uprawnienie",
    "Dotyczy",
    "Dalsze przekazywanie",
    "Od",
    "Nadał",
    "Opis",
    "Znany biuru",
    "Odczytano",
)
Cell = str | date | None


def permissions_sheet(operator: Operator) -> bytes:
    """A workbook (xlsx) of the permissions at the clients that `operator` sees."""
    stored = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stored, options) as book:
        page = book.add_worksheet("Uprawnienia w KSeF")
        page.write_row(0, 0, HEADINGS, book.add_format({"bold": True, "bottom": 1}))
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        place = 0
        for place, row in enumerate(_rows(operator), 1):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(place, column, value, day)
                elif value is not None:
                    page.write_string(place, column, value)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(place, 1), len(HEADINGS) - 1)
        page.set_column(0, len(HEADINGS) - 1, 20)
    return stored.getvalue()


def _rows(operator: Operator) -> Iterator[list[Cell]]:
    clients = list(Client.objects.visible_to(operator).active())
    unknown = strangers_at(clients)
    for client in clients:
        former = {one.grant.pk: one.former for one in unknown.get(client.pk, [])}
        read_at = reading_of(client).listed_at
        for grant in grants_of(client):
            known = "tak"
            if grant.pk in former:
                known = "nie pracuje" if former[grant.pk] else "nie"
            yield [
                client.name,
                client.context,
                grant.get_family_display(),
                grant.holder_name,
                grant.identifier,
                grant.scope_name,
                grant.where,
                "tak" if grant.can_delegate else "",
                _day(grant.since),
                grant.author,
                grant.description,
                known,
                _day(read_at),
            ]


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(WARSAW).date()
