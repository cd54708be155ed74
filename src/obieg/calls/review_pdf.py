"""The review on paper: the list, who may touch it, and the place for the owner's signature."""

from datetime import datetime

from django.utils import timezone

from obieg.calls.listing import state_of
from obieg.calls.review import Held, Keeper, Review
from obieg.core.polish import counted, format_date, format_time
from obieg.fa.pdf.plain import Facts, Paragraph, Part, Table, plain_pdf
from obieg.office.models import Event
from obieg.vault.models import Credential, CredentialUsage

TITLE = "Przegląd poświadczeń KSeF"
DOTS = "………………………………………………………………"
NOTHING = "–"


def review_pdf(review: Review, confirmed: Event | None) -> bytes:
    """The review (PDF/A), with the confirmation where there is one."""
    parts: list[Part] = [_facts(review, confirmed), *_remarks(review), _list(review)]
    if review.strangers:
        parts.append(_strangers(review))
    if review.destroyed:
        parts.append(_destroyed(review))
    parts += [_keepers(review), _signature(confirmed)]
    foot = f"{TITLE}, {review.quarter}, stan na {format_time(review.at)}"
    return plain_pdf(TITLE, parts, foot=foot, at=review.at)


def findings(review: Review) -> list[str]:
    """What the review found worth a decision, in Polish; empty where nothing."""
    told = (
        (review.tokens, "Tokeny, które działają tylko do 31.12.2026"),
        (review.over, "Po terminie ważności"),
        (review.withdrawn, "Wycofane z użycia, do unieważnienia i zniszczenia"),
        (review.lacking, "Bez prawa do przeglądania faktur"),
        (review.broad, "Tokeny z prawami ponad potrzebę"),
        (review.idle, "W użyciu, ale bez użycia w tym kwartale"),
        (len(review.strangers), "Uprawnienia osób i firm, których biuro nie zna"),
        (review.unread, "Klienci, u których nie odczytano wszystkich uprawnień"),
        (len(review.unguarded), "Operatorzy z prawami do poświadczeń bez drugiego składnika"),
    )
    return [f"{what}: {count}" for count, what in told if count]


def _facts(review: Review, confirmed: Event | None) -> Facts:
    return Facts(
        [
            (
                "Okres",
                f"{review.quarter} ({_day(review.quarter.first)}–{_day(review.quarter.last)})",
            ),
            ("Stan na", format_time(review.at)),
            (
                "Przechowywane",
                counted(len(review.held), "poświadczenie", "poświadczenia", "poświadczeń"),
            ),
            ("Zniszczone w kwartale", str(len(review.destroyed))),
            ("Potwierdzono", _confirmed(confirmed)),
        ]
    )


def _confirmed(event: Event | None) -> str:
    if event is None:
        return "jeszcze nie"
    who = event.actor.name if event.actor else ""
    return f"{format_time(event.at)}, {who} (wpis w śladzie nr {event.pk})"


def _remarks(review: Review) -> list[Part]:
    found = findings(review)
    title = "Na co zwrócić uwagę"
    if not found:
        return [Paragraph("Nic nie wymaga decyzji.", title=title)]
    pairs = [line.rpartition(": ")[::2] for line in found]
    return [Facts(pairs, title=title)]


def _list(review: Review) -> Part:
    headings = (
        "Klient",
        "NIP",
        "Poświadczenie",
        "Stan",
        "Ważne",
        "Dodał(a)",
        "Uprawnienia w KSeF",
        "Ostatnie użycie",
        "Użycia",
    )
    rows = [_row(one) for one in review.held]
    if not rows:
        return Paragraph("Obieg nie przechowuje żadnych poświadczeń.", title="Poświadczenia")
    return Table(headings, rows, title="Poświadczenia", right=frozenset({8}))


def _row(one: Held) -> tuple[str, ...]:
    row = one.credential
    return (
        one.whose,
        one.nip or NOTHING,
        _what(row),
        state_of(row),
        _validity(one),
        f"{one.by}, {_moment(row.created_at)}",
        permissions(one),
        f"{_moment(one.uses.last)}, {one.uses.last_by}" if one.uses.last else "nie w tym kwartale",
        str(one.uses.count),
    )


def _what(row: Credential) -> str:
    offline = row.usage == CredentialUsage.OFFLINE
    kind = row.get_usage_display() if offline else row.get_kind_display()
    return f"{kind} „{row.label}” ({row.get_environment_display()})"


def _validity(one: Held) -> str:
    since, until = _moment(one.credential.valid_from), _day(one.ends) if one.ends else ""
    return f"{since} – {until}" if since and until else f"do {until}" if until else NOTHING


def permissions(one: Held) -> str:
    """Held against needed, in Polish."""
    if not one.logs_in:
        return "nie otwiera KSeF"
    if not one.is_asked:
        return "nie sprawdzono (brak próby połączenia)"
    said = [f"brakuje: {', '.join(one.missing)}"] if one.missing else ["wystarczające"]
    if one.beyond:
        said.append(f"ponad potrzebę: {', '.join(one.beyond)}")
    return "; ".join(said)


def _strangers(review: Review) -> Table:
    rows = [
        (
            one.grant.client.name,
            one.grant.holder,
            one.grant.scope_name,
            _moment(one.grant.since),
            "nie pracuje" if one.former else "nieznany",
        )
        for one in review.strangers
    ]
    headings = ("Klient", "Uprawniony", "Uprawnienie", "Od", "Dla biura")
    return Table(headings, rows, title="Obcy z uprawnieniami w KSeF")


def _destroyed(review: Review) -> Table:
    rows = [
        (
            row.client.name if row.client else "Biuro",
            f"{row.get_kind_display()} „{row.label}”",
            _moment(row.revoked_at) or "nie",
            _moment(row.shredded_at),
        )
        for row in review.destroyed
    ]
    headings = ("Klient", "Poświadczenie", "Unieważniono w KSeF", "Zniszczono")
    return Table(headings, rows, title="Zniszczone w tym kwartale")


def _keepers(review: Review) -> Table:
    rows = [_keeper(one) for one in review.keepers]
    headings = ("Operator", "Login", "Rola", "Klienci", "Drugi składnik", "Ostatnie logowanie")
    return Table(headings, rows, title="Kto ma prawa do poświadczeń, uprawnień i kont")


def _keeper(one: Keeper) -> tuple[str, ...]:
    seen = one.operator.client_ids()
    return (
        one.operator.name,
        one.operator.login,
        one.operator.get_role_display(),
        "wszyscy" if seen is None else str(len(seen)),
        "włączony" if one.has_second_factor else "BRAK",
        _moment(one.operator.last_login) or "nigdy",
    )


def _signature(confirmed: Event | None) -> Facts:
    note = str(confirmed.after.get("note") or "") if confirmed else ""
    room = ("", "")  # for a hand
    pairs = [
        ("Uwagi", note or DOTS),
        room,
        ("Data", DOTS),
        room,
        ("Podpis właściciela biura", DOTS),
    ]
    return Facts(pairs, title="Przejrzano")


def _moment(moment: datetime | None) -> str:
    return _day(timezone.localdate(moment)) if moment else ""


_day = format_date
