"""The invoice: one immutable record of everything that an FA(3) or FA(2) document says."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, ClassVar

from obieg.core.money import ZERO
from obieg.fa.dates import counted_from, due_dates_in
from obieg.fa.model.annotations import Annotations
from obieg.fa.model.attachment import Attachment, Footer
from obieg.fa.model.correction import AdvanceInvoice, AdvancePayment, Correction
from obieg.fa.model.line import Line, Order, OrderLine
from obieg.fa.model.party import AuthorizedParty, Buyer, Seller, ThirdParty
from obieg.fa.model.payment import Payment, PaymentTerm, Settlement
from obieg.fa.model.terms import Terms
from obieg.fa.rates import SUM_BY_FIELD
from obieg.fa.shape import INLINE, SUM_ROWS, Leaf, record


@record
class RateSum:
    """One group of P_13_x, P_14_x, P_14_xW; a correction's are differences."""

    field: str  # the net's element: P_13_1 ... P_13_11
    net: Decimal  # P_13_x
    tax: Decimal = ZERO  # P_14_x; 0 where the group has none
    tax_pln: Decimal | None = None  # P_14_xW

    @property
    def label(self) -> str:
        """The rate as the screen names it."""
        return SUM_BY_FIELD[self.field].label

    @property
    def fields(self) -> tuple[str, ...]:
        """The elements of the group."""
        group = SUM_BY_FIELD[self.field]
        return tuple(name for name in (group.net, group.tax, group.tax_pln) if name)

    @property
    def gross(self) -> Decimal:
        return self.net + self.tax


@record
class ExtraDescription:
    """DodatkowyOpis: a fact about the invoice, or about the row that it names."""

    line_number: Annotated[int | None, "NrWiersza"] = None
    key: Annotated[str, "Klucz"] = ""
    value: Annotated[str, "Wartosc"] = ""


@record
class Invoice:
    """Faktura. Amounts are in `currency`, exactly as written."""

    xml_order: ClassVar[str] = (
        "Naglowek Podmiot1 Podmiot2 Podmiot3 PodmiotUpowazniony Fa Stopka Zalacznik"
    )

    schema: str = "FA(3)"  # or FA(2)
    form_code: Annotated[str, "Naglowek/KodFormularza"] = "FA"
    form_variant: Annotated[int, "Naglowek/WariantFormularza"] = 3
    created_at: Annotated[datetime | None, "Naglowek/DataWytworzeniaFa"] = None
    system_info: Annotated[str, "Naglowek/SystemInfo"] = ""

    seller: Annotated[Seller, "Podmiot1"]
    buyer: Annotated[Buyer, "Podmiot2"]
    third_parties: Annotated[tuple[ThirdParty, ...], "Podmiot3"] = ()
    authorized: Annotated[AuthorizedParty | None, "PodmiotUpowazniony"] = None

    currency: Annotated[str, "Fa/KodWaluty"]
    issue_date: Annotated[date, "Fa/P_1"]
    place: Annotated[str, "Fa/P_1M"] = ""
    number: Annotated[str, "Fa/P_2"]
    warehouse_documents: Annotated[tuple[str, ...], "Fa/WZ"] = ()
    sale_date: Annotated[date | None, "Fa/P_6"] = None
    period_from: Annotated[date | None, "Fa/OkresFa/P_6_Od"] = None
    period_to: Annotated[date | None, "Fa/OkresFa/P_6_Do"] = None
    sums: Annotated[tuple[RateSum, ...], "Fa", SUM_ROWS] = ()
    total: Annotated[Decimal, "Fa/P_15"]
    exchange_rate: Annotated[Decimal | None, "Fa/KursWalutyZ"] = None
    annotations: Annotated[Annotations, "Fa/Adnotacje"] = Annotations()
    kind: Annotated[str, "Fa/RodzajFaktury"]
    correction: Annotated[Correction | None, "Fa", INLINE] = None
    advance_payments: Annotated[tuple[AdvancePayment, ...], "Fa/ZaliczkaCzesciowa"] = ()
    to_receipt: Annotated[bool, "Fa/FP"] = False  # art. 109(3d)
    related_parties: Annotated[bool, "Fa/TP"] = False
    extra: Annotated[tuple[ExtraDescription, ...], "Fa/DodatkowyOpis"] = ()
    advances: Annotated[tuple[AdvanceInvoice, ...], "Fa/FakturaZaliczkowa"] = ()
    excise_refund: Annotated[bool, "Fa/ZwrotAkcyzy"] = False
    lines: Annotated[tuple[Line, ...], "Fa/FaWiersz"] = ()
    settlement: Annotated[Settlement, "Fa/Rozliczenie"] = Settlement()
    payment: Annotated[Payment, "Fa/Platnosc"] = Payment()
    terms: Annotated[Terms, "Fa/WarunkiTransakcji"] = Terms()
    order: Annotated[Order | None, "Fa/Zamowienie"] = None

    footer: Annotated[Footer, "Stopka"] = Footer()
    attachment: Annotated[Attachment | None, "Zalacznik"] = None
    rest: tuple[Leaf, ...] = ()  # what the schema does not know, or knows once and found twice

    @property
    def is_correction(self) -> bool:
        """KOR, KOR_ZAL, KOR_ROZ: sums and total are differences."""
        return self.kind.startswith("KOR")

    @property
    def amount_due(self) -> Decimal:
        """What the buyer is to pay: Rozliczenie where it says so, else P_15."""
        return self.settlement.amount_due(self.total)

    @property
    def net_total(self) -> Decimal:
        """The sum of P_13_x; P_15 where no sums are given (a simplified invoice may omit them)."""
        if self.sums:
            return sum((group.net for group in self.sums), ZERO)
        return self.total

    @property
    def tax_total(self) -> Decimal:
        """The sum of P_14_x in the invoice's currency; 0 where no sums are given."""
        return sum((group.tax for group in self.sums), ZERO)

    @property
    def tax_total_pln(self) -> Decimal:
        """The tax in złote: P_14_xW where given, else P_14_x of an invoice in PLN, else 0."""
        own = self.currency == "PLN"
        return sum(
            (
                group.tax_pln if group.tax_pln is not None else group.tax if own else ZERO
                for group in self.sums
            ),
            ZERO,
        )

    @property
    def order_lines(self) -> tuple[OrderLine, ...]:
        return self.order.lines if self.order else ()

    @property
    def due_dates(self) -> tuple[date, ...]:
        """Every due date, in order: of the terms, their texts, other texts, counted ones."""
        found = set(self.payment.due_dates)
        found.update(day for term in self.payment.terms if (day := self.due_after(term)))
        for fact in self.extra:
            found.update(due_dates_in(f"{fact.key} {fact.value}"))
        for note in self.footer.notes:
            found.update(due_dates_in(note.text))
        return tuple(sorted(found))

    def due_after(self, term: PaymentTerm) -> date | None:
        """The day of a term counted from the issue or the sale; None for any other event."""
        event = term.event.lower()
        if "wystaw" in event:
            start: date | None = self.issue_date
        elif any(word in event for word in ("sprzeda", "dostaw", "wykonan")):
            start = self.sale_date or self.period_to
        else:
            start = None
        if start is None or term.count is None:
            return None
        return counted_from(start, term.count, term.unit)
