"""What the audit's page lists: the filters in its address."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from obieg.core.days import read_day
from obieg.core.polish import WARSAW, today
from obieg.office.models import Event, Operator
from obieg.office.scope import ScopedQuerySet

PAGE = 100

THINGS = {
    "office.client": "klient",
    "office.operator": "operator",
    "logins.tries": "blokada logowania",
    "vault.credential": "poświadczenie",
    "vault.token_request": "token KSeF",
    "vault.review": "przegląd poświadczeń",
    "permissions.order": "zlecenie uprawnień w KSeF",
    "permissions.grant": "uprawnienie w KSeF",
    "permissions.known": "znana osoba",
    "permissions.client": "uprawnienia klienta",
    "permissions.letter": "prośba o uprawnienia",
    "permissions.office": "dane biura w KSeF",
    "posting.dekret": "dekret",
    "posting.rule": "reguła",
    "sales.sale": "dokument sprzedaży",
    "sales.session": "sesja KSeF",
    "sales.api_token": "klucz API",
    "vault.enrolment": "wniosek o certyfikat",
    "vault.move": "przejście na certyfikat",
    "calls.ending": "koniec współpracy",
    "calls.revocation": "unieważnienie w KSeF",
    "calls.renewalsettings": "odnawianie poświadczeń",
    "posting.profile": "konta domyślne",
    "posting.outside": "zakup spoza KSeF",
    "posting.link": "powiązanie dokumentów",
    "posting.chart": "plan kont",
    "posting.period": "okres księgowy",
    "posting.office": "ustawienia ksiąg",
    "sales.profile": "ustawienia sprzedaży",
    "sales.contractor": "kontrahent",
    "sales.outage": "przerwa w pracy KSeF",
    "mail.server": "serwer poczty",
    "mail.letter": "list",
    "inbox.client": "synchronizacja",
    "watch.settings": "ustawienia nadzoru",
    "watch.alert": "alert",
    "watch.post": "wywołanie webhooka",
    "audit.pruning": "usunięcie starych wpisów",
    "retention.periods": "okresy przechowywania",
    "retention.tidying": "nocne sprzątanie",
    "retention.hold": "wstrzymanie usunięcia danych",
    "retention.handover": "wydanie danych klienta",
    "retention.erasure": "usunięcie danych klienta",
    "retention.person": "wyszukanie danych osoby",
}


class Selection(NamedTuple):
    """What the address asks for; what it says wrongly is as if it were not said."""

    client: int | None = None
    actor: int | None = None
    thing: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    before: int | None = None  # the key of the page: ids below it

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Selection":
        return cls(
            client=_number(query.get("klient")),
            actor=_number(query.get("kto")),
            thing=query.get("co", ""),
            kind=query.get("czyn", ""),
            since=_day(query.get("od")),
            until=_day(query.get("do")),
            before=_number(query.get("przed")),
        )

    def events(self, operator: Operator) -> ScopedQuerySet[Event]:
        """The entries that `operator` may see, the newest first."""
        found = Event.objects.visible_to(operator).select_related("client", "actor")
        exact = {
            "client_id": self.client,
            "actor_id": self.actor,
            "thing": self.thing,
            "kind": self.kind,
        }
        found = found.filter(**{name: value for name, value in exact.items() if value})
        if self.since:
            found = found.filter(at__gte=_start(self.since))
        if self.until:
            found = found.filter(at__lt=_start(self.until + timedelta(days=1)))
        if self.before:
            found = found.filter(pk__lt=self.before)
        return found.order_by("-pk")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _day(text: str | None) -> date | None:
    return read_day(text or "", near=today())


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), WARSAW)
