"""Dekrets as CSV: a row for each line, so for each invoice, rate and account.

UTF-8 with BOM, semicolons and decimal commas, as Polish spreadsheets and importers read them.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from obieg.core.cells import plain_cell
from obieg.core.money import plain
from obieg.core.polish import WARSAW
from obieg.inbox.models import Direction
from obieg.posting.models import Dekret, DekretLine, Profile
from obieg.posting.pln import Zlote, in_zlote
from obieg.posting.shares import WHOLE, TaxShare

BOM = "\ufeff"
COLUMNS = (
    "Numer KSeF",
    "Numer faktury",
    "Rodzaj faktury",
    "Zakup/sprzedaż",
    "Okres",
    "Okres VAT",
    "Data wystawienia",
    "Data sprzedaży",
    "Data wpływu",
    "Termin płatności",
    "NIP kontrahenta",
    "Nazwa kontrahenta",
    "Wiersz",
    "Opis",
    "Stawka VAT",
    "Netto",
    "VAT",
    "Brutto",
    "Waluta",
    "Kurs",
    "Netto PLN",
    "VAT PLN",
    "Brutto PLN",
    "Odliczenie VAT %",
    "VAT odliczony PLN",
    "Koszt podatkowy %",
    "Koszt podatkowy PLN",
    "Reszta kosztu PLN",
    "Konto reszty",
    "Rejestr VAT",
    "Konto",
    "Konto Wn",
    "Konto Ma",
    "Konto VAT",
    "Kolumna KPiR",
    "MPK",
    "Projekt",
    "Kwota faktury",
    "Do zapłaty",
    "Zatwierdził",
    "Zatwierdzono",
)


def csv_file(
    dekrets: Iterable[tuple[Dekret, Sequence[DekretLine]]],
    profile: Profile,
    shares: Mapping[str, TaxShare],
) -> bytes:
    """The whole file: the heading, then the lines of each dekret in order.

    `shares` are those of the accounts whose costs are a cost of income tax in part only.
    """
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for dekret, lines in dekrets:
        document = _document(dekret)
        zlote = in_zlote(lines, dekret.exchange_rate, dekret.tax_pln)
        for line, amounts in zip(lines, zlote, strict=True):
            posting = _posting(dekret, line, profile)
            share = shares.get(line.account, WHOLE)
            cost = _cost(line, amounts, share) if dekret.direction == Direction.PURCHASE else {}
            writer.writerow({**document, **_amounts(line, amounts), **cost, **posting})
    return (BOM + sheet.getvalue()).encode()


def _document(dekret: Dekret) -> dict[str, str]:
    invoice, is_purchase = dekret.invoice, dekret.direction == Direction.PURCHASE
    partner_nip = invoice.seller_nip if is_purchase else invoice.buyer_nip
    partner_name = invoice.seller_name if is_purchase else invoice.buyer_name
    return {
        "Numer KSeF": invoice.ksef_number,
        "Numer faktury": plain_cell(invoice.number),
        "Rodzaj faktury": plain_cell(invoice.kind),
        "Zakup/sprzedaż": "zakup" if is_purchase else "sprzedaż",
        "Okres": f"{dekret.period:%Y-%m}",
        "Okres VAT": f"{dekret.vat_month or dekret.period:%Y-%m}",
        "Data wystawienia": _day(invoice.issue_date),
        "Data sprzedaży": _day(invoice.sale_date),
        "Data wpływu": _day(invoice.acquired_at.astimezone(WARSAW).date()),
        "Termin płatności": _day(invoice.due_date),
        "NIP kontrahenta": plain_cell(partner_nip),
        "Nazwa kontrahenta": plain_cell(partner_name),
        "Waluta": plain_cell(invoice.currency),
        "Kurs": plain(dekret.exchange_rate) if dekret.exchange_rate else "",
        "Kwota faktury": plain(invoice.gross),
        "Do zapłaty": plain(invoice.amount_due),
        "Zatwierdził": plain_cell(dekret.decided_by.name) if dekret.decided_by else "",
        "Zatwierdzono": _day(dekret.decided_at and dekret.decided_at.astimezone(WARSAW).date()),
    }


def _amounts(line: DekretLine, zlote: Zlote) -> dict[str, str]:
    return {
        "Netto": plain(line.net),
        "VAT": plain(line.vat),
        "Brutto": plain(line.gross),
        "Netto PLN": plain(zlote.net),
        "VAT PLN": plain(zlote.vat),
        "Brutto PLN": plain(zlote.gross),
        "VAT odliczony PLN": plain(zlote.deducted),
    }


def _cost(line: DekretLine, zlote: Zlote, share: TaxShare) -> dict[str, str]:
    """How much of the cost (net and VAT not deducted) is one of income tax, as in the books."""
    taxed, rest = share.divided(line, zlote.cost)
    return {
        "Koszt podatkowy %": str(share.percent_of(line)),
        "Koszt podatkowy PLN": plain(taxed),
        "Reszta kosztu PLN": plain(rest),
        "Konto reszty": plain_cell(share.rest_account) if rest else "",
    }


def _posting(dekret: Dekret, line: DekretLine, profile: Profile) -> dict[str, str]:
    """The accounts are those of full books; with a KPiR `Konto` is the category."""
    is_purchase = dekret.direction == Direction.PURCHASE
    partner = profile.supplier_account if is_purchase else profile.customer_account
    own, partner = plain_cell(line.account), plain_cell(partner)
    vat_account = profile.input_vat_account if is_purchase else profile.output_vat_account
    return {
        "Wiersz": str(line.position),
        "Opis": plain_cell(line.description),
        "Stawka VAT": plain_cell(line.vat_rate),
        "Odliczenie VAT %": str(line.deductible_percent) if is_purchase else "",
        "Rejestr VAT": plain_cell(line.vat_register),
        "Konto": own,
        "Konto Wn": own if is_purchase else partner,
        "Konto Ma": partner if is_purchase else own,
        "Konto VAT": plain_cell(vat_account) if line.vat else "",
        "Kolumna KPiR": str(line.kpir_column) if line.kpir_column else "",
        "MPK": plain_cell(line.cost_centre),
        "Projekt": plain_cell(line.project),
    }


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
