"""The owner's word that the quarter's list of credentials was reviewed; it is kept in the trail."""

from obieg.calls.review import Quarter, Review, may_confirm
from obieg.core.errors import UserFixable
from obieg.office.models import Event, Operator
from obieg.office.scope import ScopedQuerySet

THING, KIND = "vault.review", "confirm"


class OnlyOwnerReviews(UserFixable):
    """The review is confirmed by an owner who sees every client."""

    code = "calls.only_owner_reviews"
    message_pl = "Przegląd potwierdza właściciel biura, który widzi wszystkich klientów."


def confirm(review: Review, *, note: str, actor: Operator) -> Event:
    """Note who reviewed what, and with which remark; OnlyOwnerReviews."""
    if not may_confirm(actor):
        raise OnlyOwnerReviews
    after = {
        "quarter": str(review.quarter),
        "credentials": len(review.held),
        "tokens": review.tokens,
        "withdrawn": review.withdrawn,
        "without_second_factor": [one.operator.login for one in review.unguarded],
        "note": note,
    }
    return Event.objects.create(
        thing=THING, thing_id=review.quarter.key, actor=actor, kind=KIND, after=after
    )


def confirmations() -> ScopedQuerySet[Event]:
    """Every confirmation, the last one first."""
    rows = Event.objects.across_clients().filter(thing=THING, kind=KIND)
    return rows.select_related("actor").order_by("-pk")


def confirmation_of(quarter: Quarter) -> Event | None:
    """The last confirmation of the quarter."""
    return confirmations().filter(thing_id=quarter.key).first()
