"""Proposing again: what was just learned also helps the documents that already wait."""

from collections.abc import Sequence

from obieg.inbox.models import Direction
from obieg.office.scope import ScopedQuerySet
from obieg.posting.documents import cases_of
from obieg.posting.engine import suggester_for
from obieg.posting.models import Dekret
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
    return sum(_propose(dekrets))


def _propose(dekrets: Sequence[Dekret]) -> list[bool]:
    if not dekrets:
        return []
    cases = cases_of(dekrets)
    first = dekrets[0]
    suggester = suggester_for(first.client, first.direction, list(cases.values()))
    return [
        _change(dekret, Proposal(lines_proposed(cases[dekret.pk], suggester))) for dekret in dekrets
    ]


def _change(dekret: Dekret, proposal: Proposal) -> bool:
    """Store a proposal that differs; whether it does."""
    new = {
        "proposal": proposal.to_json(),
        "confidence": proposal.confidence,
        "reason": proposal.reason,
    }
    if all(getattr(dekret, name) == value for name, value in new.items()):
        return False
    state = state_of(proposal)
    if state != dekret.state:
        dekret.advance(state, actor=None, kind="propose", **new)
        return True
    for name, value in new.items():
        setattr(dekret, name, value)
    dekret.save(update_fields=list(new))
    return True
