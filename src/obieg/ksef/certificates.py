"""KSeF's own certificates: limits, the data of a request, the request, what came of it."""

import base64
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier
from ksef_client.clients.certificates import CertificatesClient
from ksef_client.models import (
    CertificateListItem,
    CertificateListItemStatus,
    CertificateRevocationReason,
    EnrollCertificateRequest,
    KsefCertificateType,
    QueryCertificatesRequest,
    RetrieveCertificatesRequest,
    RevokeCertificateRequest,
)

from obieg.ksef.channel import Channel, Result
from obieg.ksef.invoice_status import worded
from obieg.ksef.moments import parse_moment
from obieg.ksef.rates import Group

Purpose = Literal["Authentication", "Offline"]
Reason = Literal["Unspecified", "Superseded", "KeyCompromise"]
Status = Literal["Active", "Blocked", "Revoked", "Expired"]
PAGE_SIZE = 50  # certificates, KSeF API 2.9, the largest page
NAME_LONGEST = 100  # characters of certificateName
SERIAL = re.compile(r"[0-9A-F]{16}")  # certificateSerialNumber
# statuses of an enrolment, KSeF API 2.9; below 200 it is being processed
ISSUED, FIRST_REFUSAL = 200, 400
# CIRFMF/ksef-docs, certyfikaty-KSeF.md, in the table's order
ATTRIBUTES = {
    "commonName": NameOID.COMMON_NAME,
    "surname": NameOID.SURNAME,
    "serialNumber": NameOID.SERIAL_NUMBER,
    "countryName": NameOID.COUNTRY_NAME,
    "organizationName": NameOID.ORGANIZATION_NAME,
    "givenName": NameOID.GIVEN_NAME,
    "uniqueIdentifier": NameOID.X500_UNIQUE_IDENTIFIER,
    "organizationIdentifier": ObjectIdentifier("2.5.4.97"),
}


@dataclass(frozen=True, slots=True)
class CertificateLimits:
    """What the one who logged in may still ask for."""

    may_ask: bool
    requests_left: int
    certificates_left: int


@dataclass(frozen=True, slots=True)
class EnrolmentStatus:
    """What became of a request; with `serial` the certificate is there."""

    code: int
    text: str
    serial: str | None

    @property
    def is_issued(self) -> bool:
        return self.code == ISSUED and self.serial is not None

    @property
    def is_refused(self) -> bool:
        return self.code >= FIRST_REFUSAL


@dataclass(frozen=True, slots=True)
class CertificateEntry:
    """A certificate as KSeF lists it; `status` Active, Blocked, Revoked, Expired."""

    serial: str
    name: str
    purpose: str
    status: str
    valid_from: datetime
    valid_to: datetime

    @classmethod
    def read(cls, given: CertificateListItem) -> Self:
        """The SDK's entry as ours."""
        return cls(
            serial=given.certificate_serial_number,
            name=given.name,
            purpose=str(given.type.value),
            status=str(given.status.value),
            valid_from=parse_moment(given.valid_from),
            valid_to=parse_moment(given.valid_to),
        )


class Certificates:
    """The certificates of the one who logged in, whatever the context he logged in to.

    Every method makes one call, counted first. KSeF takes requests only from who logged in by
    signature: with a token it refuses (KsefRefused 25001, 25002).
    """

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def limits(self) -> CertificateLimits:
        """How many more there may be. GET /certificates/limits."""

        def read(client: CertificatesClient, token: str) -> CertificateLimits:
            told = client.get_limits(token)
            return CertificateLimits(
                told.can_request, told.enrollment.remaining, told.certificate.remaining
            )

        return self._call("GET /certificates/limits", read)

    def enrolment_data(self) -> dict[str, str | list[str]]:
        """The subject that a request must name, exactly. GET /certificates/enrollments/data."""
        return self._call(
            "GET /certificates/enrollments/data",
            lambda client, token: client.get_enrollment_data(token).to_dict(),
        )

    def enrol(self, *, name: str, purpose: Purpose, csr: bytes) -> str:
        """Send the request (PKCS#10, DER); its reference. POST /certificates/enrollments.

        `name` has 5 to 100 letters, digits, spaces, hyphens or underscores. Raises KsefRefused:
        25003 (another subject), 25006, 25007 (limits), 25010, 25011 (key, signature).
        """
        request = EnrollCertificateRequest(
            certificate_name=name,
            certificate_type=KsefCertificateType(purpose),
            csr=base64.b64encode(csr).decode(),
        )
        return self._call(
            "POST /certificates/enrollments",
            lambda client, token: str(
                client.send_enrollment(request, access_token=token).reference_number
            ),
            success=202,
        )

    def enrolment_status(self, reference: str) -> EnrolmentStatus:
        """What became of a request. GET /certificates/enrollments/{referenceNumber}."""

        def read(client: CertificatesClient, token: str) -> EnrolmentStatus:
            told = client.get_enrollment_status(reference, access_token=token)
            text = worded(told.status.description, tuple(told.status.details or ()))
            return EnrolmentStatus(told.status.code, text, told.certificate_serial_number)

        return self._call("GET /certificates/enrollments/{referenceNumber}", read)

    def retrieve(self, serials: Sequence[str]) -> dict[str, bytes]:
        """Certificates (DER) by serial number, at most ten. POST /certificates/retrieve."""
        request = RetrieveCertificatesRequest(certificate_serial_numbers=[*serials])

        def read(client: CertificatesClient, token: str) -> dict[str, bytes]:
            told = client.retrieve_certificate(request, access_token=token)
            return {
                one.certificate_serial_number: base64.b64decode(one.certificate)
                for one in told.certificates
            }

        return self._call("POST /certificates/retrieve", read)

    def query(
        self, *, name: str | None = None, purpose: Purpose | None = None, page: int = 0
    ) -> tuple[CertificateEntry, ...]:
        """A page of the certificates ever given, those named like `name`. POST …/query."""
        return self._page(_query(name=name, purpose=purpose), page)[0]

    def every(self, *, status: Status | None = None) -> Iterator[CertificateEntry]:
        """All of them, page after page, the newest first; one call a page. POST …/query."""
        page, more = 0, True
        while more:
            entries, more = self._page(_query(status=status), page)
            yield from entries
            page += 1

    def find(self, serial: str) -> CertificateEntry | None:
        """The certificate of this number; None where it is none of KSeF's or not one's own."""
        if not SERIAL.fullmatch(serial):
            return None
        entries, _ = self._page(_query(serial=serial), 0)
        return next((one for one in entries if one.serial == serial), None)

    def revoke(self, serial: str, *, reason: Reason = "Unspecified") -> None:
        """End a certificate for good. POST /certificates/{certificateSerialNumber}/revoke."""
        request = RevokeCertificateRequest(revocation_reason=CertificateRevocationReason(reason))
        self._call(
            "POST /certificates/{certificateSerialNumber}/revoke",
            lambda client, token: client.revoke_certificate(serial, request, access_token=token),
            success=204,
        )

    def _page(
        self, request: QueryCertificatesRequest, page: int
    ) -> tuple[tuple[CertificateEntry, ...], bool]:
        """A page, and whether another follows."""

        def read(
            client: CertificatesClient, token: str
        ) -> tuple[tuple[CertificateEntry, ...], bool]:
            told = client.query_certificates(
                request, page_size=PAGE_SIZE, page_offset=page, access_token=token
            )
            return tuple(CertificateEntry.read(one) for one in told.certificates), told.has_more

        return self._call("POST /certificates/query", read)

    def _call(
        self,
        operation: str,
        request: Callable[[CertificatesClient, str], Result],
        *,
        success: int = 200,
    ) -> Result:
        return self._channel.call(
            Group.OTHER,
            operation,
            lambda client, token: request(client.certificates, token),
            success=success,
        )


def _query(
    *,
    name: str | None = None,
    purpose: Purpose | None = None,
    status: Status | None = None,
    serial: str | None = None,
) -> QueryCertificatesRequest:
    return QueryCertificatesRequest(
        certificate_serial_number=serial,
        name=name,
        type=None if purpose is None else KsefCertificateType(purpose),
        status=None if status is None else CertificateListItemStatus(status),
    )


def certificate_request(
    data: dict[str, str | list[str]], key: RSAPrivateKey | EllipticCurvePrivateKey
) -> bytes:
    """The request (PKCS#10, DER) for the subject that `enrolment_data` told, signed by `key`."""
    names = [
        x509.NameAttribute(oid, value)
        for field, oid in ATTRIBUTES.items()
        for value in _values(data.get(field))
    ]
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _values(told: str | list[str] | None) -> list[str]:
    """KSeF gives some attributes as one value, some as several, and leaves others out."""
    if told is None:
        return []
    return told if isinstance(told, list) else [told]
