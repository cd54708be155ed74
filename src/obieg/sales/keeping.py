"""Saving what one tab typed without overwriting what another one saved in the meantime.

A tab carries a mark of the draft that it shows. Where the stored draft has another one by then,
what was typed becomes a draft of its own: both are kept, and a person chooses.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from obieg.office.models import Event, Operator
from obieg.sales.content import SaleContent
from obieg.sales.drafts import locked_draft, new_draft, save_draft, stored_form
from obieg.sales.models import Sale

PARTED = "Druga wersja szkicu, który ktoś zmieniał w tym samym czasie. Zostaw jedną z nich."
_CHANGES = ("create", "edit")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the typed content is now."""

    sale: Sale
    parted_from: Sale | None = None  # the draft that somebody else changed
    other: str = ""  # whose change that was; empty where nobody's name is known


def mark_of(sale: Sale) -> str:
    """What a draft says, in short: the same for the same content and the same unreadable fields."""
    return _mark(sale.content, sale.typed)


def keep_draft(
    sale: Sale,
    content: SaleContent,
    *,
    seen: str,
    actor: Operator,
    typed: dict[str, Any] | None = None,
    by_itself: bool = False,
) -> Kept:
    """Save over what the tab has `seen` (a mark; empty: whatever is stored), else beside it.

    Raises what `save_draft` raises.
    """
    with transaction.atomic():
        stored = locked_draft(sale)
        present = mark_of(stored)
        if seen in ("", present):
            saved = save_draft(sale, content, actor=actor, typed=typed, by_itself=by_itself)
            return Kept(saved)
        if _mark(stored_form(content), typed) == present:
            return Kept(stored)  # both wrote the same, or the answer to this one was lost
        return Kept(_beside(stored, content, typed, actor), stored, _changed_by(stored))


def is_sensible(content: SaleContent) -> bool:
    """Whether there is something to keep: a buyer or a line, not only the client's habits."""
    buyer = content.buyer
    return bool(buyer.name or buyer.nip or content.lines or content.order_lines)


def _beside(
    stored: Sale, content: SaleContent, typed: dict[str, Any] | None, actor: Operator
) -> Sale:
    made = new_draft(
        stored.client,
        content,
        origin=Sale.Origin.FORM,
        actor=actor,
        typed=typed,
        follows=stored.follows,
    )
    made.note = PARTED
    made.save(update_fields=["note"])
    return made


def _changed_by(stored: Sale) -> str:
    events = Event.objects.of_client(stored.client_id).filter(
        thing=Sale.THING, thing_id=stored.pk, kind__in=_CHANGES
    )
    last = events.select_related("actor").order_by("-pk").first()
    return last.actor.name if last and last.actor else ""


def _mark(content: dict[str, Any] | None, typed: dict[str, Any] | None) -> str:
    said = json.dumps([content, typed], sort_keys=True).encode()
    return hashlib.sha256(said).hexdigest()[:32]
