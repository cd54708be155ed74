"""A branch in KSeF: its head makes it, and its administrator lets an office in."""

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ksef_emulator.testing import Emulator
from obieg.office.models import Client
from obieg.vault.credentials import add_certificate
from obieg.vault.models import Credential
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.ksef_user import KsefUser

FIRM = {"subjectDetailsType": "EntityByIdentifier", "entityByIdentifier": {"fullName": "Centrala"}}
PERSON = {
    "subjectDetailsType": "PersonByIdentifier",
    "personById": {"firstName": "Anna", "lastName": "Próbna"},
}
ADMINISTRATOR = "9990000070"  # whom the head makes the administrator of its unit


def make_unit(emulator: Emulator, head: str, unit: str) -> None:
    """The head's owner makes the unit by naming its administrator (SubunitManage)."""
    _grant(
        KsefUser(emulator).log_in(head),
        "subunits/grants",
        {
            "subjectIdentifier": {"type": "Nip", "value": ADMINISTRATOR},
            "contextIdentifier": {"type": "InternalId", "value": unit},
            "subunitName": "Oddział próbny",
            "subjectDetails": PERSON,
        },
    )


def let_in(emulator: Emulator, unit: str, whom: str) -> None:
    """The administrator, in the unit's own context, lets a firm read and issue."""
    administrator = seal(ADMINISTRATOR)
    _grant(
        KsefUser(emulator).log_in(unit, administrator, context="InternalId"),
        "entities/grants",
        {
            "subjectIdentifier": {"type": "Nip", "value": whom},
            "permissions": [
                {"type": kind, "canDelegate": False} for kind in ("InvoiceRead", "InvoiceWrite")
            ],
            "subjectDetails": {"fullName": "Biuro próbne"},
        },
    )


def certificate_of(nip: str, client: Client | None, environment: str = "emulator") -> Credential:
    """The certificate of the firm `nip`, kept for the client or, with None, as the office's."""
    identity = seal(nip)
    return add_certificate(
        client,
        identity.certificate.public_bytes(Encoding.DER),
        identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        environment=environment,
        label=f"certyfikat {nip}",
        actor=None,
    )


def _grant(user: KsefUser, path: str, body: dict[str, object]) -> None:
    answer = user.post(f"/permissions/{path}", {"description": "Próbne nadanie", **body})
    assert answer.status_code == 202, answer.text
    reference = answer.json()["referenceNumber"]
    status = user.get(f"/permissions/operations/{reference}").json()["status"]
    user.close()
    assert status["code"] == 200, status
