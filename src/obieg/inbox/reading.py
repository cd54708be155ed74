"""Reading one received file: a document with its columns, or the reason why it is kept aside."""

import base64
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from obieg.fa.errors import UnreadableInvoice
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.inbox.columns import columns_of
from obieg.inbox.errors import HashDiffers, LeftOut, NoMetadata, ReaderDefect

log = logging.getLogger(__name__)

# What a mistake of our own reader may raise; it must not stop the other documents.
DEFECTS = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Marks:
    """What KSeF says about a document beside its bytes."""

    stored_at: datetime  # permanentStorageDate
    acquired_at: datetime  # acquisitionDate
    sha256: str  # invoiceHash, Base64


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came, with what KSeF says about it; no `marks` where that is nothing."""

    ksef_number: str
    name: str
    xml: bytes
    marks: Marks | None
    left_out: str = ""  # why its bytes did not come (`PackageFile`)


@dataclass(frozen=True, slots=True)
class Readable:
    """A file that turned out to be an invoice."""

    file: Received
    marks: Marks
    document: Invoice
    columns: tuple[Any, ...]  # rows.columns_of


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be read, and why."""

    file: Received
    error: UnreadableInvoice


def read(file: Received) -> Readable | Refused:
    """What `file` turns out to be: whatever is wrong stays with this file."""
    try:
        return _read(file)
    except UnreadableInvoice as error:
        return Refused(file, error)


def _read(file: Received) -> Readable:
    if file.left_out:
        raise LeftOut(reason=file.left_out)
    if file.marks is None:
        raise NoMetadata
    if digest_of(file.xml) != file.marks.sha256:
        raise HashDiffers
    try:
        document = parse(file.xml)
        return Readable(file, file.marks, document, columns_of(document))
    except DEFECTS as defect:
        log.exception("the reader failed on %s", file.ksef_number)
        raise ReaderDefect(defect=type(defect).__name__) from defect


def digest_of(xml: bytes) -> str:
    """SHA-256 in Base64, as KSeF's invoiceHash."""
    return base64.b64encode(hashlib.sha256(xml).digest()).decode()
