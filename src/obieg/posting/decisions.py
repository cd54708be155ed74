"""An operator decides about dekrets: approves, rejects, takes back. Every decision teaches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.office.models import Operator
from obieg.posting import lessons
from obieg.posting.approval import check, draft_of, record
from obieg.posting.books import books_of
from obieg.posting.documents import cases_of
from obieg.posting.errors import AlreadyExported, NoteMissing, NothingToUndo
from obieg.posting.family import Once
from obieg.posting.lessons import Decided
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret
from obieg.posting.refreshing import refresh
from obieg.posting.reversal import rate_before, remove_lines
from obieg.posting.states import WAITING, DekretState
from obieg.posting.trail import last_decision

__all__ = [
    "BulkOutcome",
    "LineInput",
    "approve",
    "approve_many",
    "change_lines",
    "reject",
    "undo",
]


@dataclass(slots=True)
class BulkOutcome:
    """What an approval in bulk did; each refusal with its reason in Polish."""

    approved: list[Dekret] = field(default_factory=list)
    refused: list[tuple[Dekret, str]] = field(default_factory=list)


@transaction.atomic
def approve(
    dekret: Dekret,
    lines: Sequence[LineInput] | None = None,
    *,
    operator: Operator,
    period: date | None = None,
    vat_month: date | None = None,
    exchange_rate: Decimal | None = None,
) -> Dekret:
    """Approve as proposed, or with `lines`; any day of the month names the `period`.

    `vat_month` is that of deducting the VAT; without it the `period`, where one is given.
    `exchange_rate` is in PLN for one unit of the currency; without it the document's own is used.
    Raises InvalidDekret with every finding, PostedElsewhere, IllegalTransition where somebody was
    faster, and Dekret.DoesNotExist for a client that `operator` does not serve.
    """
    held = _hold_one(dekret, operator)
    case = cases_of([held])[held.pk]
    books = books_of([held.client_id])
    own = books[held.client_id]
    terms = {"period": period, "vat_month": vat_month}
    draft = draft_of(held, case, lines, books=own, exchange_rate=exchange_rate, **terms)
    check(held, draft, own)
    Once([held]).require(held)
    record([draft], books, operator)
    lessons.teach([Decided(held, case, draft.lines)], books)
    refresh(held, case.partner)
    return held


@transaction.atomic
def approve_many(dekrets: Iterable[Dekret | int], *, operator: Operator) -> BulkOutcome:
    """Approve as proposed what can be; what cannot is left as it is and named with the reason."""
    held = _hold({_key(dekret) for dekret in dekrets}, operator)
    cases = cases_of(held)
    books = books_of({dekret.client_id for dekret in held})
    once = Once(held)
    outcome = BulkOutcome()
    drafts = []
    for dekret in held:
        case = cases[dekret.pk]
        try:
            draft = draft_of(dekret, case, books=books[dekret.client_id])
            check(dekret, draft, books[dekret.client_id])
            once.require(dekret)
        except UserFixable as refusal:
            outcome.refused.append((dekret, str(refusal)))
            continue
        outcome.approved.append(dekret)
        drafts.append((case, draft))
    record([draft for _, draft in drafts], books, operator)
    lessons.teach((Decided(draft.dekret, case, draft.lines) for case, draft in drafts), books)
    return outcome


@transaction.atomic
def reject(dekret: Dekret, *, operator: Operator, note: str) -> Dekret:
    """Take the document out of the queue unposted; `note` says why."""
    if not note.strip():
        raise NoteMissing
    return _hold_one(dekret, operator).advance(
        DekretState.REJECTED,
        actor=operator,
        kind="reject",
        note=note.strip()[: Dekret._meta.get_field("note").max_length],
        decided_by=operator,
        decided_at=timezone.now(),
    )


@transaction.atomic
def undo(dekret: Dekret, *, operator: Operator) -> Dekret:
    """Bring a decided dekret back to the queue that it was in, and take back what it taught."""
    held = _hold_one(dekret, operator)
    if held.state == DekretState.EXPORTED:
        raise AlreadyExported(number=held.invoice.number)
    if held.state in WAITING:
        raise NothingToUndo(number=held.invoice.number)
    if held.state == DekretState.APPROVED:
        remove_lines(held, operator)
    decision = last_decision(held)
    return held.advance(
        decision.before["state"],
        actor=operator,
        kind="undo",
        period=None,
        vat_month=None,
        period_reason="",
        decided_by=None,
        decided_at=None,
        note="",
        exchange_rate=rate_before(decision, held),
    )


@transaction.atomic
def change_lines(
    dekret: Dekret,
    lines: Sequence[LineInput],
    *,
    operator: Operator,
    period: date | None = None,
    vat_month: date | None = None,
    exchange_rate: Decimal | None = None,
) -> Dekret:
    """Decide anew about an approved dekret that is in no file yet; its months stay by default."""
    former = _hold_one(dekret, operator)
    deducted = vat_month or (None if period else former.vat_month)
    kept = period or former.period
    rate = exchange_rate or former.exchange_rate
    undone = undo(former, operator=operator)
    return approve(
        undone, lines, operator=operator, period=kept, vat_month=deducted, exchange_rate=rate
    )


def _key(dekret: Dekret | int) -> int:
    return dekret if isinstance(dekret, int) else dekret.pk


def _hold(ids: Collection[int], operator: Operator) -> list[Dekret]:
    """The dekrets among `ids` that `operator` may see, locked in the order of their ids."""
    rows = Dekret.objects.visible_to(operator).filter(pk__in=ids).order_by("pk")
    locked = rows.select_for_update(of=("self",), no_key=True)
    return list(locked.select_related("invoice", "client"))


def _hold_one(dekret: Dekret, operator: Operator) -> Dekret:
    held = _hold([dekret.pk], operator)
    if not held:
        raise Dekret.DoesNotExist
    return held[0]
