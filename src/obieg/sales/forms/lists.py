"""The lists of an invoice beside its lines: terms, accounts, charges, advances, originals."""

from obieg.sales.forms.boxes import (
    AmountField,
    ChoiceBox,
    CodeField,
    DayField,
    NumberField,
    TextField,
    TickField,
    hidden,
)
from obieg.sales.forms.choices import METHOD_CHOICES, SUM_RATE_CHOICES
from obieg.sales.forms.lines import LineRow
from obieg.sales.forms.parties import ThirdPartyRow
from obieg.sales.forms.parts import Nested
from obieg.sales.forms.rows import RowForm


class TermRow(RowForm):
    """TerminPlatnosci: a day, or so many days from an event."""

    due = DayField("Termin")
    count = NumberField("Ile", whole=True)
    unit = TextField("Jednostka", 50)
    event = TextField("Od czego", 256)


class AccountRow(RowForm):
    """RachunekBankowy."""

    number = CodeField("Numer rachunku", 40, list="accounts")
    swift = CodeField("SWIFT", 11)
    bank = TextField("Bank", 256)
    description = TextField("Opis", 256)
    factor = TickField("faktora")


class PaidRow(RowForm):
    """ZaplataCzesciowa."""

    amount = AmountField("Zapłacono")
    paid_on = DayField("Dnia")
    method = ChoiceBox("Forma", METHOD_CHOICES)


class ChargeRow(RowForm):
    """Obciazenia or Odliczenia."""

    amount = AmountField("Kwota")
    reason = TextField("Powód")


class CorrectedRow(RowForm):
    """DaneFaKorygowanej."""

    number = TextField("Numer faktury", 256)
    issue_date = DayField("Wystawiona")
    ksef_number = CodeField("Numer KSeF (pusty: wystawiona poza KSeF)", 36, size=38)
    sale_id = hidden()

    def part(self) -> Nested:
        return _with_sale(super().part())


class AdvanceRow(RowForm):
    """FakturaZaliczkowa."""

    ksef_number = CodeField("Numer KSeF zaliczki", 36, size=38)
    number = TextField("albo numer (poza KSeF)", 256)
    gross = AmountField("Kwota brutto")
    sale_id = hidden()

    def part(self) -> Nested:
        return _with_sale(super().part())


class ReceivedRow(RowForm):
    """ZaliczkaCzesciowa."""

    received_on = DayField("Otrzymana")
    amount = AmountField("Kwota")
    exchange_rate = NumberField("Kurs")


class AttributeRow(RowForm):
    """DodatkowyOpis of the whole document."""

    SETTINGS = frozenset({"in_ksef"})

    key = TextField("Nazwa", 256)
    value = TextField("Wartość", 256)
    in_ksef = TickField("do KSeF")


class SumRow(RowForm):
    """What one rate comes to where the rows do not say it: a rebate, a simplified invoice."""

    rate = ChoiceBox("Stawka", SUM_RATE_CHOICES)
    net = AmountField("Netto")
    tax = AmountField("VAT")


class ReferenceRow(RowForm):
    """A contract or an order."""

    number = TextField("Numer", 256)
    day = DayField("Z dnia")


def _with_sale(part: Nested) -> Nested:
    chosen = str(part.get("sale_id") or "")
    return part | {"sale_id": int(chosen) if chosen.isdecimal() else None}


LINE = {"rate": "23", "unit": "szt."}
LISTS: dict[str, tuple[type[RowForm], Nested]] = {  # by the way to them in the content
    "lines": (LineRow, LINE),
    "order_lines": (LineRow, LINE),
    "payment__terms": (TermRow, {}),
    "payment__accounts": (AccountRow, {}),
    "payment__partial": (PaidRow, {}),
    "charges": (ChargeRow, {}),
    "deductions": (ChargeRow, {}),
    "third_parties": (ThirdPartyRow, {"address__country": "PL"}),
    "correction__corrected": (CorrectedRow, {}),
    "correction__sums": (SumRow, {}),
    "sums": (SumRow, {}),
    "advances": (AdvanceRow, {}),
    "advance_payments": (ReceivedRow, {}),
    "attributes": (AttributeRow, {"in_ksef": True}),
    "contracts": (ReferenceRow, {}),
    "orders": (ReferenceRow, {}),
}
