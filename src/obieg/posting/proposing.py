"""From a case and an engine's suggestions to a proposed dekret of few lines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from obieg.core.money import ZERO
from obieg.core.polish import counted
from obieg.fa.model import Invoice
from obieg.inbox.models import Direction
from obieg.posting.parts import parts_of
from obieg.posting.splits import divided
from obieg.posting.states import DekretState
from obieg.posting.suggestion import Case, Part, Proposal, ProposedLine, Suggester, Suggestion

DESCRIPTION_LENGTH = 512


def case_of(client_id: int, direction: str, invoice: Invoice) -> Case:
    """The document as an engine sees it."""
    partner = invoice.seller if direction == Direction.PURCHASE else invoice.buyer
    return Case(client_id, direction, partner.tax_id, parts_of(invoice), invoice)


def lines_proposed(case: Case, suggester: Suggester) -> tuple[ProposedLine, ...]:
    """The suggestions as lines: parts of one rate that are posted the same way become one."""
    merged: dict[object, list[tuple[Part, Suggestion]]] = {}
    for part, suggestion in _divided(case, suggester):
        merged.setdefault((part.rate, suggestion.treatment), []).append((part, suggestion))
    return tuple(_line(number, pairs) for number, pairs in enumerate(merged.values(), 1))


def _divided(case: Case, suggester: Suggester) -> Iterator[tuple[Part, Suggestion]]:
    """The parts with their suggestions; those that are posted in shares, share by share."""
    for part, suggestion in zip(case.parts, suggester.suggest(case), strict=True):
        if not suggestion.shares:
            yield part, suggestion
            continue
        amounts = divided(part, suggestion.shares)
        for share, amount in zip(suggestion.shares, amounts, strict=True):
            yield amount, replace(suggestion, treatment=share.treatment, shares=())


def state_of(proposal: Proposal) -> DekretState:
    """Which queue a proposal goes to."""
    return DekretState.TO_APPROVE if proposal.is_sure else DekretState.TO_CLASSIFY


def _line(position: int, pairs: Sequence[tuple[Part, Suggestion]]) -> ProposedLine:
    parts = [part for part, _ in pairs]
    net = sum((part.net for part in parts), ZERO)
    vat = sum((part.vat for part in parts), ZERO)
    weakest = min((suggestion for _, suggestion in pairs), key=lambda found: found.confidence)
    return ProposedLine(
        position=position,
        source_lines=tuple(number for part in parts for number in part.source_lines),
        description=_description(parts),
        vat_rate=parts[0].rate,
        net=net,
        vat=vat,
        gross=net + vat,
        **weakest.treatment.to_dict(),
        confidence=weakest.confidence,
        reason=weakest.reason,
    )


def _description(parts: Iterable[Part]) -> str:
    """The largest row's text and how many others there are."""
    ordered = sorted(parts, key=lambda part: -abs(part.net))
    others = counted(len(ordered) - 1, "inna pozycja", "inne pozycje", "innych pozycji")
    text = ordered[0].description
    if len(ordered) == 1:
        return text[:DESCRIPTION_LENGTH]
    return f"{text[: DESCRIPTION_LENGTH - len(others) - 3]} i {others}"
