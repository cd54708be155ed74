"""Taking files in: every document that is right becomes a draft, every mistake is told."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db import transaction

from obieg.core.errors import UserFixable
from obieg.core.polish import file_size
from obieg.office.models import Client, Operator
from obieg.sales import drafts
from obieg.sales.importing.habits import Habits
from obieg.sales.importing.sheets import read_rows
from obieg.sales.importing.table import RowError, TableDocument, read_documents
from obieg.sales.models import Sale

MOST_FILES = 10_000
LARGEST_XML = 3_000_000  # bytes: KSeF API 2.9, an invoice with attachments
LARGEST_UNPACKED = 1_000_000_000  # bytes of all files of an archive; they are read one by one


class FileError(NamedTuple):
    """What is wrong with one file."""

    name: str
    text: str


class TooManyFiles(UserFixable):
    """The archive holds more than can be taken at once."""

    code = "sales.too_many_files"
    message_pl = "Archiwum ma więcej niż {most} plików. Podziel je na mniejsze."


class TooMuchUnpacked(UserFixable):
    """The archive would unpack to more than can be taken at once."""

    code = "sales.too_much_unpacked"
    message_pl = (
        "Archiwum „{name}” ma po rozpakowaniu {size}, a może mieć najwyżej {most}. "
        "Podziel je na mniejsze."
    )


class BadArchive(UserFixable):
    """The ZIP cannot be opened."""

    code = "sales.bad_archive"
    message_pl = (
        "Nie można otworzyć archiwum „{name}”. Sprawdź, czy to poprawny plik ZIP bez hasła."
    )


@dataclass(slots=True)
class Report:
    """What came of it."""

    drafts: list[Sale] = field(default_factory=list)
    known: list[str] = field(default_factory=list)  # keys taken in before, left as they are
    row_errors: list[RowError] = field(default_factory=list)
    file_errors: list[FileError] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return bool(self.row_errors or self.file_errors)


def import_table(
    client: Client,
    data: bytes,
    *,
    actor: Operator,
    skip_wrong: bool = False,
    again: bool = False,
) -> Report:
    """Drafts from a CSV or XLSX; where any row is wrong nothing is taken, unless `skip_wrong`.

    A document that was taken in before, cell for cell, is not doubled, unless `again`. Raises
    UnreadableTable.
    """
    documents = read_documents(read_rows(data))
    report = Report(row_errors=[error for one in documents for error in one.errors])
    if report.row_errors and not skip_wrong:
        return report
    right = [document for document in documents if document.content is not None]
    with transaction.atomic():
        known, habits = _known_keys(client, right), Habits(client)
        for document in right:
            if document.digest in known and not again:
                report.known.append(document.key)
            elif document.content is not None:
                report.drafts.append(
                    drafts.new_draft(
                        client,
                        habits.complete(document.content),
                        origin=Sale.Origin.FILE,
                        actor=actor,
                        external_id="" if document.digest in known else document.digest,
                    )
                )
    return report


def _known_keys(client: Client, documents: Sequence[TableDocument]) -> set[str]:
    keys = [document.digest for document in documents]
    taken = Sale.objects.of_client(client).filter(external_id__in=keys)
    return set(taken.values_list("external_id", flat=True))


def import_xml(client: Client, uploads: Sequence[tuple[str, bytes]], *, actor: Operator) -> Report:
    """Drafts from XML files, kept byte for byte, or ZIPs of them; a wrong one stops no other."""
    report = Report()
    for name, data in _unpacked(uploads):
        if len(data) > LARGEST_XML:
            text = f"plik jest większy niż {file_size(LARGEST_XML)}"
            report.file_errors.append(FileError(name, text))
            continue
        try:
            with transaction.atomic():
                report.drafts.append(drafts.draft_from_xml(client, data, actor=actor))
        except UserFixable as error:
            report.file_errors.append(FileError(name, str(error)))
    return report


def _unpacked(uploads: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    for name, data in uploads:
        if not data.startswith(b"PK\x03\x04"):
            yield name, data
            continue
        try:
            yield from _members(name, data)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise BadArchive(name=name) from error


def _members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
        if len(files) > MOST_FILES:
            raise TooManyFiles(most=MOST_FILES)
        if (total := sum(one.file_size for one in files)) > LARGEST_UNPACKED:
            raise TooMuchUnpacked(
                name=name, size=file_size(total), most=file_size(LARGEST_UNPACKED)
            )
        for one in files:
            with archive.open(one) as member:
                # a claim that is too small is cut there, and its check sum fails
                yield f"{name}/{one.filename}", member.read(min(one.file_size, LARGEST_XML) + 1)
