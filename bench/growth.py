"""Growth: the same ingest with nothing, 100,000 and 1,000,000 invoices stored before it."""

from pathlib import Path
from statistics import median

from bench.filling import fill_to
from bench.ingest import ingest
from bench.package import seal
from bench.table import Result, at_most
from bench.world import documents, found_bench

INVOICES = 1_000
ROUNDS = 3
SIZES = (100_000, 1_000_000)
AIM = 1.2


def run(scratch: Path) -> list[Result]:
    """Compares each size with the empty database of the same run."""
    empty = measured(scratch)
    results = []
    for size in SIZES:
        fill_to(size)
        results.append(
            at_most(
                f"przyjęcie {INVOICES} przy {size:,} zapisanych".replace(",", " "),
                measured(scratch),
                AIM,
                unit="s",
                floor=empty,
            )
        )
    return results


def measured(scratch: Path) -> float:
    """The median of some rounds, after one that warms up."""
    bench = found_bench()
    invoices = documents(bench.firm, INVOICES)
    taken = [ingest(bench, seal(invoices, scratch), scratch) for _ in range(ROUNDS + 1)]
    return median(taken[1:])
