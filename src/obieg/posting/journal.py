"""Writing the books: an approved dekret becomes a voucher, a taken back one its reversal."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from obieg.core.money import ZERO
from obieg.inbox.models import Direction
from obieg.office.models import AccountingForm, Operator
from obieg.posting.books import Books
from obieg.posting.copying import copy_in, keys_for
from obieg.posting.entries import Entry, entries, transfer
from obieg.posting.errors import PeriodClosed
from obieg.posting.lines import LineInput
from obieg.posting.models import (
    BookEntry,
    ClosedPeriod,
    Dekret,
    JournalEntry,
    RegisterEntry,
    Voucher,
)
from obieg.posting.models.journal import OfVoucher
from obieg.posting.periods import next_open
from obieg.posting.pln import Zlote, in_zlote
from obieg.posting.shares import WHOLE

BOOKS = 0x0B20  # class of advisory locks: numbering and closing of a client's books
_LOCK = "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) WITH ORDINALITY AS c(id, n)"
SIGNED: dict[type[OfVoucher], tuple[str, ...]] = {
    JournalEntry: ("amount",),
    RegisterEntry: ("net", "vat", "deducted"),
    BookEntry: ("amount",),
}


@dataclass(slots=True)
class Batch:
    """Rows to be written together, few statements for them all."""

    vouchers: list[Voucher] = field(default_factory=list)
    rows: dict[type[OfVoucher], list[OfVoucher]] = field(default_factory=lambda: defaultdict(list))

    def write(self) -> None:
        copy_in(self.vouchers)
        for rows in self.rows.values():
            copy_in(rows)


def post(
    decided: Sequence[tuple[Dekret, Sequence[LineInput]]],
    books: Mapping[int, Books],
    operator: Operator,
) -> None:
    """Enter approved dekrets, which have their period and rate, into their clients' books.

    Raises PeriodClosed where somebody closed a month since it was checked; then nothing is kept,
    because the caller's transaction ends.
    """
    if not decided:
        return
    lock_books({dekret.client_id for dekret, _ in decided})
    _require_open([dekret for dekret, _ in decided])
    _write(decided, books, lambda _: operator)


def post_decided(
    decided: Sequence[tuple[Dekret, Sequence[LineInput]]], books: Mapping[int, Books]
) -> None:
    """The same for dekrets approved in the past, by those who approved them, in any month."""
    if not decided:
        return
    lock_books({dekret.client_id for dekret, _ in decided})
    _write(decided, books, lambda dekret: dekret.decided_by)


def _write(
    decided: Sequence[tuple[Dekret, Sequence[LineInput]]],
    books: Mapping[int, Books],
    author: Callable[[Dekret], Operator | None],
) -> None:
    numbers = _Numbers(dekret for dekret, _ in decided)
    batch, moment = Batch(), timezone.now()
    keys = iter(keys_for(Voucher, sum(len(_months(dekret)) for dekret, _ in decided)))
    for dekret, lines in decided:
        for period in _months(dekret):
            voucher = _voucher(dekret, period, author(dekret), numbers)
            voucher.pk = next(keys)
            voucher.made_at = moment
            batch.vouchers.append(voucher)
            for row in _rows(voucher, dekret, lines, books[dekret.client_id]):
                batch.rows[type(row)].append(row)
    batch.write()


def reverse(dekret: Dekret, operator: Operator) -> None:
    """Enter the vouchers of an approved dekret once more, with the other sign, in their months.

    Raises PeriodClosed; an approval older than the journal has nothing to reverse.
    """
    lock_books([dekret.client_id])
    _require_open([dekret])
    open_ones = Voucher.objects.of_client(dekret.client_id).filter(
        dekret=dekret, reverses=None, reversed_by=None
    )
    for entered in open_ones:
        voucher = _voucher(dekret, entered.period, operator, _Numbers([dekret]))
        (voucher.pk,) = keys_for(Voucher, 1)
        voucher.reverses = entered
        batch = Batch([voucher])
        for model in SIGNED:
            batch.rows[model] = _negated(model, entered, voucher)
        batch.write()


def lock_books(client_ids: Iterable[int]) -> None:
    """Wait until nobody else numbers or closes the books of these clients; until the commit."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [BOOKS, sorted(client_ids)])


def require_open(dekret: Dekret) -> None:
    """PeriodClosed where the month of an approved dekret, or that of its VAT, is closed."""
    _require_open([dekret])


def _require_open(dekrets: Sequence[Dekret]) -> None:
    rows = ClosedPeriod.objects.across_clients().filter(
        client__in={dekret.client_id for dekret in dekrets}
    )
    closed: dict[int, set[date]] = defaultdict(set)
    for client_id, period in rows.values_list("client_id", "period"):
        closed[client_id].add(period)
    for dekret in dekrets:
        for period in _months(dekret):
            if period in closed[dekret.client_id]:
                offered = next_open(period, closed[dekret.client_id])
                raise PeriodClosed(client=dekret.client.name, period=period, open=offered)


def _months(dekret: Dekret) -> tuple[date, ...]:
    """The months in which an approved dekret has a voucher: of its cost, and of its VAT."""
    period = dekret.period
    assert period is not None  # noqa: S101 - constraint approved_has_period
    return (period, dekret.vat_month) if dekret.vat_month else (period,)


class _Numbers:
    """The next positions of the journal, by client and month; only under `lock_books`."""

    def __init__(self, dekrets: Iterable[Dekret]) -> None:
        rows = Voucher.objects.across_clients().filter(
            client__in={dekret.client_id for dekret in dekrets}
        )
        taken = rows.order_by().values_list("client_id", "period").annotate(last=Max("number"))
        self._last: dict[tuple[int, date], int] = defaultdict(int)
        for client_id, period, last in taken:
            self._last[client_id, period] = last

    def next(self, client_id: int, period: date) -> int:
        self._last[client_id, period] += 1
        return self._last[client_id, period]


def _voucher(dekret: Dekret, period: date, operator: Operator | None, numbers: _Numbers) -> Voucher:
    return Voucher(
        client_id=dekret.client_id,
        period=period,
        number=numbers.next(dekret.client_id, period),
        dekret=dekret,
        made_by=operator,
    )


def _rows(
    voucher: Voucher, dekret: Dekret, lines: Sequence[LineInput], books: Books
) -> Iterator[OfVoucher]:
    """The registers in the month of the VAT, the rest in that of the cost; mostly they are one."""
    zlote = in_zlote(lines, dekret.exchange_rate, dekret.tax_pln)
    is_full = dekret.client.accounting_form == AccountingForm.FULL_BOOKS
    if voucher.period == (dekret.vat_month or dekret.period):
        yield from _register_rows(voucher, dekret, lines, zlote)
    if voucher.period != dekret.period:
        moved = transfer(dekret, lines, books.profile) if is_full else ()
        yield from _journal_rows(voucher, moved)
    elif is_full:
        made = entries(dekret, lines, books.profile, books.tax_shares)
        yield from _journal_rows(voucher, made)
    else:
        yield from _book_rows(voucher, dekret, lines, zlote, books)


def _journal_rows(voucher: Voucher, made: Iterable[Entry]) -> Iterator[JournalEntry]:
    for entry in made:
        yield JournalEntry(
            voucher_id=voucher.pk,
            account=entry.account,
            side=entry.side,
            amount=entry.amount,
            description=entry.description,
            cost_centre=entry.cost_centre,
            project=entry.project,
        )


def _register_rows(
    voucher: Voucher, dekret: Dekret, lines: Sequence[LineInput], zlote: Sequence[Zlote]
) -> Iterator[RegisterEntry]:
    """One row for each register and rate that the document enters."""
    sums: dict[tuple[str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO, ZERO])
    is_purchase = dekret.direction == Direction.PURCHASE
    for line, amounts in zip(lines, zlote, strict=True):
        if line.vat_register:
            found = sums[line.vat_register, line.vat_rate]
            found[0] += amounts.net
            found[1] += amounts.vat
            found[2] += amounts.deducted if is_purchase else ZERO
    for (register, rate), (net, vat, deducted) in sums.items():
        yield RegisterEntry(
            voucher_id=voucher.pk,
            register=register,
            direction=dekret.direction,
            vat_rate=rate,
            net=net,
            vat=vat,
            deducted=deducted,
        )


def _book_rows(
    voucher: Voucher,
    dekret: Dekret,
    lines: Sequence[LineInput],
    zlote: Sequence[Zlote],
    books: Books,
) -> Iterator[BookEntry]:
    """What enters the KPiR or the record of revenue; lines without a column or rate do not."""
    sums: dict[tuple[int | None, Decimal | None], Decimal] = defaultdict(Decimal)
    texts: dict[tuple[int | None, Decimal | None], str] = {}
    is_sale = dekret.direction == Direction.SALE
    for line, amounts in zip(lines, zlote, strict=True):
        column = line.kpir_column or books.accounts.get(line.account)
        key = (column, books.ryczalt_rates.get(line.account) if is_sale else None)
        taxed, _ = books.tax_shares.get(line.account, WHOLE).divided(line, amounts.cost)
        sums[key] += amounts.net if is_sale else taxed
        texts.setdefault(key, line.description)
    for key, amount in sums.items():
        if key != (None, None):
            column, rate = key
            yield BookEntry(
                voucher_id=voucher.pk,
                kpir_column=column,
                ryczalt_rate=rate,
                amount=amount,
                description=texts[key],
            )


def _negated(model: type[OfVoucher], entered: Voucher, voucher: Voucher) -> list[OfVoucher]:
    found: list[OfVoucher] = []
    for row in model._base_manager.filter(voucher=entered).order_by("pk"):
        row.pk = None
        row.voucher = voucher
        for name in SIGNED[model]:
            setattr(row, name, -getattr(row, name))
        found.append(row)
    return found
