"""Stores a package in a process of its own and tells how much memory that took.

Run as a program with the id of a package that is ready and the path of its zip file; prints the
peak of its memory before and after, in megabytes.
"""

import base64
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from obieg.core.ksef_number import crc8
from tests.ksef_emulator.invoices import fa3, nip

SELLERS = [nip(number) for number in range(40)]


def make_package(path: Path, *, invoices: int, buyer: str, lines: int = 8, first: int = 0) -> None:
    """A package as KSeF packs it, of `invoices` documents with `lines` rows each."""
    moment = datetime(2026, 10, 1, tzinfo=UTC)
    entries = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for place in range(first, first + invoices):
            seller = SELLERS[place % len(SELLERS)]
            xml = fa3(f"FV/{place}/2026", seller=seller, buyer=buyer, lines=lines)
            number = ksef_number(seller, place)
            archive.writestr(f"{number}.xml", xml)
            entries.append(_entry(number, seller, buyer, xml, moment + timedelta(seconds=place)))
        archive.writestr("_metadata.json", json.dumps({"invoices": entries}))


def ksef_number(seller: str, place: int) -> str:
    unique = hashlib.sha256(str(place).encode()).hexdigest()[:12].upper()
    body = f"{seller}-20261001-{unique}"
    return f"{body}-{crc8(body.encode()):02X}"


def _entry(number: str, seller: str, buyer: str, xml: bytes, moment: datetime) -> dict[str, object]:
    return {
        "ksefNumber": number,
        "invoiceNumber": "FV",
        "invoiceType": "Vat",
        "issueDate": "2026-10-01",
        "invoicingDate": moment.isoformat(),
        "acquisitionDate": moment.isoformat(),
        "permanentStorageDate": moment.isoformat(),
        "invoiceHash": base64.b64encode(hashlib.sha256(xml).digest()).decode(),
        "seller": {"nip": seller},
        "buyer": {"identifier": {"type": "Nip", "value": buyer}},
        "hasAttachment": False,
    }


def peak_of_storing(package_id: int, path: Path, database_url: str) -> tuple[int, int]:
    """The peak memory (MB) of a fresh process before and after it stored the package."""
    program = [sys.executable, "-m", "tests.inbox.storing", str(package_id), str(path)]
    told = subprocess.run(
        program,
        env=os.environ | {"DATABASE_URL": database_url},
        cwd=Path(__file__).parents[2],
        check=True,
        capture_output=True,
        text=True,
    )
    before, after = told.stdout.split()[-2:]
    return int(before), int(after)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "obieg.config.settings"
    import django

    django.setup()
    from obieg.inbox.models import Package
    from obieg.inbox.signals import invoices_stored
    from obieg.inbox.store import store_package

    invoices_stored.receivers.clear()
    packages = Package.objects.across_clients().select_related("channel__client")
    package = packages.get(pk=int(sys.argv[1]))
    before = _peak()
    store_package(package, Path(sys.argv[2]))
    print(before, _peak())


def _peak() -> int:
    # not ru_maxrss, which a child inherits from the process that started it
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


if __name__ == "__main__":
    main()
