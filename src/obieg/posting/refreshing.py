"""Proposing again: what was just learned also helps the documents that already wait."""

from collections.abc import Sequence
from typing import Any

from obieg.inbox.models import Direction
from obieg.office.scope import ScopedQuerySet
from obieg.posting.documents import cases_of
from obieg.posting.engine import suggester_for
from obieg.posting.models import Dekret
from obieg.posting.moves import advance_all
from obieg.posting.proposing import lines_proposed, state_of
from obieg.posting.states import WAITING, DekretState
from obieg.posting.suggestion import Proposal

AT_ONCE = 25  # documents: more would make the operator wait; later decisions reach the rest
SURE = 90  # per cent: a proposal as good as this is left alone


def refresh(decided: Dekret, partner: str) -> int:
    """Propose again for the oldest waiting documents of the same client and partner.

    Those that somebody is deciding about at this moment are left alone. How many were changed.
    """
    by_partner = "seller" if decided.direction == Direction.PURCHASE else "buyer"
    return _refresh(
        _waiting(decided.client_id).filter(
            **{"direction": decided.direction, f"invoice__{by_partner}_nip": partner}
        )
    )


def refresh_client(client_id: int, direction: str) -> int:
    """Propose again for what a client's new rule may help: the documents without a proposal."""
    unclassified = _waiting(client_id).filter(direction=direction, state=DekretState.TO_CLASSIFY)
    return _refresh(unclassified, limit=4 * AT_ONCE)


def _waiting(client_id: int) -> ScopedQuerySet[Dekret]:
    waiting = Dekret.objects.of_client(client_id).filter(state__in=WAITING, confidence__lt=SURE)
    return waiting.order_by("queued_at", "pk")


def _refresh(waiting: ScopedQuerySet[Dekret], limit: int = AT_ONCE) -> int:
    rows = waiting.select_related("client").select_for_update(
        of=("self",), no_key=True, skip_locked=True
    )
    dekrets = list(rows[:limit])
    return len(_propose(dekrets)) if dekrets else 0


def _propose(dekrets: Sequence[Dekret]) -> Sequence[Dekret]:
    """Store the proposals that differ; whose they are."""
    cases = cases_of(dekrets)
    first = dekrets[0]
    suggester = suggester_for(first.client, first.direction)
    proposals = {
        dekret.pk: Proposal(lines_proposed(cases[dekret.pk], suggester)) for dekret in dekrets
    }
    changed = [dekret for dekret in dekrets if _differs(dekret, proposals[dekret.pk])]
    for state in WAITING:
        moved = [one for one in changed if state_of(proposals[one.pk]) == state != one.state]
        changes = {dekret.pk: _fields(proposals[dekret.pk]) for dekret in moved}
        advance_all(moved, state, actor=None, kind="propose", changes=changes)
    _store([(dekret, proposals[dekret.pk]) for dekret in changed])
    return changed


def _fields(proposal: Proposal) -> dict[str, Any]:
    return {
        "proposal": proposal.to_json(),
        "confidence": proposal.confidence,
        "reason": proposal.reason,
    }


def _differs(dekret: Dekret, proposal: Proposal) -> bool:
    return any(getattr(dekret, name) != value for name, value in _fields(proposal).items())


def _store(changed: Sequence[tuple[Dekret, Proposal]]) -> None:
    """Those that stay in their queue; the others are stored already."""
    kept = [(dekret, proposal) for dekret, proposal in changed if _differs(dekret, proposal)]
    for dekret, proposal in kept:
        for name, value in _fields(proposal).items():
            setattr(dekret, name, value)
    names = ["proposal", "confidence", "reason"]
    Dekret.objects.across_clients().bulk_update([dekret for dekret, _ in kept], names)
