"""What the books of a client say about a month: registers of VAT, journal, turnover, columns."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, Sum

from obieg.core.money import ZERO
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models import (
    BookEntry,
    ClosedPeriod,
    Dekret,
    DekretLine,
    JournalEntry,
    RegisterEntry,
    Voucher,
)
from obieg.posting.pln import in_zlote
from obieg.posting.states import DekretState

POSTED = (DekretState.APPROVED, DekretState.EXPORTED)
KPIR_COLUMNS = {  # of the book in force from 2026
    9: "Sprzedaż towarów i usług",
    10: "Pozostałe przychody",
    12: "Zakup towarów i materiałów",
    13: "Koszty uboczne zakupu",
    14: "Wynagrodzenia",
    15: "Pozostałe wydatki",
}


@dataclass(frozen=True, slots=True)
class RateSum:
    """A register's sum under one rate, in PLN."""

    register: str
    direction: str
    vat_rate: str
    net: Decimal
    vat: Decimal
    deducted: Decimal

    @property
    def gross(self) -> Decimal:
        return self.net + self.vat


class Turnover(NamedTuple):
    """What went through an account in a month, in PLN."""

    account: str
    debit: Decimal
    credit: Decimal

    @property
    def balance(self) -> Decimal:
        """Debits less credits of the month."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Control:
    """The month's documents against its registers; every difference is an error of ours."""

    documents: int
    net: Decimal  # of the documents' lines that name a register
    vat: Decimal
    register_net: Decimal
    register_vat: Decimal
    outside_net: Decimal  # of the lines that enter no register
    outside_vat: Decimal

    @property
    def agrees(self) -> bool:
        return self.net == self.register_net and self.vat == self.register_vat


@dataclass(frozen=True, slots=True)
class MonthOfClient:
    """One month of one client, for the overview."""

    client_id: int
    name: str
    period: date
    documents: int
    is_closed: bool


def months(operator: Operator, limit: int = 100) -> list[MonthOfClient]:
    """The newest months of the operator's clients in which something is posted.

    A document whose VAT is deducted in another month counts in the month of its cost; a month that
    has nothing but such VAT has no documents of its own.
    """
    posted = Dekret.objects.visible_to(operator).filter(state__in=POSTED)
    shown = ("client_id", "client__name", "client__sort_key")
    rows = posted.values(*shown, "period").annotate(documents=Count("pk"))
    found = list(rows.order_by("-period", "client__sort_key")[:limit])
    known = {(row["client_id"], row["period"]) for row in found}
    apart = posted.filter(vat_month__isnull=False).values(*shown, period_=F("vat_month"))
    for row in apart.order_by("-vat_month", "client__sort_key").distinct()[:limit]:
        period = row.pop("period_")
        if (row["client_id"], period) not in known:
            found.append({**row, "period": period, "documents": 0})
    found.sort(key=lambda row: row["client__sort_key"])
    found.sort(key=lambda row: row["period"], reverse=True)
    found = found[:limit]
    closed = set(
        ClosedPeriod.objects.visible_to(operator)
        .filter(client__in={row["client_id"] for row in found})
        .values_list("client_id", "period")
    )
    return [
        MonthOfClient(
            row["client_id"],
            row["client__name"],
            period,
            row["documents"],
            (row["client_id"], period) in closed,
        )
        for row in found
        if (period := row["period"])
    ]


def register_rows(
    client: Client, period: date, direction: str = "", register: str = ""
) -> ScopedQuerySet[RegisterEntry]:
    """The rows of the client's registers in their order; the caller has checked who asks."""
    found = RegisterEntry.objects.of_client(client).filter(voucher__period=period)
    if direction:
        found = found.filter(direction=direction)
    if register:
        found = found.filter(register=register)
    shown = ("voucher__dekret__invoice", "voucher__reverses")
    return found.select_related(*shown).order_by("register", "voucher__number", "pk")


def sums_by_rate(rows: ScopedQuerySet[RegisterEntry]) -> list[RateSum]:
    """Their sums by register and rate, those of nothing left out."""
    grouped = rows.order_by("direction", "register", "vat_rate").values_list(
        "register", "direction", "vat_rate"
    )
    sums = grouped.annotate(n=Sum("net"), v=Sum("vat"), d=Sum("deducted"))
    return [RateSum(*row) for row in sums if any(row[3:])]


def journal_rows(client: Client, period: date, account: str = "") -> ScopedQuerySet[JournalEntry]:
    """The entries of the journal in their order; `account` also finds its analytics."""
    found = JournalEntry.objects.of_client(client).filter(voucher__period=period)
    if account:
        found = found.filter(Q(account=account) | Q(account__startswith=f"{account}-"))
    shown = ("voucher__dekret__invoice", "voucher__reverses", "voucher__made_by")
    return found.select_related(*shown).order_by("voucher__number", "pk")


def book_rows(client: Client, period: date) -> ScopedQuerySet[BookEntry]:
    """The rows of the KPiR, or of the record of revenue, in their order."""
    found = BookEntry.objects.of_client(client).filter(voucher__period=period)
    shown = ("voucher__dekret__invoice", "voucher__reverses")
    return found.select_related(*shown).order_by("voucher__number", "pk")


def turnover(client: Client, period: date) -> list[Turnover]:
    """Debits and credits of each account in the month, in the order of accounts."""
    rows = JournalEntry.objects.of_client(client).filter(voucher__period=period)
    wn, ma = (Sum("amount", filter=Q(side=side), default=ZERO) for side in ("Wn", "Ma"))
    grouped = rows.order_by("account").values_list("account")
    return [Turnover(*row) for row in grouped.annotate(debit=wn, credit=ma)]


def column_sums(rows: Iterable[BookEntry]) -> list[tuple[str, Decimal]]:
    """The sum of each column of the KPiR, and of each rate of the ryczałt, with their names."""
    sums: dict[tuple[int, Decimal], Decimal] = defaultdict(Decimal)
    for row in rows:
        sums[row.kpir_column or 0, row.ryczalt_rate or ZERO] += row.amount
    return [(_column_name(*key), sums[key]) for key in sorted(sums)]


def _column_name(column: int, rate: Decimal) -> str:
    if not column:
        return f"Ryczałt {rate.normalize():f}%".replace(".", ",")
    return f"{column}. {KPIR_COLUMNS.get(column, 'Kolumna')}"


def control(client: Client, period: date) -> Control:
    """The registers of the month compared with the lines of its documents, in PLN.

    Its documents are those whose VAT is settled in it.
    """
    of_month = Q(vat_month=period) | Q(vat_month=None, period=period)
    posted = Dekret.objects.of_client(client).filter(of_month, state__in=POSTED)
    dekrets = list(posted.order_by("pk"))
    lines: dict[int, list[DekretLine]] = defaultdict(list)
    for line in DekretLine.objects.of_client(client).filter(dekret__in=posted):
        lines[line.dekret_id].append(line)
    inside, outside = [ZERO, ZERO], [ZERO, ZERO]
    for dekret in dekrets:
        _add(dekret, lines[dekret.pk], inside, outside)
    entered = Voucher.objects.of_client(client).filter(period=period)
    sums = RegisterEntry.objects.of_client(client).filter(voucher__in=entered)
    kept = sums.aggregate(net=Sum("net", default=ZERO), vat=Sum("vat", default=ZERO))
    return Control(
        documents=len(dekrets),
        net=inside[0],
        vat=inside[1],
        register_net=kept["net"],
        register_vat=kept["vat"],
        outside_net=outside[0],
        outside_vat=outside[1],
    )


def _add(
    dekret: Dekret, lines: Sequence[DekretLine], inside: list[Decimal], outside: list[Decimal]
) -> None:
    zlote = in_zlote(lines, dekret.exchange_rate, dekret.tax_pln)
    for line, amounts in zip(lines, zlote, strict=True):
        sums = inside if line.vat_register else outside
        sums[0] += amounts.net
        sums[1] += amounts.vat


def registers_of(client: Client, period: date) -> list[str]:
    """The registers in which the month has something."""
    rows = RegisterEntry.objects.of_client(client).filter(voucher__period=period)
    return list(rows.order_by("register").values_list("register", flat=True).distinct())
