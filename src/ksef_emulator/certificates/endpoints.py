"""Operations of /certificates."""

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from ksef_emulator.auth.records import Method
from ksef_emulator.certificates.issuing import enrollment_data, issue, key_hash, read_request
from ksef_emulator.certificates.records import (
    KEPT,
    Certificate,
    CertificateStatus,
    CertificateType,
    Enrollment,
    certificates,
    certificates_of,
    enrollments,
    put_certificate,
)
from ksef_emulator.clock import to_micros
from ksef_emulator.errors import BadRequest, Forbidden, Gone, invalid
from ksef_emulator.limits.sessions import subject_limits
from ksef_emulator.operation import Call, operation
from ksef_emulator.wire import Choice, Model, Page

SERIAL = r"^[0-9A-F]{16}$"
NAME = r"^[a-zA-Z0-9_\- ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]+$"
Serial = Annotated[str, StringConstraints(pattern=SERIAL)]


class Enroll(Model):
    """POST /certificates/enrollments."""

    certificate_name: str = Field(min_length=5, max_length=100, pattern=NAME)
    certificate_type: CertificateType
    csr: str
    valid_from: AwareDatetime | None = None


class Retrieve(Model):
    """POST /certificates/retrieve."""

    certificate_serial_numbers: list[Serial] = Field(min_length=1, max_length=10)


class RevocationReason(Choice):
    """Why a certificate is revoked."""

    UNSPECIFIED = "Unspecified"
    SUPERSEDED = "Superseded"
    KEY_COMPROMISE = "KeyCompromise"


class Revoke(Model):
    """POST /certificates/{certificateSerialNumber}/revoke."""

    revocation_reason: RevocationReason | None = None


class CertificateQuery(Model):
    """POST /certificates/query."""

    certificate_serial_number: Serial | None = None
    name: str | None = None
    type: CertificateType | None = None
    status: CertificateStatus | None = None
    expires_after: AwareDatetime | None = None


class CertificatePage(Page):
    """Paging of certificates."""

    page_size: int = Field(default=10, ge=10, le=50)


class UpdateCertificate(Model):
    """PUT /testdata/certificates/{serialNumber}."""

    valid_to: AwareDatetime


@operation("GET", "/certificates/limits")
def limits(call: Call) -> dict[str, Any]:
    """How many certificates the caller may still have."""
    allowed = subject_limits(call.world, call.authentication.subject.identifier)
    asked, held = _counts(call)
    enrollments_left = max(allowed.max_enrollments - asked, 0)
    certificates_left = max(allowed.max_certificates - held, 0)
    by_token = call.authentication.method is Method.TOKEN
    return {
        "canRequest": bool(enrollments_left and certificates_left) and not by_token,
        "enrollment": {"remaining": enrollments_left, "limit": allowed.max_enrollments},
        "certificate": {"remaining": certificates_left, "limit": allowed.max_certificates},
    }


def _counts(call: Call) -> tuple[int, int]:
    """Requests made and live certificates of the caller."""
    subject, now = call.authentication.subject.identifier, call.world.clock.now()
    asked = enrollments(call.world).find(owner=str(subject))
    held = [
        certificate
        for certificate in certificates_of(call.world, subject)
        if certificate.status_at(now) is CertificateStatus.ACTIVE
    ]
    return len(asked), len(held)


@operation("GET", "/certificates/enrollments/data")
def data_for_enrollment(call: Call) -> dict[str, Any]:
    """What the request must say."""
    if call.authentication.method is Method.TOKEN:
        raise BadRequest(
            25001,
            "Brak możliwości pobrania danych do CSR dla wykorzystanego sposobu uwierzytelnienia.",
        )
    return dict(enrollment_data(call.authentication.subject))


@operation("POST", "/certificates/enrollments", status=202)
def enroll(call: Call) -> dict[str, Any]:
    """Ask for a certificate."""
    body = call.body(Enroll)
    if call.authentication.method is Method.TOKEN:
        raise BadRequest(
            25002,
            "Brak możliwości złożenia wniosku certyfikacyjnego dla wykorzystanego sposobu"
            " uwierzytelnienia.",
        )
    subject = call.authentication.subject
    request = read_request(body.csr, subject)
    _check_limits(call)
    world, now = call.world, call.world.clock.now()
    enrollment = Enrollment(
        reference=world.numbering.reference("EC", now),
        subject=subject.identifier,
        requested=now,
        ready=to_micros(now + timedelta(seconds=world.settings.processing_delay)),
        code=world.settings.processing_failure or 200,
    )
    foreign = [
        certificate
        for certificate in certificates(world).find(tag=key_hash(request))
        if certificate.subject != subject.identifier
    ]
    if foreign:
        detail = "Klucz publiczny został już certyfikowany przez inny podmiot."
        enrollment = enrollment.model_copy(update={"code": 400, "details": (detail,)})
    elif enrollment.code == 200:
        issued = issue(
            world,
            request,
            subject,
            name=body.certificate_name,
            kind=body.certificate_type,
            valid_from=body.valid_from,
        )
        put_certificate(world, issued)
        enrollment = enrollment.model_copy(update={"serial": issued.serial})
    owner = str(subject.identifier)
    enrollments(world).put(enrollment.reference, enrollment, owner=owner)
    return {"referenceNumber": enrollment.reference, "timestamp": now.isoformat()}


def _check_limits(call: Call) -> None:
    allowed = subject_limits(call.world, call.authentication.subject.identifier)
    asked, held = _counts(call)
    if asked >= allowed.max_enrollments:
        raise BadRequest(25006, "Osiągnięto limit możliwych do złożenia wniosków certyfikacyjnych.")
    if held >= allowed.max_certificates:
        raise BadRequest(25007, "Osiągnięto limit dopuszczalnej liczby posiadanych certyfikatów.")


DESCRIPTIONS = {
    100: "Wniosek przyjęty do realizacji",
    200: "Wniosek obsłużony (certyfikat wygenerowany)",
    400: "Wniosek odrzucony",
    500: "Nieznany błąd",
    550: "Operacja została anulowana przez system",
}


@operation("GET", "/certificates/enrollments/{referenceNumber}")
def enrollment_status(call: Call) -> dict[str, Any]:
    """What became of a request."""
    found = enrollments(call.world).get(call.reference())
    if found is None or found.subject != call.authentication.subject.identifier:
        raise BadRequest(
            25005, "Wniosek certyfikacyjny o podanym numerze referencyjnym nie istnieje."
        )
    if call.world.clock.now() > found.requested + KEPT:
        raise Gone
    done = call.world.clock.micros() >= found.ready
    code = found.code if done else 100
    status: dict[str, Any] = {"code": code, "description": DESCRIPTIONS[code]}
    if done and found.details:
        status["details"] = list(found.details)
    body: dict[str, Any] = {"requestDate": found.requested.isoformat(), "status": status}
    if done and found.serial:
        body["certificateSerialNumber"] = found.serial
    return body


@operation("POST", "/certificates/retrieve")
def retrieve(call: Call) -> dict[str, Any]:
    """Certificates by their serial numbers."""
    body = call.body(Retrieve)
    found = [_own(call, serial) for serial in body.certificate_serial_numbers]
    if any(certificate is None for certificate in found):
        raise invalid("'certificateSerialNumbers': Certyfikat o podanym numerze nie istnieje.")
    return {
        "certificates": [
            {
                "certificate": certificate.der,
                "certificateName": certificate.name,
                "certificateSerialNumber": certificate.serial,
                "certificateType": certificate.type,
            }
            for certificate in found
            if certificate is not None
        ]
    }


def _own(call: Call, serial: str) -> Certificate | None:
    """The caller's certificate, whichever of his identifiers it bears."""
    subject = call.authentication.subject.identifier
    for certificate in certificates_of(call.world, subject):
        if certificate.serial == serial:
            return certificate
    return None


@operation("POST", "/certificates/{certificateSerialNumber}/revoke", status=204)
def revoke(call: Call) -> None:
    """End a certificate at once."""
    if call.content.strip():
        call.body(Revoke)
    if call.authentication.method is Method.TOKEN:
        raise Forbidden(
            "auth-method-not-allowed",
            "Ta operacja nie jest dostępna dla użytej metody uwierzytelnienia.",
            authenticationMethodCategory="Token",
        )
    certificate = _named(call, call.path("certificateSerialNumber"), "certificateSerialNumber")
    now = call.world.clock.now()
    if certificate.status_at(now) is not CertificateStatus.ACTIVE:
        raise BadRequest(
            25009,
            "Nie można odwołać wskazanego certyfikatu, ponieważ jest już odwołany, zablokowany"
            " lub nieważny.",
        )
    put_certificate(call.world, certificate.model_copy(update={"revoked": now}))


def _named(call: Call, serial: str, field: str) -> Certificate:
    if not re.fullmatch(SERIAL, serial):
        raise invalid(f"'{field}': Nieprawidłowy format.")
    certificate = _own(call, serial)
    if certificate is None:
        raise BadRequest(25008, "Certyfikat o podanym numerze seryjnym nie istnieje.")
    return certificate


@operation("POST", "/certificates/query")
def query(call: Call) -> dict[str, Any]:
    """The caller's certificates, the newest first."""
    page = call.query(CertificatePage)
    wanted = call.body(CertificateQuery) if call.content.strip() else CertificateQuery()
    now = call.world.clock.now()
    found = [
        certificate
        for certificate in certificates_of(call.world, call.authentication.subject.identifier)
        if wanted.certificate_serial_number in {None, certificate.serial}
        and (wanted.name is None or wanted.name.lower() in certificate.name.lower())
        and wanted.type in {None, certificate.type}
        and wanted.status in {None, certificate.status_at(now)}
        and (wanted.expires_after is None or certificate.valid_to > wanted.expires_after)
    ]
    start = page.page_offset * page.page_size
    end = start + page.page_size
    shown = [certificate.as_json(now) for certificate in found[start:end]]
    return {"certificates": shown, "hasMore": len(found) > end}


@operation("PUT", "/testdata/certificates/{serialNumber}")
def update(call: Call) -> None:
    """Change when a certificate ends."""
    body = call.body(UpdateCertificate)
    certificate = _named(call, call.path("serialNumber"), "serialNumber")
    put_certificate(call.world, certificate.model_copy(update={"valid_to": body.valid_to}))
