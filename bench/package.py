"""An encrypted package as KSeF gives it, made of invented invoices, and how it is served."""

import base64
import hashlib
import io
import json
import secrets
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Self

import httpx
from lxml import etree

from obieg.core.ksef_number import crc8
from obieg.demo.world.xml import NAMESPACE
from obieg.ksef.content import ContentKey
from obieg.ksef.exports import ExportPackage, Part
from obieg.ksef.moments import format_moment

CHUNK = 64 * 1024
_serial = count(secrets.randbelow(10**12))  # every package has KSeF numbers of its own


@dataclass(frozen=True, slots=True)
class Sealed:
    """A package of one part: what KSeF says of it, its key, and the encrypted file."""

    manifest: ExportPackage
    key: ContentKey
    part: Path

    def http(self) -> httpx.Client:
        """A connection that serves the part from its file, so that no network is measured."""
        return httpx.Client(
            transport=httpx.MockTransport(lambda _: httpx.Response(200, content=self.chunks()))
        )

    def chunks(self) -> Iterator[bytes]:
        """The encrypted bytes, in a stream."""
        with self.part.open("rb") as source:
            while chunk := source.read(CHUNK):
                yield chunk

    def to_json(self) -> str:
        """For another process."""
        return json.dumps(
            {
                "manifest": self.manifest.to_dict(),
                "key": self.key.key.hex(),
                "iv": self.key.iv.hex(),
                "part": str(self.part),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """What `to_json` gave."""
        stored = json.loads(text)
        return cls(
            ExportPackage.from_dict(stored["manifest"]),
            ContentKey(bytes.fromhex(stored["key"]), bytes.fromhex(stored["iv"])),
            Path(stored["part"]),
        )


def seal(invoices: Sequence[bytes], scratch: Path) -> Sealed:
    """The invoices as a package that KSeF has just made, its part in `scratch`."""
    plain = zipped(invoices)
    key = ContentKey.new()
    body = b"".join(key.encrypt([plain]))
    path = scratch / f"part-{next(_serial)}.aes"
    path.write_bytes(body)
    part = Part(
        ordinal=1,
        name="part-0001",
        method="GET",
        url="http://bench.invalid/part-0001",
        size=len(plain),
        hash=digest(plain),
        encrypted_size=len(body),
        encrypted_hash=digest(body),
        expires_at=datetime.now(UTC) + timedelta(hours=1),
    )
    return Sealed(manifest_of(part, len(invoices)), key, path)


def manifest_of(part: Part, invoices: int) -> ExportPackage:
    """A package that reaches up to the present."""
    return ExportPackage(
        invoice_count=invoices,
        size=part.size,
        parts=(part,),
        is_truncated=False,
        last_issue_date=None,
        last_invoicing_date=None,
        last_permanent_storage_date=None,
        permanent_storage_hwm_date=datetime.now(UTC),
    )


def zipped(invoices: Sequence[bytes]) -> bytes:
    """The zip file with the invoices and `_metadata.json`."""
    stored = datetime.now(UTC)
    entries = []
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for xml in invoices:
            entry = described(xml, stored)
            entries.append(entry)
            archive.writestr(f"{entry['ksefNumber']}.xml", xml)
        archive.writestr("_metadata.json", json.dumps({"invoices": entries}))
    return body.getvalue()


def described(xml: bytes, stored: datetime) -> dict[str, object]:
    """InvoiceMetadata, as far as anybody reads it."""
    root = etree.fromstring(xml)
    field = {"f": NAMESPACE}
    seller, buyer = (
        root.findtext(f"f:Podmiot{n}/f:DaneIdentyfikacyjne/f:NIP", namespaces=field) or ""
        for n in (1, 2)
    )
    body = f"{seller}-{stored:%Y%m%d}-{next(_serial):012X}"
    moment = format_moment(stored)
    return {
        "ksefNumber": f"{body}-{crc8(body.encode()):02X}",
        "invoiceNumber": root.findtext("f:Fa/f:P_2", namespaces=field),
        "invoiceType": "Vat",
        "issueDate": root.findtext("f:Fa/f:P_1", namespaces=field),
        "invoicingDate": moment,
        "acquisitionDate": moment,
        "permanentStorageDate": moment,
        "invoiceHash": digest(xml),
        "seller": {"nip": seller},
        "buyer": {"identifier": {"type": "Nip", "value": buyer}},
        "hasAttachment": False,
    }


def digest(content: bytes) -> str:
    """SHA-256 in Base64."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
