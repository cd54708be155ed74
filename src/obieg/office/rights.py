"""What an operator may do: single rights, and the roles made of them."""

from django.db.models import TextChoices


class Right(TextChoices):
    SEE = "see", "przeglądanie"
    IMPORT = "import", "pobieranie i wczytywanie"
    POST = "post", "dekretacja i zatwierdzanie"
    ISSUE = "issue", "wystawianie sprzedaży"
    SEND = "send", "wysyłka do KSeF i pobieranie UPO"
    EDIT_KSEF = "edit_ksef", "edycja danych KSeF"
    CREDENTIALS = "credentials", "poświadczenia"
    PERMISSIONS = "permissions", "uprawnienia w KSeF"
    RULES = "rules", "reguły i ustawienia księgowania"
    AUDIT = "audit", "wgląd w ślad rewizyjny"
    ADMINISTER = "administer", "administracja biurem"


class OfficeRole(TextChoices):
    OWNER = "owner", "Właściciel"
    CHIEF = "chief", "Główna księgowa"
    ACCOUNTANT = "accountant", "Księgowa"
    SENDER = "sender", "Wystawiający i wysyłający"
    READER = "reader", "Tylko wgląd"
    TECHNICAL = "technical", "Techniczny"


# What these open is worth a second factor: KSeF itself, and who else may log in.
GUARDED = frozenset({Right.CREDENTIALS, Right.PERMISSIONS, Right.ADMINISTER})

_DESK = frozenset({Right.SEE, Right.IMPORT, Right.POST, Right.ISSUE, Right.SEND})

RIGHTS_OF_ROLE: dict[str, frozenset[Right]] = {
    OfficeRole.OWNER: frozenset(Right),
    OfficeRole.CHIEF: _DESK | {Right.EDIT_KSEF, Right.RULES, Right.AUDIT, Right.PERMISSIONS},
    OfficeRole.ACCOUNTANT: _DESK | {Right.RULES},
    OfficeRole.SENDER: frozenset({Right.SEE, Right.ISSUE, Right.SEND}),
    OfficeRole.READER: frozenset({Right.SEE}),
    OfficeRole.TECHNICAL: frozenset({Right.SEE, Right.CREDENTIALS, Right.ADMINISTER}),
}
