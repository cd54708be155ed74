"""Ingest: from the encrypted package to queued dekrets, against the least that could be done."""

import time
import zipfile
from pathlib import Path
from statistics import median

from django.db import connection, transaction
from lxml import etree

from bench.package import Sealed, seal
from bench.table import Result, at_least, at_most
from bench.world import Bench, documents, found_bench
from obieg.inbox import packages, store
from obieg.inbox.models import Package
from obieg.inbox.states import PackageState
from obieg.ksef.packages import fetch_package

INVOICES = 2_000
ROUNDS = 3
AIM_RATIO = 3
AIM_RATE = 300  # invoices a second


def run(scratch: Path) -> list[Result]:
    """Floor and ingest in turns; the medians count."""
    bench = found_bench()
    invoices = documents(bench.firm, INVOICES)
    ingest(bench, seal(invoices[:50], scratch), scratch)  # warm up, and the first history
    floors, real = [], []
    for _ in range(ROUNDS):
        sealed = seal(invoices, scratch)
        floors.append(floor(sealed, scratch))
        real.append(ingest(bench, sealed, scratch))
    taken = median(real)
    return [
        at_most(f"przyjęcie {INVOICES} faktur", taken, AIM_RATIO, unit="s", floor=median(floors)),
        at_least("przyjęcie, tempo", INVOICES / taken, AIM_RATE, unit="faktur/s"),
    ]


def ingest(bench: Bench, sealed: Sealed, scratch: Path) -> float:
    """Seconds that inbox's own path takes for the package."""
    package = ready_package(bench, sealed)
    directory = scratch / f"package-{package.pk}"
    started = time.perf_counter()
    path = fetch_package(sealed.manifest, sealed.key, directory, http=sealed.http())
    tally = store.store_package(package, path)
    taken = time.perf_counter() - started
    path.unlink()
    if tally.stored != sealed.manifest.invoice_count:
        raise RuntimeError(f"stored {tally.stored} of {sealed.manifest.invoice_count}")
    return taken


def ready_package(bench: Bench, sealed: Sealed) -> Package:
    """A package of the channel that KSeF has got ready."""
    bench.channel.refresh_from_db(from_queryset=type(bench.channel).objects.across_clients())
    package = packages.claim(bench.channel)
    package.advance(PackageState.ORDERED, reference="bench")
    packages.accept(package, sealed.manifest)
    return package


def floor(sealed: Sealed, scratch: Path) -> float:
    """Seconds to decrypt, unzip, parse with lxml and COPY the raw rows, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS bench_raw"
            " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, xml bytea)"
        )
    plain = scratch / "floor.zip"
    started = time.perf_counter()
    with plain.open("wb") as target:
        for chunk in sealed.key.decrypt(sealed.chunks()):
            target.write(chunk)
    statement = "COPY bench_raw (name, xml) FROM STDIN (FORMAT BINARY)"
    with (
        zipfile.ZipFile(plain) as archive,
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        copy.set_types(["text", "bytea"])
        for name in archive.namelist():
            if name.endswith(".xml"):
                xml = archive.read(name)
                etree.fromstring(xml)
                copy.write_row((name, xml))
    taken = time.perf_counter() - started
    plain.unlink()
    return taken
