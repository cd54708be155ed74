"""The contents of corrections: by rows, to zero, of parties, collective, by hand."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from obieg.core.money import ZERO, to_grosze
from obieg.fa.rates import HUNDRED
from obieg.sales.content import (
    AdvancePaymentContent,
    BuyerContent,
    CorrectedContent,
    CorrectionContent,
    LineContent,
    PartyContent,
    SaleContent,
    SumContent,
)
from obieg.sales.corrections.rows import differences, pairs, zeroed
from obieg.sales.corrections.state import Original, Standing, issued_on, standing_of
from obieg.sales.errors import DifferentBuyers, NothingToCorrect, WrongBuyerNip
from obieg.sales.sums import added, as_content, gross_of, groups_of, negated, ordered
from obieg.sales.totals import totals

How = Literal["difference", "state"]
Effect = Literal["", "1", "2", "3"]  # TypKorekty
_KINDS: dict[str, Any] = {"ZAL": "KOR_ZAL", "ROZ": "KOR_ROZ"}


def correction_of(
    original: Original,
    how: How = "state",
    *,
    after: Sequence[LineContent] | None = None,
    reason: str = "",
    effect: Effect = "",
) -> SaleContent:
    """A correction of the rows of `original`, as it stands after its earlier corrections.

    `after` holds the rows as they should be, by their numbers; only what differs is written, except
    in settlements, whose rows confirm what stays (the schema's note at FaWiersz). Without `after`:
    every row as a pair to be changed, or ("difference") none yet. Of an advance, the payments are
    typed as differences.
    """
    standing = standing_of(original)
    content = _base(standing, reason=reason, effect=effect)
    rows = standing.rows
    if how == "difference":
        lines = differences(rows, after) if after is not None else ()
    elif after is None or content.kind != "KOR":
        lines = pairs(rows, rows if after is None else after)
    else:
        lines = _only_changed(rows, after)
    return content.model_copy(update={_place(standing): lines})


def to_zero(
    original: Original,
    how: How = "state",
    *,
    reason: str = "",
    effect: Effect = "",
) -> SaleContent:
    """A correction that leaves nothing of `original`; its sums are exactly the opposite ones."""
    standing = standing_of(original)
    if not standing.total and not ordered(standing.sums, without_zeros=True):
        raise NothingToCorrect(number=standing.corrected.number)
    content = _base(standing, reason=reason, effect=effect)
    rows = standing.rows
    if content.kind == "KOR_ZAL":
        back = AdvancePaymentContent(received_on=issued_on(standing), amount=-standing.total)
        changes: dict[str, Any] = {"advance_payments": (back,), _place(standing): pairs(rows, rows)}
    else:
        nothing = tuple(zeroed(row) for row in rows)
        lines = differences(rows, nothing) if how == "difference" else pairs(rows, nothing)
        changes = {"lines": lines}
    return _with_sums(content.model_copy(update=changes), standing)


def change_parties(
    original: Original,
    *,
    buyer: BuyerContent | None = None,
    seller_before: PartyContent | None = None,
    reason: str = "",
) -> SaleContent:
    """A correction of names and addresses: no rows, no amounts, the former data in Podmiot2K/1K.

    WrongBuyerNip where the buyer's NIP changes: that takes `wrong_buyer`.
    """
    standing = standing_of(original)
    former = standing.content.buyer
    if buyer is not None and buyer.nip != former.nip:
        raise WrongBuyerNip
    content = _base(standing, reason=reason, effect="1")
    changes: dict[str, Any] = {"seller_before": seller_before}
    if buyer is not None or seller_before is None:
        changes["buyer_before"] = former
    correction = _correction(content).model_copy(update={**changes, "total_before": None})
    return content.model_copy(
        update={
            "kind": "KOR",
            "buyer": buyer or former,
            "lines": (),
            "order_lines": (),
            "advances": (),
            "correction": correction,
        }
    )


def collective(
    originals: Sequence[Original],
    *,
    period: str = "",
    sums: Sequence[SumContent] = (),
    percent: Decimal | None = None,
    reason: str = "",
) -> SaleContent:
    """A rebate on all deliveries of a period to one buyer (art. 106j(3) VAT Act), without rows.

    `sums` are the differences by rate, or `percent` is taken off what the originals come to now.
    DifferentBuyers unless they have one buyer and one currency.
    """
    standings = [standing_of(original) for original in originals]
    require_one_buyer(standings)
    said = tuple(sums) if percent is None else _rebate(standings, percent)
    content = _base(standings[0], reason=reason, effect="2")
    correction = _correction(content).model_copy(
        update={
            "corrected": tuple(one.corrected for one in standings),
            "period": period,
            "sums": said,
            "total_before": None,
        }
    )
    return content.model_copy(
        update={
            "kind": "KOR",
            "sale_date": None,
            "period_from": None,
            "period_to": None,
            "lines": (),
            "order_lines": (),
            "advances": (),
            "correction": correction,
        }
    )


def require_one_buyer(standings: Sequence[Standing]) -> None:
    """DifferentBuyers unless they have one buyer and one currency."""
    keys = {(_identity(one.content.buyer), one.content.currency) for one in standings}
    if len(keys) != 1:
        raise DifferentBuyers


def by_hand(
    number: str, issue_date: date, ksef_number: str = "", *, kind: Any = "KOR"
) -> SaleContent:
    """A correction of an invoice that is not in the system: rows and buyer are typed.

    Without `ksef_number` it never had one (NrKSeFN).
    """
    corrected = CorrectedContent(number=number, issue_date=issue_date, ksef_number=ksef_number)
    return SaleContent(kind=kind, correction=CorrectionContent(corrected=(corrected,)))


def again_for(original: Original, buyer: BuyerContent) -> SaleContent:
    """The invoice anew, for the right buyer; the day of sale stays."""
    standing = standing_of(original)
    content = standing.content
    day = content.sale_date or (None if content.period_from else issued_on(standing))
    changes = {"buyer": buyer, "contractor": None, "sale_date": day}
    return content.model_copy(update={**_FRESH, **changes})


_UNPAID: dict[str, Any] = {
    "paid": False,
    "paid_on": None,
    "partial": (),
    "terms": (),
    "link": "",
    "ipksef": "",
}
_FRESH: dict[str, Any] = {"number": "", "series": "", "issue_date": None}


def _base(standing: Standing, *, reason: str, effect: Effect) -> SaleContent:
    """What every correction repeats of its original, with the original named."""
    content = standing.content
    kind = _KINDS.get(content.kind, "KOR")
    payment = content.payment.model_copy(update=_UNPAID)
    correction = CorrectionContent(
        reason=reason,
        effect=effect,
        corrected=(standing.corrected,),
        total_before=standing.total if kind != "KOR" else None,
    )
    return content.model_copy(
        update={
            **_FRESH,
            "kind": kind,
            "payment": payment,
            "correction": correction,
            "charges": (),
            "deductions": (),
            "advance_payments": (),
            "sums": (),
            "total": None,
        }
    )


def _correction(content: SaleContent) -> CorrectionContent:
    return content.correction or CorrectionContent()


def _place(standing: Standing) -> str:
    return "order_lines" if standing.by_order else "lines"


def _only_changed(
    rows: Sequence[LineContent], after: Sequence[LineContent]
) -> tuple[LineContent, ...]:
    same = {row.number for row in rows if row in after}
    changed = [row for row in rows if row.number not in same]
    return pairs(changed, [row for row in after if row.number not in same])


def _with_sums(content: SaleContent, standing: Standing) -> SaleContent:
    """Sums said outright where the rows, rounded anew, would not come to the opposite ones."""
    wanted = negated(standing.sums)
    amounts = totals(content)
    if amounts.rates == ordered(wanted, without_zeros=True) and amounts.gross == -standing.total:
        return content
    correction = _correction(content).model_copy(update={"sums": as_content(wanted)})
    rounded = None if gross_of(wanted) == -standing.total else -standing.total
    return content.model_copy(update={"correction": correction, "total": rounded})


def _rebate(standings: Sequence[Standing], percent: Decimal) -> tuple[SumContent, ...]:
    whole = added(*(one.sums for one in standings))
    return tuple(
        SumContent(
            rate=one.rate,
            net=-to_grosze(one.net * percent / HUNDRED),
            tax=-to_grosze((one.tax or ZERO) * percent / HUNDRED),
        )
        for one in as_content(groups_of(ordered(whole)))
    )


def _identity(buyer: BuyerContent) -> tuple[str, ...]:
    known = buyer.nip, buyer.eu_prefix + buyer.eu_number, buyer.id_number
    return known if any(known) else (buyer.name,)
