"""The protocol of a cooperation's end, on paper."""

from datetime import datetime
from typing import Any

from obieg.core.polish import WARSAW, format_date, format_time
from obieg.fa.pdf import Facts, Paragraph, Table, plain_pdf
from obieg.office.models import Client, Event

TITLE = "Protokół zakończenia współpracy"
TO_DO = (
    "Do zrobienia przez klienta w KSeF: odebrać biuru nadane uprawnienia (Uprawnienia, podmiot "
    "o NIP biura)."
)
SIGNATURES = "Podpisy: biuro ……………………………… klient ………………………………"


def protocol_pdf(client: Client, event: Event) -> bytes:
    """The trail's entry as PDF/A, dated as the entry is; the same entry gives the same bytes."""
    facts = Facts(
        [
            ("Klient", client.name),
            (client.context_name, client.context),
            ("Zakończono", format_time(event.at)),
            ("Kto", event.actor.name if event.actor else "Obieg"),
            ("Wpis w śladzie", str(event.pk)),
        ]
    )
    lines = [(what, how) for what, how in event.after.get("lines", [])]
    parts: list[Facts | Table | Paragraph] = [
        facts,
        Table(
            ("Co", "Jak się skończyło"), lines or [("Nie było nic do wyłączenia.", "–")], "Przebieg"
        ),
        *_destroyed(event),
        Paragraph(TO_DO),
        Paragraph(SIGNATURES),
    ]
    return plain_pdf(TITLE, parts, foot=f"{TITLE} · {client.name}", at=event.at)


def _destroyed(event: Event) -> list[Table]:
    rows: list[dict[str, Any]] = event.after.get("shredded", [])
    if not rows:
        return []
    cells = [
        (one["title"], one["fingerprint"], _day(one["revoked"]), _day(one["shredded"]))
        for one in rows
    ]
    headings = ("Poświadczenie", "Odcisk (SHA-256)", "Unieważniono w KSeF", "Zniszczono")
    return [Table(headings, cells, "Zniszczone poświadczenia")]


def _day(written: str) -> str:
    if not written:
        return "nie"
    return format_date(datetime.fromisoformat(written).astimezone(WARSAW).date())
