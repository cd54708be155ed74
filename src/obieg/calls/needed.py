"""What Obieg needs to be permitted at a client, beside what KSeF said is held."""

from dataclasses import dataclass
from datetime import datetime

from obieg.calls.trial import READ, WRITE
from obieg.office.models import Client, Event
from obieg.vault.models import Credential, CredentialKind


@dataclass(frozen=True, slots=True)
class Need:
    """One permission, and what does not work without it."""

    code: str
    name: str
    why: str
    is_required: bool


NEEDS = (
    Need(READ, "przeglądanie faktur", "pobieranie zakupów i sprzedaży", is_required=True),
    Need(WRITE, "wystawianie faktur", "wysyłka sprzedaży i korekt, UPO", is_required=False),
    Need(
        "CredentialsRead",
        "przeglądanie uprawnień",
        "strona uprawnień w KSeF i pełna lista tokenów",
        is_required=False,
    ),
    Need(
        "CredentialsManage",
        "zarządzanie uprawnieniami",
        "nadawanie uprawnień i unieważnianie cudzych tokenów",
        is_required=False,
    ),
)

OF_ITS_MAKER = (
    "Token ma prawa nadane mu na zawsze, i tylko te, które jego autor nadal ma. Wygeneruj nowy z "
    "tym prawem albo przejdź na certyfikat."
)
BY_OFFICE = "Klient nadaje je w KSeF na NIP biura."
BY_CLIENT = (
    "Nadaje je w KSeF osoba, która zarządza uprawnieniami klienta, temu, na kogo jest certyfikat."
)
BY_OPERATOR = "Klient nadaje je w KSeF operatorowi, którego jest to poświadczenie."


@dataclass(frozen=True, slots=True)
class Comparison:
    """The permissions of a credential at a client; `held` is None before the first trial."""

    credential: Credential
    held: frozenset[str] | None
    at: datetime | None

    @property
    def rows(self) -> list[tuple[Need, bool | None]]:
        """Every need, and whether it is met; None where nobody knows."""
        return [(need, None if self.held is None else need.code in self.held) for need in NEEDS]

    @property
    def missing(self) -> list[Need]:
        return [need for need, met in self.rows if met is False]

    @property
    def is_stopped(self) -> bool:
        """Whether something is missing without which nothing works."""
        return any(need.is_required for need in self.missing)

    @property
    def remedy(self) -> str:
        """Who gives what is missing; Polish."""
        if self.credential.kind == CredentialKind.TOKEN:
            return OF_ITS_MAKER
        if self.credential.operator_id is not None:
            return BY_OPERATOR
        return BY_OFFICE if self.credential.client_id is None else BY_CLIENT


def compare(client: Client, credential: Credential) -> Comparison:
    """The needs beside what the last trial of the credential at this very client told."""
    told = (
        Event.objects.of_client(client)
        .filter(thing="vault.credential", thing_id=credential.pk, kind="try")
        .order_by("-pk")
        .first()
    )
    if told is None or told.after.get("environment") != credential.environment:
        return Comparison(credential, None, None)
    return Comparison(credential, frozenset(told.after["held"]), told.at)
