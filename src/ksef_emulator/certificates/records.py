"""Certificates that the emulator issued, and the requests for them."""

from datetime import datetime, timedelta
from typing import Any

from ksef_emulator.identifiers import Identifier
from ksef_emulator.permissions.effective import identities
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World


class CertificateType(Choice):
    """What a certificate is for; never for both."""

    AUTHENTICATION = "Authentication"
    OFFLINE = "Offline"


class CertificateStatus(Choice):
    """The life of a certificate."""

    ACTIVE = "Active"
    BLOCKED = "Blocked"
    REVOKED = "Revoked"
    EXPIRED = "Expired"


class Certificate(Model):
    """One certificate; `valid_to` may differ from the DER where test data changed it."""

    serial: str  # 16 capital hexadecimal digits
    name: str
    type: CertificateType
    subject: Identifier
    common_name: str
    requested: datetime
    valid_from: datetime
    valid_to: datetime
    der: str  # Base64
    key_hash: str
    revoked: datetime | None = None
    last_use: datetime | None = None

    def status_at(self, moment: datetime) -> CertificateStatus:
        """Revoked, expired or active."""
        if self.revoked is not None:
            return CertificateStatus.REVOKED
        expired = moment > self.valid_to
        return CertificateStatus.EXPIRED if expired else CertificateStatus.ACTIVE

    def as_json(self, moment: datetime) -> dict[str, Any]:
        """The specification's CertificateListItem."""
        return {
            "certificateSerialNumber": self.serial,
            "name": self.name,
            "type": self.type,
            "commonName": self.common_name,
            "status": self.status_at(moment),
            "subjectIdentifier": self.subject.model_dump(),
            "validFrom": self.valid_from.isoformat(),
            "validTo": self.valid_to.isoformat(),
            "lastUseDate": self.last_use and self.last_use.isoformat(),
            "requestDate": self.requested.isoformat(),
        }


class Enrollment(Model):
    """One request for a certificate and its outcome."""

    reference: str
    subject: Identifier
    requested: datetime
    ready: int  # microseconds: until then its status is "in progress"
    code: int
    details: tuple[str, ...] = ()
    serial: str | None = None


KEPT = timedelta(days=30)


def certificates(world: World) -> Shelf[Certificate]:
    """Certificates by serial number, owned by their subject, tagged by their key."""
    return Shelf(world.db, "certificate", Certificate)


def enrollments(world: World) -> Shelf[Enrollment]:
    """Requests by reference number, owned by their subject."""
    return Shelf(world.db, "enrollment", Enrollment)


def put_certificate(world: World, certificate: Certificate) -> None:
    """Store a new or changed certificate."""
    owner = str(certificate.subject)
    certificates(world).put(certificate.serial, certificate, owner=owner, tag=certificate.key_hash)


def certificates_of(world: World, subject: Identifier) -> list[Certificate]:
    """The subject's certificates under every identifier of his, the newest first."""
    found = [
        certificate
        for self_ in identities(world, subject)
        for certificate in certificates(world).find(owner=str(self_))
    ]
    return sorted(found, key=lambda certificate: certificate.requested, reverse=True)
