"""The entries of the trail in Polish: what was done, and which facts it changed."""

import re
from dataclasses import dataclass
from typing import Any

from obieg.core.days import read_day
from obieg.core.polish import format_date, today
from obieg.office.models import Event
from obieg.office.rights import OfficeRole

DEEDS = {
    "accept": "przyjęcie w KSeF",
    "acknowledge": "przyjęcie do wiadomości",
    "add": "dodanie",
    "again": "ponowienie",
    "answer": "odpowiedź",
    "appeared": "nadanie poza Obiegiem",
    "approve": "zatwierdzenie",
    "ask": "zlecenie",
    "ask_client": "prośba do klienta",
    "begin": "rozpoczęcie",
    "cancel": "anulowanie",
    "change_identity": "zmiana NIP lub identyfikatora",
    "choose_credential": "wybór poświadczenia",
    "claim": "rozpoczęcie wysyłki",
    "close": "zamykanie",
    "closed": "zamknięcie",
    "conclude": "zakończenie",
    "confirm": "potwierdzenie",
    "correct": "poprawka",
    "create": "utworzenie",
    "deadline": "nowy termin",
    "delete": "usunięcie",
    "depart": "odejście osoby",
    "done": "wykonanie",
    "download": "pobranie pliku",
    "edit": "zmiana",
    "elsewhere": "numer KSeF wpisany ręcznie",
    "end": "koniec",
    "end_cooperation": "koniec współpracy",
    "enrol": "wniosek o certyfikat",
    "expire": "wygaśnięcie",
    "export": "eksport",
    "export_again": "ponowny eksport",
    "fail": "niepowodzenie",
    "failed": "niepowodzenie",
    "fetch_period": "pobranie okresu",
    "forget": "usunięcie danych",
    "found": "odnalezienie w KSeF",
    "generate": "wygenerowanie",
    "give_back": "zwrot do wysyłki",
    "group": "ustawienie dla podobnych",
    "heed": "sprawdzenie ostrzeżenia",
    "hold": "wstrzymanie",
    "import": "wczytanie z pliku",
    "issue": "wystawienie",
    "keep": "zapis w sejfie",
    "know": "uznanie za znanego",
    "leave": "porzucenie",
    "login": "logowanie",
    "logout": "wylogowanie",
    "offline": "tryb offline",
    "online": "tryb zwykły",
    "open": "otwarcie",
    "order": "zlecenie",
    "outside": "poza KSeF",
    "propose": "nowa propozycja",
    "prune": "usunięcie po terminie",
    "ready": "gotowe",
    "refuse": "odmowa",
    "reject": "odrzucenie",
    "release": "wycofanie zlecenia",
    "remove": "usunięcie",
    "reopen": "ponowne otwarcie",
    "repeat": "ponowienie",
    "return": "powrót osoby",
    "revoke": "unieważnienie w KSeF",
    "revoke_token": "unieważnienie tokena",
    "run": "wykonywanie",
    "save": "zmiana",
    "search": "wyszukanie osoby",
    "send": "zlecenie wysyłki",
    "sent": "wysłanie",
    "settle": "przejrzenie zmian",
    "show": "pokazanie",
    "shred": "zniszczenie w sejfie",
    "synchronise_now": "synchronizacja na żądanie",
    "take_over": "przejęcie użycia",
    "tidy": "porządki",
    "try": "próba połączenia",
    "undo": "cofnięcie",
    "vanished": "odebranie poza Obiegiem",
    "withdraw": "wycofanie z użycia",
}
FACTS = {
    "account": "konto",
    "active": "czynny",
    "address": "adres",
    "amount": "kwota",
    "browser": "przeglądarka",
    "can_delegate": "z prawem przekazania",
    "closed_at": "zamknięto",
    "confidence": "pewność",
    "credential": "poświadczenie",
    "credentials": "poświadczeń",
    "environment": "środowisko",
    "error_text": "błąd",
    "exchange_rate": "kurs",
    "fingerprint": "odcisk",
    "gross": "brutto",
    "held": "uprawnienia",
    "holder": "uprawniony",
    "is_active": "aktywny",
    "issue_date": "data wystawienia",
    "issues": "biuro wysyła sprzedaż",
    "kind": "rodzaj",
    "ksef_code": "kod KSeF",
    "ksef_number": "numer KSeF",
    "ksef_text": "odpowiedź KSeF",
    "label": "nazwa",
    "left_on": "nie pracuje od",
    "login": "login",
    "name": "nazwa",
    "nip": "NIP",
    "note": "uwaga",
    "number": "numer",
    "offline_deadline": "wyślij do",
    "offline_mode": "tryb",
    "on_trial": "na próbie",
    "period": "okres",
    "quarter": "kwartał",
    "reason": "powód",
    "reference": "numer w KSeF",
    "role": "rola",
    "scope": "uprawnienie",
    "scopes": "uprawnienia",
    "sees_all_clients": "widzi wszystkich klientów",
    "serial": "numer certyfikatu",
    "state": "stan",
    "tokens": "tokenów",
    "usage": "przeznaczenie",
    "without_second_factor": "bez drugiego składnika",
}
VALUES = {
    "accepted": "przyjęte w KSeF",
    "approved": "zatwierdzone",
    "asked": "zlecone",
    "asking": "zapytano KSeF",
    "authentication": "logowanie do KSeF",
    "cancelled": "anulowane",
    "certificate": "certyfikat",
    "closed": "zamknięte",
    "closing": "zamykane",
    "confirmed": "z UPO",
    "done": "gotowe",
    "draft": "szkic",
    "ended": "zakończone",
    "exported": "wyeksportowane",
    "failed": "nieudane",
    "new": "nowe",
    "open": "otwarte",
    "opening": "otwierane",
    "production": "produkcyjne",
    "queued": "w kolejce",
    "ready": "gotowe do wysyłki",
    "refused": "odmowa",
    "rejected": "odrzucone",
    "running": "w toku",
    "sending": "wysyłane",
    "sent": "wysłane",
    "signature": "podpis poza Obiegiem",
    "to_approve": "do zatwierdzenia",
    "to_classify": "do ręcznej klasyfikacji",
    "token": "token",
    "trial": "na próbie",
    **{role.value: str(role.label).lower() for role in OfficeRole},
}
_ISO = re.compile(r"20\d\d-[01]\d-[0-3]\d")
MOST, LONGEST = 4, 80  # facts of one entry on the page, and signs of one value


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of an entry: what it was before and what it is since."""

    label: str
    before: str
    after: str


def deed(event: Event) -> str:
    """What was done, in Polish; a deed without a Polish word as it is written."""
    return DEEDS.get(event.kind, event.kind)


def facts(event: Event) -> list[Fact]:
    """The first facts that changed and have a Polish name; the page keeps all behind them."""
    changed = (name for name in FACTS if event.before.get(name) != event.after.get(name))
    told = (
        Fact(FACTS[name], _text(event.before.get(name)), _text(event.after.get(name)))
        for name in changed
    )
    return [fact for fact in told if fact.before or fact.after][:MOST]


def _text(value: Any) -> str:
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return "tak" if value else "nie"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = VALUES.get(text, text)
    if _ISO.fullmatch(text) and (day := read_day(text, near=today())):
        return format_date(day)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
