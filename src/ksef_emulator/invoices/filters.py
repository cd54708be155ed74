"""Filters of queries and exports, and the SQL that they become."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field

from ksef_emulator.clock import to_datetime, to_micros
from ksef_emulator.currencies import CURRENCIES
from ksef_emulator.errors import BadRequest, invalid
from ksef_emulator.identifiers import Identifier, IdentifierType, KsefNumber, Nip
from ksef_emulator.invoices.repository import groszy
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World

LONGEST_RANGE = timedelta(days=100)


def _known_currency(code: str) -> str:
    if code not in CURRENCIES:
        raise ValueError("Niedozwolona wartość.")
    return code


Currency = Annotated[str, AfterValidator(_known_currency)]


class SubjectType(Choice):
    """The role in which the context stands on the invoice."""

    SUBJECT1 = "Subject1"
    SUBJECT2 = "Subject2"
    SUBJECT3 = "Subject3"
    AUTHORIZED = "SubjectAuthorized"


class DateType(Choice):
    """Which of an invoice's dates is meant."""

    ISSUE = "Issue"
    INVOICING = "Invoicing"
    PERMANENT_STORAGE = "PermanentStorage"


class DateRange(Model):
    """Both ends belong to the range."""

    date_type: DateType
    from_: AwareDatetime = Field(alias="from")
    to: AwareDatetime | None = None
    restrict_to_permanent_storage_hwm_date: bool | None = None


class AmountType(Choice):
    """Which amount is meant."""

    GROSS = "Brutto"
    NET = "Netto"
    VAT = "Vat"


class Amount(Model):
    """A range of amounts in złote."""

    type: AmountType
    from_: Decimal | None = Field(default=None, alias="from")
    to: Decimal | None = None


class BuyerType(Choice):
    """Kinds of a buyer's identifier."""

    NIP = "Nip"
    VAT_UE = "VatUe"
    OTHER = "Other"
    NONE = "None"


class Buyer(Model):
    """The buyer's identifier."""

    type: BuyerType
    value: str | None = Field(default=None, max_length=50)


class InvoicingMode(Choice):
    """How the invoice was issued."""

    ONLINE = "Online"
    OFFLINE = "Offline"


class FormType(Choice):
    """Families of forms."""

    FA = "FA"
    PEF = "PEF"
    FA_RR = "FA_RR"


class InvoiceType(Choice):
    """Kinds of invoice."""

    VAT = "Vat"
    ZAL = "Zal"
    KOR = "Kor"
    ROZ = "Roz"
    UPR = "Upr"
    KOR_ZAL = "KorZal"
    KOR_ROZ = "KorRoz"
    VAT_PEF = "VatPef"
    VAT_PEF_SP = "VatPefSp"
    KOR_PEF = "KorPef"
    VAT_RR = "VatRr"
    KOR_VAT_RR = "KorVatRr"


class Filters(Model):
    """InvoiceQueryFilters."""

    subject_type: SubjectType
    date_range: DateRange
    ksef_number: KsefNumber | None = None
    invoice_number: str | None = Field(default=None, max_length=256)
    amount: Amount | None = None
    seller_nip: Nip | None = None
    buyer_identifier: Buyer | None = None
    currency_codes: list[Currency] | None = None
    invoicing_mode: InvoicingMode | None = None
    is_self_invoicing: bool | None = None
    form_type: FormType | None = None
    invoice_types: list[InvoiceType] | None = None
    has_attachment: bool | None = None


DATE_COLUMNS = {
    DateType.ISSUE: "issue_date",
    DateType.INVOICING: "invoicing",
    DateType.PERMANENT_STORAGE: "invoices.storage",
}
AMOUNT_COLUMNS = {AmountType.GROSS: "gross", AmountType.NET: "net", AmountType.VAT: "vat"}
# roles that a context of these kinds can never have on an invoice
IMPOSSIBLE = {
    (IdentifierType.INTERNAL_ID, SubjectType.AUTHORIZED),
    (IdentifierType.NIP_VAT_UE, SubjectType.SUBJECT3),
    (IdentifierType.NIP_VAT_UE, SubjectType.AUTHORIZED),
}


class Selection:
    """Filters applied in a context at a moment: SQL, its parameters, the high water mark."""

    def __init__(self, world: World, filters: Filters, context: Identifier) -> None:
        span = filters.date_range
        now = world.clock.now()
        hwm = to_datetime(world.hwm())
        self.by_storage = span.date_type is DateType.PERMANENT_STORAGE
        self.beyond_hwm = False
        end = span.to or now
        if self.by_storage and span.restrict_to_permanent_storage_hwm_date:
            self.beyond_hwm = span.from_ > hwm
            end = min(end, hwm)
        self._check_range(span, span.to or now)
        self.hwm = min(span.to or hwm, hwm) if self.by_storage else None
        self.order = DATE_COLUMNS[span.date_type]
        self._conditions = ["parties.value = ?", "parties.role = ?"]
        self._parameters: list[Any] = [context.value, str(filters.subject_type)]
        self._dates(span.from_, end)
        self._exact(filters)
        self._listed(filters)
        self._amounts(filters.amount)

    @staticmethod
    def _check_range(span: DateRange, end: datetime) -> None:
        if span.to is not None and span.to < span.from_:
            raise invalid("'dateRange.to': Data końcowa nie może być wcześniejsza niż początkowa.")
        if end - span.from_ > LONGEST_RANGE:
            raise invalid("'dateRange': Maksymalny dozwolony okres wynosi 100 dni.")

    def _add(self, condition: str, *parameters: Any) -> None:
        self._conditions.append(condition)
        self._parameters.extend(parameters)

    def _dates(self, start: datetime, end: datetime) -> None:
        if self.order == "issue_date":
            self._add("issue_date BETWEEN ? AND ?", f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")
            return
        column = "parties.storage" if self.by_storage else self.order
        self._add(f"{column} BETWEEN ? AND ?", to_micros(start), to_micros(end))

    def _exact(self, filters: Filters) -> None:
        wanted = {
            "ksef_number": filters.ksef_number,
            "number": filters.invoice_number,
            "seller_nip": filters.seller_nip,
            "mode": filters.invoicing_mode,
            "self_invoicing": filters.is_self_invoicing,
            "form": filters.form_type,
            "attachment": filters.has_attachment,
        }
        for column, value in wanted.items():
            if value is not None:
                self._add(f"{column} = ?", value)
        buyer = filters.buyer_identifier
        if buyer is not None:
            self._add("buyer_type = ?", buyer.type)
            if buyer.value is not None:
                self._add("buyer_value = ?", buyer.value)

    def _listed(self, filters: Filters) -> None:
        for column, values in (
            ("currency", filters.currency_codes),
            ("type", filters.invoice_types),
        ):
            if values:
                places = ", ".join("?" for _ in values)
                self._add(f"{column} IN ({places})", *values)

    def _amounts(self, amount: Amount | None) -> None:
        if amount is None:
            return
        column = AMOUNT_COLUMNS[amount.type]
        if amount.from_ is not None:
            self._add(f"{column} >= ?", groszy(amount.from_))
        if amount.to is not None:
            self._add(f"{column} <= ?", groszy(amount.to))

    def rows(
        self, world: World, columns: str, *, limit: int, offset: int = 0, descending: bool = False
    ) -> list[tuple[Any, ...]]:
        """Columns of the matching invoices in the order of the chosen date."""
        direction = "DESC" if descending else "ASC"
        where = " AND ".join(self._conditions)
        return world.db.rows(
            f"SELECT {columns} FROM parties JOIN invoices ON invoices.id = parties.invoice_id"  # noqa: S608  # columns are constants, values are bound
            f" WHERE {where} ORDER BY {self.order} {direction}, invoices.id {direction}"
            " LIMIT ? OFFSET ?",
            [*self._parameters, limit, offset],
        )


def beyond_hwm() -> BadRequest:
    """21183: nothing can be asked for beyond the high water mark."""
    return BadRequest(21183, *BEYOND_HWM)


BEYOND_HWM = (
    "Zakres filtrowania wykracza poza dostępny zakres danych",
    (
        "Parametr dateRange.from jest późniejszy niż PermanentStorageHwmDate przy włączonym"
        " restrictToPermanentStorageHwmDate."
    ),
)
