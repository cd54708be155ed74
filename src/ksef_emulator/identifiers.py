"""Identifiers of KSeF: parties, reference numbers, KSeF numbers."""

import random
import re
import threading
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, StringConstraints

WARSAW = ZoneInfo("Europe/Warsaw")

NIP_PATTERN = r"^[1-9]((\d[1-9])|([1-9]\d))\d{7}$"
PESEL_PATTERN = (
    r"^\d{2}(?:0[1-9]|1[0-2]|2[1-9]|3[0-2]|4[1-9]|5[0-2]|6[1-9]|7[0-2]|8[1-9]|9[0-2])\d{7}$"
)
INTERNAL_ID_PATTERN = r"^[1-9]((\d[1-9])|([1-9]\d))\d{7}-\d{5}$"
PEPPOL_ID_PATTERN = r"^P[A-Z]{2}[0-9]{6}$"
VAT_UE_PATTERN = (
    r"(ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}"
    r"|ES([A-Z]\d{8}|\d{8}[A-Z]|[A-Z]\d{7}[A-Z])|FI\d{8}|FR[A-Z0-9]{2}\d{9}|HR\d{11}|HU\d{8}"
    r"|IE(\d{7}[A-Z]{2}|\d[A-Z0-9+*]\d{5}[A-Z])|IT\d{11}|LT(\d{9}|\d{12})|LU\d{8}|LV\d{11}"
    r"|MT\d{8}|NL[A-Z0-9+*]{12}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}"
    r"|XI((\d{9}|\d{12})|(GD|HA)\d{3}))"
)
NIP_VAT_UE_PATTERN = r"^[1-9]((\d[1-9])|([1-9]\d))\d{7}-" + VAT_UE_PATTERN + "$"
FINGERPRINT_PATTERN = r"^[0-9A-F]{64}$"
KSEF_NUMBER_PATTERN = (
    r"^([1-9](\d[1-9]|[1-9]\d)\d{7})-(20[2-9][0-9]|2[1-9]\d{2}|[3-9]\d{3})(0[1-9]|1[0-2])"
    r"(0[1-9]|[12]\d|3[01])-([0-9A-F]{6})-?([0-9A-F]{6})-([0-9A-F]{2})$"
)

Nip = Annotated[str, StringConstraints(pattern=NIP_PATTERN)]
Pesel = Annotated[str, StringConstraints(pattern=PESEL_PATTERN)]
KsefNumber = Annotated[str, StringConstraints(pattern=KSEF_NUMBER_PATTERN)]
ReferenceNumber = Annotated[str, StringConstraints(min_length=36, max_length=36)]


class IdentifierType(StrEnum):
    """Every kind of identifier that a context or a subject may have."""

    NIP = "Nip"
    PESEL = "Pesel"
    FINGERPRINT = "Fingerprint"
    INTERNAL_ID = "InternalId"
    NIP_VAT_UE = "NipVatUe"
    PEPPOL_ID = "PeppolId"


PATTERNS = {
    IdentifierType.NIP: NIP_PATTERN,
    IdentifierType.PESEL: PESEL_PATTERN,
    IdentifierType.FINGERPRINT: FINGERPRINT_PATTERN,
    IdentifierType.INTERNAL_ID: INTERNAL_ID_PATTERN,
    IdentifierType.NIP_VAT_UE: NIP_VAT_UE_PATTERN,
    IdentifierType.PEPPOL_ID: PEPPOL_ID_PATTERN,
}


class Identifier(BaseModel):
    """A typed identifier of a context or a subject."""

    model_config = ConfigDict(frozen=True)

    type: IdentifierType
    value: str

    def __str__(self) -> str:
        return f"{self.type}:{self.value}"

    @property
    def nip(self) -> str | None:
        """The NIP that the identifier is or begins with (`NIP-12345`, `NIP-DE…`), if any."""
        if self.type in {IdentifierType.INTERNAL_ID, IdentifierType.NIP_VAT_UE}:
            return self.value[:10]
        return self.value if self.type is IdentifierType.NIP else None

    @property
    def is_well_formed(self) -> bool:
        """Whether the value follows the pattern of its type."""
        return re.match(PATTERNS[self.type], self.value) is not None


def nip(value: str) -> Identifier:
    """The identifier of a firm by its NIP."""
    return Identifier(type=IdentifierType.NIP, value=value)


def crc8(text: str) -> str:
    """CRC-8 with polynomial 0x07 and initial value 0, as two capital hexadecimal digits."""
    crc = 0
    for byte in text.encode("ascii"):
        crc = CRC_TABLE[crc ^ byte]
    return f"{crc:02X}"


def _crc_of_byte(crc: int) -> int:
    for _ in range(8):
        crc = ((crc << 1) ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc


CRC_TABLE = tuple(_crc_of_byte(value) for value in range(256))


class Numbering:
    """Source of reference numbers and KSeF numbers; deterministic under a seed."""

    def __init__(self, seed: int | None) -> None:
        self._random = random.Random(seed)  # noqa: S311  # numbers, not secrets
        self._lock = threading.Lock()

    def reference(self, kind: str, now: datetime) -> str:
        """`YYYYMMDD-XX-10HEX-10HEX-2HEX`, 36 characters; `kind` is the pair XX."""
        body = f"{now:%Y%m%d}-{kind}-{self._hex(10)}-{self._hex(10)}"
        return f"{body}-{crc8(body)}"

    def ksef_number(self, seller_nip: str, accepted: datetime) -> str:
        """A KSeF number of 35 characters for an invoice accepted at `accepted`."""
        day = accepted.astimezone(WARSAW)
        body = f"{seller_nip}-{day:%Y%m%d}-{self._hex(12)}"
        return f"{body}-{crc8(body)}"

    def collective(self, seller_nip: str, made: datetime) -> str:
        """A collective identifier of 35 characters."""
        day = made.astimezone(WARSAW)
        body = f"{seller_nip}-IZ{day:%Y%m}-{self._hex(12)}"
        return f"{body}-{crc8(body)}"

    def serial(self) -> str:
        """A certificate's serial number: 16 hexadecimal digits, never negative, never short."""
        return f"0{self._hex(15)}"

    def uuid(self) -> str:
        """An identifier in the shape of a UUID, as permissions have."""
        digits = self._hex(32).lower()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def _hex(self, length: int) -> str:
        with self._lock:
            return f"{self._random.getrandbits(length * 4):0{length}X}"
