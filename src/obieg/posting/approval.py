"""Recording an approval: the checks, the lines, the state and the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.utils import timezone

from obieg.core.calendar import Month
from obieg.office.models import Operator
from obieg.office.states import IllegalTransition
from obieg.posting import journal, trail
from obieg.posting.books import Books
from obieg.posting.checks import Draft, findings
from obieg.posting.copying import copy_in
from obieg.posting.errors import InvalidDekret
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret, DekretLine
from obieg.posting.moves import advance_all
from obieg.posting.periods import placed, term_of
from obieg.posting.states import WAITING, DekretState
from obieg.posting.suggestion import Case, ProposedLine


def draft_of(
    dekret: Dekret,
    case: Case,
    lines: Sequence[LineInput] | None = None,
    *,
    books: Books,
    period: date | None = None,
    vat_month: date | None = None,
    exchange_rate: Decimal | None = None,
) -> Draft:
    """What is to be approved; whatever is not given is as proposed.

    Without a `period` a document of a closed month goes to the next open one; a `period` without
    a `vat_month` is both. What enters no register of VAT has the one month of its cost.
    """
    term = term_of(dekret, before_filing=books.before_filing)
    decided = proposed_lines(dekret) if lines is None else lines
    if not any(line.vat_register for line in decided):
        term, vat_month = replace(term, vat=None), None
    found = placed(
        term, books.closed, *(day and Month.of(day).first for day in (period, vat_month))
    )
    return Draft(
        dekret=dekret,
        invoice=case.invoice,
        lines=decided,
        period=found.period,
        vat_month=found.vat_month,
        period_reason=found.reason,
        term=term,
        exchange_rate=dekret.exchange_rate if exchange_rate is None else exchange_rate,
    )


def proposed_lines(dekret: Dekret) -> list[LineInput]:
    """The proposal as lines to be decided."""
    return [LineInput.of(ProposedLine.from_dict(line)) for line in dekret.proposal]


def check(dekret: Dekret, draft: Draft, books: Books) -> None:
    """Raise InvalidDekret or IllegalTransition where `draft` may not be approved."""
    if dekret.state not in WAITING:
        current, wanted = dekret.label_of(dekret.state), dekret.label_of(DekretState.APPROVED)
        raise IllegalTransition(current=current, to=wanted)
    if found := findings(draft, books):
        raise InvalidDekret(found)


def record(drafts: Sequence[Draft], books: Mapping[int, Books], operator: Operator) -> None:
    """Write the lines, states, trail and books of checked drafts, few statements for them all."""
    rows = [
        _row(draft.dekret, position, line, books[draft.dekret.client_id])
        for draft in drafts
        for position, line in enumerate(draft.lines, 1)
    ]
    copy_in(rows)
    for draft in drafts:
        _note_correction(draft, operator)
    moment = timezone.now()
    advance_all(
        [draft.dekret for draft in drafts],
        DekretState.APPROVED,
        actor=operator,
        kind="approve",
        changes={
            draft.dekret.pk: {
                "period": draft.period,
                "vat_month": None if draft.vat_month == draft.period else draft.vat_month,
                "period_reason": draft.period_reason,
                "exchange_rate": None if draft.invoice.currency == "PLN" else draft.exchange_rate,
                "decided_by": operator,
                "decided_at": moment,
            }
            for draft in drafts
        },
    )
    journal.post([(draft.dekret, draft.lines) for draft in drafts], books, operator)


def _row(dekret: Dekret, position: int, line: LineInput, books: Books) -> DekretLine:
    column = line.kpir_column or books.accounts[line.account]
    return DekretLine(
        dekret_id=dekret.pk,
        position=position,
        **line.treatment.changed(kpir_column=column).to_dict(),
        source_lines=list(line.source_lines),
        description=line.description,
        vat_rate=line.vat_rate,
        net=line.net,
        vat=line.vat,
        gross=line.gross,
    )


def _note_correction(draft: Draft, operator: Operator) -> None:
    """Keep in the trail what the operator changed in the proposal."""
    before = [line.to_dict() for line in proposed_lines(draft.dekret)]
    after = [line.to_dict() for line in draft.lines]
    if before != after:
        facts = {"before": {"lines": before}, "after": {"lines": after}}
        trail.note(draft.dekret, operator, "correct", **facts)
