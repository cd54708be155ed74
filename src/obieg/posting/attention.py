"""What an accountant should look at before approving: codes, and their words."""

import re

from obieg.core.money import format_amount
from obieg.fa.model import Party
from obieg.fa.sums import lines_comparable, total_difference
from obieg.inbox import models as inbox
from obieg.inbox.models import Direction
from obieg.office.models import Client
from obieg.posting.suggestion import Case

AMOUNT_DUE = "amount_due"
NO_RATE = "no_rate"
CORRECTION = "correction"
ADVANCE = "advance"
SETTLEMENT = "settlement"
CLIENT_DATA = "client_data"
FIRST_INVOICE = "first_invoice"
TOTAL_DIFFERS = "total_differs"
ROWS_DIFFER = "rows_differ"
FAILED = "failed"
DOUBLE = "double"
ACCOUNT_CHANGED = "account_changed"
UNUSUAL = "unusual"
NO_SPLIT_PAYMENT = "no_split_payment"
SCAM = "scam"
OUTSIDE = "outside"
RELATIVE = "relative"

TWICE = [DOUBLE, OUTSIDE, RELATIVE]  # what may be posted a second time

TEXTS = {
    AMOUNT_DUE: "Kwota do zapłaty jest inna niż kwota faktury.",
    NO_RATE: "Faktura w walucie obcej nie podaje kursu. Wpisz kurs przed zatwierdzeniem.",
    CORRECTION: "Korekta: kwoty są różnicami i mogą być ujemne.",
    ADVANCE: "Faktura zaliczkowa: kwoty pochodzą z sum faktury, nie z pozycji zamówienia.",
    SETTLEMENT: "Faktura rozliczająca zaliczki: kwoty to reszta po zaliczkach.",
    CLIENT_DATA: "NIP lub nazwa na fakturze różnią się od danych klienta.",
    FIRST_INVOICE: "To pierwsza faktura tego sprzedawcy.",
    TOTAL_DIFFERS: "Kwota faktury (P_15) nie jest sumą jej stawek.",
    ROWS_DIFFER: "Pozycje nie sumują się do stawek, dlatego dekret zrobiono z sum stawek.",
    FAILED: "Nie udało się przygotować propozycji. Wpisz dekret ręcznie i zgłoś to pomocy.",
    DOUBLE: "Taka faktura tego sprzedawcy już jest. Sprawdź, czy to nie ten sam dokument.",
    OUTSIDE: "Taki zakup wpisano już jako otrzymany poza KSeF. Nie zaksięguj go drugi raz.",
    RELATIVE: "Ten sam dokument jest też w centrali albo w innym oddziale. Zaksięguj go tylko raz.",
    ACCOUNT_CHANGED: "Inny rachunek bankowy niż na wcześniejszych fakturach tego sprzedawcy.",
    UNUSUAL: "Kwota jest ponad trzy razy większa niż największa dotąd od tego sprzedawcy.",
    NO_SPLIT_PAYMENT: "Ponad 15 000 zł brutto bez adnotacji o mechanizmie podzielonej płatności.",
    SCAM: "Nowy sprzedawca i opłata, jakiej używają oszuści: sprawdź, czy klient to zamówił.",
}

_LEGAL_FORM = re.compile(
    r"spółka z ograniczoną odpowiedzialnością|sp\.? ?z ?o\.? ?o\.?|spółka akcyjna|\bs\.? ?a\.?$"
    r"|spółka komandytowa|sp\.? ?k\.?$|spółka jawna|sp\.? ?j\.?$|spółka cywilna|s\.? ?c\.?$"
)
_SIGNS = re.compile(r"[\W_]+")


def text_of(code: str) -> str:
    """The Polish sentence of a code; the code itself where it is not known."""
    return TEXTS.get(code, code)


def explain(code: str, invoice: inbox.Invoice) -> str:
    """The same with the amounts concerned."""
    if code != AMOUNT_DUE:
        return text_of(code)
    due = format_amount(invoice.amount_due, invoice.currency)
    gross = format_amount(invoice.gross, invoice.currency)
    return f"Do zapłaty jest {due}, a kwota faktury to {gross}."


def warnings_of(case: Case, client: Client, *, is_first: bool, has_rate: bool) -> tuple[str, ...]:
    """The codes that fit a document, in the order in which they are read."""
    invoice = case.invoice
    own = invoice.buyer if case.direction == Direction.PURCHASE else invoice.seller
    by_sums = any(part.is_sum for part in case.parts)
    found = {
        NO_RATE: invoice.currency != "PLN" and not has_rate,
        AMOUNT_DUE: invoice.amount_due != invoice.total,
        CLIENT_DATA: _differs(own, client),
        TOTAL_DIFFERS: bool(total_difference(invoice)),
        ROWS_DIFFER: by_sums and lines_comparable(invoice),
        CORRECTION: invoice.is_correction,
        ADVANCE: invoice.kind.endswith("ZAL"),
        SETTLEMENT: invoice.kind.endswith("ROZ"),
        FIRST_INVOICE: is_first,
    }
    return tuple(code for code, is_so in found.items() if is_so)


def _differs(party: Party, client: Client) -> bool:
    taxpayer = client.taxpayer
    if party.nip != taxpayer.nip:
        return True
    return bool(party.name) and bare(party.name) != bare(taxpayer.name)


def bare(name: str) -> str:
    """A firm's name without its legal form, signs and case."""
    return _SIGNS.sub("", _LEGAL_FORM.sub("", name.casefold()))
