"""What sessions are asked with, as the SDK takes it: forms, invoices, packages."""

import base64

from ksef_client.models import (
    BatchFileInfo,
    BatchFilePartInfo,
    CompressionType,
    EncryptionInfo,
    OpenBatchSessionRequest,
    OpenBatchSessionResponse,
    OpenOnlineSessionRequest,
    SendInvoiceRequest,
)
from ksef_client.models import FormCode as GivenForm

from obieg.ksef.batch import Packed, sha256_of
from obieg.ksef.content import ContentKey
from obieg.ksef.forms import FormCode
from obieg.ksef.upload import OpenedBatch, PartUpload

HASH_BYTES = 32


def online_opening(form: FormCode, encryption: EncryptionInfo) -> OpenOnlineSessionRequest:
    """POST /sessions/online."""
    return OpenOnlineSessionRequest(encryption=encryption, form_code=_form(form))


def invoice_sending(
    xml: bytes, key: ContentKey, *, offline: bool, corrects: bytes | None
) -> SendInvoiceRequest:
    """POST /sessions/online/{referenceNumber}/invoices; a technical correction is offline."""
    if corrects is not None and len(corrects) != HASH_BYTES:
        raise ValueError("a SHA-256 has 32 bytes")
    cipher = b"".join(key.encrypt([xml]))
    return SendInvoiceRequest(
        encrypted_invoice_content=base64.b64encode(cipher).decode(),
        encrypted_invoice_hash=sha256_of(cipher),
        encrypted_invoice_size=len(cipher),
        invoice_hash=sha256_of(xml),
        invoice_size=len(xml),
        offline_mode=offline or corrects is not None,
        hash_of_corrected_invoice=(
            None if corrects is None else base64.b64encode(corrects).decode()
        ),
    )


def batch_opening(
    form: FormCode, encryption: EncryptionInfo, package: Packed, *, offline: bool
) -> OpenBatchSessionRequest:
    """POST /sessions/batch."""
    parts = [
        BatchFilePartInfo(file_hash=part.sha256, file_size=part.size, ordinal_number=part.ordinal)
        for part in package.parts
    ]
    return OpenBatchSessionRequest(
        batch_file=BatchFileInfo(
            file_hash=package.sha256,
            file_parts=parts,
            file_size=package.size,
            compression_type=CompressionType(package.compression),
        ),
        encryption=encryption,
        form_code=_form(form),
        offline_mode=offline,
    )


def opened_batch(answer: OpenBatchSessionResponse) -> OpenedBatch:
    """The session and where its parts go, in their order."""
    uploads = [
        PartUpload(
            given.ordinal_number,
            given.method,
            given.url,
            {name: value for name, value in given.headers.items() if value is not None},
        )
        for given in answer.part_upload_requests
    ]
    ordered = tuple(sorted(uploads, key=lambda upload: upload.ordinal))
    return OpenedBatch(str(answer.reference_number), ordered)


def _form(form: FormCode) -> GivenForm:
    return GivenForm(
        system_code=form.system_code, schema_version=form.schema_version, value=form.value
    )
