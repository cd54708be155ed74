"""What was done to a dekret: written by every service, read by the document's page."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone

from obieg.core.money import format_amount
from obieg.office.models import Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.trail import Change, TrailEntry
from obieg.posting.lines import LineInput
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState

KINDS = {
    "propose": "Nowa propozycja po decyzji o podobnym dokumencie",
    "correct": "Poprawiono propozycję",
    "approve": "Zatwierdzono",
    "reject": "Odrzucono",
    "remove": "Usunięto wiersze dekretu",
    "undo": "Cofnięto decyzję",
    "export": "Wyeksportowano",
    "export_again": "Wyeksportowano ponownie",
    "group": "Ustawiono dla grupy podobnych",
    "heed": "Sprawdzono ostrzeżenie",
}
FIELDS = {
    "state": "Stan",
    "period": "Okres",
    "vat_month": "Okres VAT",
    "exchange_rate": "Kurs",
    "note": "Uwaga",
    "confidence": "Pewność",
}


def note(
    dekret: Dekret,
    actor: Operator | None,
    kind: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add to the trail what is no change of state."""
    Event.objects.create(
        client_id=dekret.client_id,
        thing=Dekret.THING,
        thing_id=dekret.pk,
        actor=actor,
        at=timezone.now(),
        kind=kind,
        before=before or {},
        after=after or {},
    )


def last_decision(dekret: Dekret) -> Event:
    """The approval or rejection that brought a decided dekret out of its queue."""
    return _events(dekret).filter(kind__in=["approve", "reject"]).latest("pk")


def trail(dekret: Dekret) -> tuple[TrailEntry, ...]:
    """Everything that was done to the dekret, from its arrival on."""
    arrival = TrailEntry(dekret.queued_at, "Obieg", "Przyjęto z KSeF i zaproponowano dekret")
    events = _events(dekret).select_related("actor").order_by("pk")
    return (arrival, *(_entry(event) for event in events))


def _events(dekret: Dekret) -> ScopedQuerySet[Event]:
    events = Event.objects.of_client(dekret.client_id)
    return events.filter(thing=Dekret.THING, thing_id=dekret.pk)


def _entry(event: Event) -> TrailEntry:
    who = event.actor.name if event.actor else "Obieg"
    what = KINDS.get(event.kind, event.kind)
    return TrailEntry(event.at, who, what, (*_fields(event), *_lines(event)))


def _fields(event: Event) -> Iterator[Change]:
    for field, name in FIELDS.items():
        before, after = (_shown(field, facts.get(field)) for facts in (event.before, event.after))
        if before != after:
            yield Change(name, before, after)


def _shown(field: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if field == "state":
        return DekretState(value).label
    if field in ("period", "vat_month"):
        return f"{value[5:7]}.{value[:4]}"
    if field == "confidence":
        return f"{value}%"
    return str(value).replace(".", ",") if field == "exchange_rate" else str(value)


def _lines(event: Event) -> Iterator[Change]:
    before = [_line(line) for line in event.before.get("lines", ())]
    after = [_line(line) for line in event.after.get("lines", ())]
    for number in range(max(len(before), len(after))):
        old = before[number] if number < len(before) else ""
        new = after[number] if number < len(after) else ""
        if old != new:
            yield Change(f"Wiersz {number + 1}", old, new)


def _line(stored: dict[str, Any]) -> str:
    """As `401-01; netto 100,00; VAT 23,00; odl. 50%; ZAKUP; MPK B1`."""
    line = LineInput.from_dict(stored)
    parts = [
        line.account or "bez konta",
        f"netto {format_amount(line.net)}",
        f"VAT {format_amount(line.vat)}",
        f"odl. {line.deductible_percent}%",
        line.vat_register,
        f"kol. {line.kpir_column}" if line.kpir_column else "",
        f"MPK {line.cost_centre}" if line.cost_centre else "",
        f"projekt {line.project}" if line.project else "",
    ]
    return "; ".join(part for part in parts if part)
