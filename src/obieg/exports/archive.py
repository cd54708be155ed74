"""The ZIP of an export: the CSV and every document's XML as KSeF holds it."""

import io
import zipfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from obieg.core.polish import WARSAW
from obieg.exports.csv_format import csv_file
from obieg.inbox.models import InvoiceXml
from obieg.office.models import Client
from obieg.posting.books import tax_shares_of
from obieg.posting.models import Dekret, DekretLine, Profile

CSV_NAME = "dekrety.csv"
FOLDER = "faktury"


def archive_of(client: Client, dekrets: Sequence[Dekret], moment: datetime) -> bytes:
    """The bytes of the ZIP; `dekrets` come with their invoices."""
    profile = Profile.objects.of_client(client).first() or Profile(client=client)
    lines = _lines(client, dekrets)
    shares = tax_shares_of(client.pk)
    table = csv_file(((dekret, lines[dekret.pk]) for dekret in dekrets), profile, shares)
    names = {dekret.invoice_id: dekret.invoice.ksef_number for dekret in dekrets}
    stored = InvoiceXml.objects.of_client(client).filter(pk__in=names).order_by("pk")
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        _add(archive, CSV_NAME, table, moment)
        for invoice_id, xml in stored.values_list("pk", "xml").iterator(chunk_size=200):
            _add(archive, f"{FOLDER}/{names[invoice_id]}.xml", bytes(xml), moment)
    return body.getvalue()


def _lines(client: Client, dekrets: Sequence[Dekret]) -> dict[int, list[DekretLine]]:
    lines: dict[int, list[DekretLine]] = defaultdict(list)
    rows = DekretLine.objects.of_client(client).filter(dekret__in=[d.pk for d in dekrets])
    for line in rows.order_by("dekret", "position"):
        lines[line.dekret_id].append(line)
    return lines


def _add(archive: zipfile.ZipFile, name: str, content: bytes, moment: datetime) -> None:
    entry = zipfile.ZipInfo(name, moment.astimezone(WARSAW).timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
