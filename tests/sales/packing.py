"""Claims and packs a client's batch in a process of its own and tells how much memory that took.

Run as a program with the id of the client; prints the peak of its memory before and after, in
megabytes.
"""

import base64
import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from obieg.core.polish import today
from tests.inbox.storing import _peak
from tests.ksef_emulator.invoices import BUYER, fa3

AT_ONCE = 500


def queue_many(client: Any, count: int, *, lines: int = 8) -> None:
    """Documents of `client` that wait for a batch."""
    from obieg.sales.models import Sale, SaleXml

    for first in range(0, count, AT_ONCE):
        numbers = [f"FV/{place}/11/2026" for place in range(first, min(first + AT_ONCE, count))]
        xmls = [
            fa3(number, seller=client.nip, buyer=BUYER, issued=today(), lines=lines)
            for number in numbers
        ]
        hashes = [base64.b64encode(hashlib.sha256(xml).digest()).decode() for xml in xmls]
        sales = Sale.objects.bulk_create(
            Sale(
                client=client,
                origin="xml",
                state="ready",
                kind="VAT",
                number=number,
                issue_date=today(),
                version=1,
                queued_version=1,
                queued_way="batch",
                sha256=digest,
            )
            for number, digest in zip(numbers, hashes, strict=True)
        )
        SaleXml.objects.bulk_create(
            SaleXml(sale=sale, version=1, sha256=sale.sha256, size=len(xml), content=xml)
            for sale, xml in zip(sales, xmls, strict=True)
        )


def peak_of_packing(client_id: int, database_url: str, data: Path) -> tuple[int, int]:
    """The peak memory (MB) of a fresh process before and after it packed the client's batch."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.sales.packing", str(client_id)],
        env=os.environ | {"DATABASE_URL": database_url, "OBIEG_DATA": str(data)},
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    before, after = told.stdout.split()[-2:]
    return int(before), int(after)


def main(client_id: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "obieg.config.settings"
    import django

    django.setup()
    from obieg.office.models import Client
    from obieg.sales.sending import batch

    client = Client.objects.across_clients().get(pk=client_id)
    before = _peak()
    (session,) = batch.claim_due(client)
    batch.package_of(session)
    print(before, _peak())


if __name__ == "__main__":
    main(int(sys.argv[1]))
