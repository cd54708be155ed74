"""What authentication remembers: subjects, challenges, authentications."""

from datetime import datetime
from typing import Any

from ksef_emulator.identifiers import Identifier
from ksef_emulator.wire import Choice, Model


class Method(Choice):
    """How a subject proves itself."""

    TOKEN = "Token"  # noqa: S105  # the specification's word, no secret
    INTERNAL_CERTIFICATE = "InternalCertificate"
    QUALIFIED_SIGNATURE = "QualifiedSignature"
    QUALIFIED_SEAL = "QualifiedSeal"
    PEPPOL_SIGNATURE = "PeppolSignature"


METHOD_NAMES = {
    Method.TOKEN: ("Token", "token.ksef", "Token KSeF"),
    Method.INTERNAL_CERTIFICATE: ("XadesSignature", "xades.ksef", "Certyfikat KSeF"),
    Method.QUALIFIED_SIGNATURE: ("XadesSignature", "xades.signature", "Podpis kwalifikowany"),
    Method.QUALIFIED_SEAL: ("XadesSignature", "xades.seal", "Pieczęć kwalifikowana"),
    Method.PEPPOL_SIGNATURE: ("XadesSignature", "xades.peppol", "Podpis dostawcy usług Peppol"),
}


class Subject(Model):
    """Who authenticates: the identifier that counts, and what the certificate says of him."""

    identifier: Identifier
    fingerprint: str | None = None  # SHA-256 of the certificate, capital hexadecimal
    common_name: str = ""
    country: str | None = None
    given_name: str | None = None
    surname: str | None = None
    serial_number: str | None = None
    organization_name: str | None = None
    organization_identifier: str | None = None
    ksef_serial: str | None = None  # of a certificate that KSeF issued


class AllowedIps(Model):
    """The caller's own restriction of his access tokens to addresses."""

    addresses: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()


class Challenge(Model):
    """A challenge, good for ten minutes and for one use."""

    value: str
    issued: int  # microseconds, whole milliseconds
    used: bool = False


class Outcome(Model):
    """How an authentication ended: the specification's code with its description and details."""

    code: int
    description: str
    details: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The specification's StatusInfo."""
        body: dict[str, Any] = {"code": self.code, "description": self.description}
        return {**body, "details": list(self.details)} if self.details else body


IN_PROGRESS = Outcome(code=100, description="Uwierzytelnianie w toku")
SUCCEEDED = Outcome(code=200, description="Uwierzytelnianie zakończone sukcesem")
NO_PERMISSIONS = Outcome(
    code=415,
    description="Uwierzytelnianie zakończone niepowodzeniem",
    details=("Brak przypisanych uprawnień",),
)
REVOKED = Outcome(
    code=425,
    description="Uwierzytelnienie unieważnione",
    details=("Uwierzytelnienie i powiązane refresh tokeny zostały unieważnione przez użytkownika",),
)
DECEASED = Outcome(
    code=470,
    description="Uwierzytelnianie zakończone niepowodzeniem",
    details=("Próba wykorzystania metod autoryzacyjnych osoby zmarłej",),
)
BLOCKED = Outcome(
    code=480,
    description="Uwierzytelnienie zablokowane",
    details=(
        (
            "Podejrzenie incydentu bezpieczeństwa. Skontaktuj się z Ministerstwem Finansów przez"
            " formularz zgłoszeniowy."
        ),
    ),
)

UNKNOWN = Outcome(code=500, description="Nieznany błąd")
CANCELLED = Outcome(
    code=550,
    description="Operacja została anulowana przez system",
    details=("Przetwarzanie zostało przerwane z przyczyn wewnętrznych systemu. Spróbuj ponownie",),
)
FAILURES = {0: None, 500: UNKNOWN, 550: CANCELLED}


def bad_token(detail: str) -> Outcome:
    """450 with its reason."""
    return Outcome(
        code=450,
        description="Uwierzytelnianie zakończone niepowodzeniem z powodu błędnego tokenu",
        details=(detail,),
    )


def bad_certificate(detail: str) -> Outcome:
    """460 with its reason."""
    return Outcome(
        code=460,
        description="Uwierzytelnianie zakończone niepowodzeniem z powodu błędu certyfikatu",
        details=(detail,),
    )


class Authentication(Model):
    """One authentication and, once redeemed, the session that grew out of it."""

    reference: str
    context: Identifier
    subject: Subject
    method: Method
    started: datetime
    ready: int  # microseconds: until then its status is "in progress"
    outcome: Outcome
    document_hash: str | None = None  # SHA-256 of the signed document, Base64
    token_reference: str | None = None  # the KSeF token, if one was used
    token_permissions: frozenset[str] | None = None
    allowed_ips: AllowedIps | None = None
    redeemed: bool = False
    last_refresh: datetime | None = None
    refresh_until: datetime | None = None

    def status_at(self, now: int) -> Outcome:
        """What a poll at `now` (microseconds) is told."""
        return IN_PROGRESS if now < self.ready else self.outcome

    def as_json(self, now: int) -> dict[str, Any]:
        """The specification's AuthenticationOperationStatusResponse."""
        category, code, name = METHOD_NAMES[self.method]
        return {
            "startDate": self.started.isoformat(),
            "authenticationMethod": self.method,
            "authenticationMethodInfo": {"category": category, "code": code, "displayName": name},
            "status": self.status_at(now).as_json(),
            "isTokenRedeemed": self.redeemed,
            "lastTokenRefreshDate": self.last_refresh and self.last_refresh.isoformat(),
            "refreshTokenValidUntil": self.refresh_until and self.refresh_until.isoformat(),
        }
