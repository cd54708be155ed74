"""In which month a document is posted, in which its VAT is deducted, and why."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from obieg.core.calendar import Month
from obieg.core.polish import WARSAW
from obieg.inbox.models import Direction, Invoice
from obieg.office.models import AccountingForm, VatPeriod
from obieg.posting.deduction import window
from obieg.posting.models import Dekret

SUGGESTED = "Korekta działa w miesiącu faktury, którą poprawia (TypKorekty 1)."
CORRECTION_ISSUED = "Miesiąc wystawienia korekty (art. 29a ust. 13)."
CORRECTION_RECEIVED = "Miesiąc otrzymania korekty."
SUPPLY = "Miesiąc sprzedaży {day:%d.%m.%Y}, od której powstaje obowiązek podatkowy."
ISSUE = "Miesiąc wystawienia; faktura nie podaje innej daty sprzedaży."
RECEIPT = "Miesiąc otrzymania {day:%d.%m.%Y}, nie wcześniejszy niż obowiązek podatkowy (art. 86)."
TAX_POINT = "Miesiąc obowiązku podatkowego {day:%d.%m.%Y}, późniejszego niż otrzymanie (art. 86)."
BEFORE_FILING = "Otrzymana {day:%d.%m.%Y}, przed złożeniem deklaracji za ten okres (T-689/24)."
CLOSED = "Okres {usual:%m.%Y} jest zamknięty, więc {period:%m.%Y}, najbliższy otwarty."
COST = "Koszt w miesiącu wystawienia (art. 22 ust. 6b ustawy o PIT)."
CHOSEN = "Wybrany przez osobę zamiast {usual:%m.%Y}."
APART = "{cost} VAT za {month:%m.%Y}: {vat}"
CHOSEN_LATER = "Odliczenie przesunięte przez osobę z {usual:%m.%Y} (art. 86 ust. 11)."


@dataclass(frozen=True, slots=True)
class Term:
    """The first days of the months that come into question for a document."""

    usual: date
    first: date  # the earliest month that it may be posted in
    reason: str  # why the usual one, in Polish
    deducted_from: date  # the earliest month that its VAT may be deducted in
    deducted_until: date | None = None  # the last one; None: nothing limits it
    vat: "tuple[date, str] | None" = None  # of deduction and why, where not the usual one


@dataclass(frozen=True, slots=True)
class Placed:
    """The first days of the months of a document: of its cost, and of deducting its VAT."""

    period: date
    vat_month: date
    reason: str  # Polish

    @property
    def apart(self) -> date | None:
        """The month of deduction where it is not that of the cost."""
        return None if self.vat_month == self.period else self.vat_month


def term_of(dekret: Dekret, *, before_filing: bool) -> Term:
    """The months of a waiting dekret; its own `period`, where it has one, was suggested.

    `before_filing`: see `deduction.window`.
    """
    invoice = dekret.invoice
    is_sale = invoice.direction == Direction.SALE
    term = _sale(invoice) if is_sale else _purchase(dekret, before_filing=before_filing)
    if dekret.period is None:
        return term
    first = min(term.first, dekret.period)
    return Term(dekret.period, first, SUGGESTED, first, term.deducted_until)


def placed(
    term: Term,
    closed: Collection[date],
    chosen: date | None = None,
    chosen_vat: date | None = None,
) -> Placed:
    """The months to post in and why: the chosen ones, else the usual or the next ones open.

    Where only `chosen` is given it is the month of the VAT as well.
    """
    vat_usual, vat_reason = term.vat or (term.usual, term.reason)
    deducted, vat_why = _month(
        vat_usual, vat_reason, closed, chosen_vat or chosen, limited=bool(term.deducted_until)
    )
    together = term.vat is None and (chosen_vat or chosen) == chosen
    if together:
        return Placed(deducted, deducted, vat_why)
    period, why = _month(term.usual, term.reason, closed, chosen)
    if period != deducted:
        why = APART.format(cost=why, month=deducted, vat=vat_why)
    return Placed(period, deducted, why)


def _month(
    usual: date,
    reason: str,
    closed: Collection[date],
    chosen: date | None,
    *,
    limited: bool = False,
) -> tuple[date, str]:
    period = next_open(usual, closed)
    if chosen and chosen != period:
        words = CHOSEN_LATER if limited and chosen > usual else CHOSEN
        return chosen, words.format(usual=usual)
    if period != usual:
        return period, CLOSED.format(usual=usual, period=period)
    return period, reason


def next_open(period: date, closed: Collection[date]) -> date:
    """`period` (the first day of a month), or the first month after it that is not closed."""
    while period in closed:
        period = Month.of(period).next().first
    return period


def _sale(invoice: Invoice) -> Term:
    """The month of supply (P_6, or the end of OkresFa) makes the tax due: art. 19a(1).

    A correction: the month of issue, art. 29a(13).
    """
    supplied = invoice.sale_date or invoice.issue_date
    first = Month.of(min(supplied, invoice.issue_date)).first
    if invoice.kind.startswith("KOR"):
        return Term(Month.of(invoice.issue_date).first, first, CORRECTION_ISSUED, first)
    reason = SUPPLY.format(day=supplied) if invoice.sale_date else ISSUE
    return Term(Month.of(supplied).first, first, reason, first)


def _purchase(dekret: Dekret, *, before_filing: bool) -> Term:
    """The later of the tax point and of receipt, which for KSeF is acceptance in Warsaw's time.

    The cost may be posted from the month of issue on; the limits of `window` are those of VAT.
    In the KPiR the day of issue is that of the cost: art. 22(6b) PIT Act.
    """
    invoice = dekret.invoice
    issued = Month.of(invoice.issue_date).first
    received = max(invoice.acquired_at.astimezone(WARSAW).date(), invoice.issue_date)
    if invoice.kind.startswith("KOR"):
        month = Month.of(received).first
        return Term(month, issued, CORRECTION_RECEIVED, issued)
    tax_point = invoice.sale_date or invoice.issue_date
    period = dekret.client.vat_period
    found = window(
        tax_point,
        received,
        quarterly=period == VatPeriod.QUARTER,
        before_filing=before_filing,
    )
    in_kpir = dekret.client.accounting_form == AccountingForm.KPIR
    if period == VatPeriod.EXEMPT:
        if in_kpir:
            return Term(issued, issued, COST, issued)
        return Term(Month.of(received).first, issued, RECEIPT.format(day=received), issued)
    usual, why = found.usual.first, _reason(tax_point, received, found.usual)
    is_apart = in_kpir and usual != issued
    return Term(
        issued if is_apart else usual,
        min(issued, found.first.first),
        COST if is_apart else why,
        found.first.first,
        found.last.first,
        (usual, why) if is_apart else None,
    )


def _reason(tax_point: date, received: date, usual: Month) -> str:
    if usual < Month.of(received):
        return BEFORE_FILING.format(day=received)
    if usual > Month.of(received):
        return TAX_POINT.format(day=tax_point)
    return RECEIPT.format(day=received)
