"""Who did what to a sales document: the trail as its page shows it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from obieg.core.polish import format_date
from obieg.office.models import Event
from obieg.office.trail import Change, TrailEntry
from obieg.sales.models import Sale
from obieg.sales.states import OfflineMode, SaleState

KINDS = {
    "create": "Utworzono szkic",
    "edit": "Zmieniono szkic",
    "save": "Zmieniono szkic",
    "issue": "Wystawiono",
    "approve": "Zatwierdzono, czeka na oryginał",
    "reopen": "Cofnięto do szkicu",
    "cancel": "Anulowano",
    "delete": "Usunięto",
    "send": "Zlecono wysyłkę",
    "claim": "Rozpoczęto wysyłkę",
    "release": "Wróciła do niewysłanych",
    "refuse": "Nie wystawiono mimo zatwierdzenia",
    "accept": "Przyjęto w KSeF",
    "reject": "KSeF odrzucił",
    "confirm": "Odebrano UPO",
    "elsewhere": "Wpisano numer KSeF ręcznie",
    "outside": "Oznaczono jako niedotyczące KSeF",
    "offline": "Oznaczono tryb offline",
    "online": "Zdjęto tryb offline",
    "deadline": "Przeliczono termin przesłania",
}
FIELDS = {
    "state": "Stan",
    "number": "Numer",
    "ksef_number": "Numer KSeF",
    "ksef_text": "Odpowiedź KSeF",
    "offline_mode": "Tryb",
    "offline_deadline": "Wyślij do",
    "issue_date": "Data wystawienia",
}
DAYS = frozenset({"offline_deadline", "issue_date"})


def trail(sale: Sale) -> list[TrailEntry]:
    """Everything that was done to the document, the newest first."""
    found = Event.objects.of_client(sale.client_id).filter(thing=Sale.THING, thing_id=sale.pk)
    events = list(found.select_related("actor").order_by("-pk"))
    steps = [_step(event) for event in events]
    if not any(event.kind == "create" for event in events):
        who = sale.created_by.name if sale.created_by else "Obieg"
        steps.append(
            TrailEntry(sale.created_at, who, f"{KINDS['create']} ({sale.get_origin_display()})")
        )
    return steps


def _step(event: Event) -> TrailEntry:
    who = event.actor.name if event.actor else "Obieg"
    return TrailEntry(event.at, who, KINDS.get(event.kind, event.kind), tuple(_changes(event)))


def _changes(event: Event) -> Iterator[Change]:
    for field, name in FIELDS.items():
        before, after = (_shown(field, facts.get(field)) for facts in (event.before, event.after))
        if before != after:
            yield Change(name, before, after)


def _shown(field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if field == "state":
        return SaleState(value).label
    if field in DAYS:
        return format_date(date.fromisoformat(value))
    return OfflineMode(value).label if field == "offline_mode" else str(value)
