"""Drafts of corrections, ready for the form."""

from collections.abc import Callable

from django.db import transaction

from obieg.office.models import Operator
from obieg.sales.content import BuyerContent, SaleContent
from obieg.sales.corrections.state import Original
from obieg.sales.corrections.verbs import (
    again_for,
    change_parties,
    collective,
    correction_of,
    to_zero,
)
from obieg.sales.drafts import new_draft
from obieg.sales.models import Sale

_WAYS: dict[str, Callable[[Original], SaleContent]] = {
    "lines": correction_of,
    "zero": to_zero,
    "parties": change_parties,
    "collective": lambda original: collective([original]),
}
WAYS = (*_WAYS, "buyer")


def draft_correction(original: Original, way: str, *, actor: Operator | None) -> Sale:
    """A draft of the correction called `way` (of WAYS), prefilled; KeyError for another word.

    A wrong buyer makes two drafts: the new invoice, whose buyer is still to be typed, is returned.
    """
    if way == "buyer":
        return wrong_buyer(original, BuyerContent(), actor=actor)[1]
    return keep_correction(original, _WAYS[way](original), actor=actor)


def keep_correction(original: Original, content: SaleContent, *, actor: Operator | None) -> Sale:
    """A draft of a correction of `original`."""
    return new_draft(original.client, content, origin=Sale.Origin.FORM, actor=actor)


def wrong_buyer(
    original: Original, right_buyer: BuyerContent, *, actor: Operator | None
) -> tuple[Sale, Sale]:
    """The correction to zero and the new invoice for the right buyer, which is sent after it."""
    with transaction.atomic():
        reason = "błędny NIP nabywcy"
        zero = keep_correction(original, to_zero(original, reason=reason, effect="1"), actor=actor)
        fresh = again_for(original, right_buyer)
        origin = Sale.Origin.FORM
        return zero, new_draft(original.client, fresh, origin=origin, actor=actor, follows=zero)
