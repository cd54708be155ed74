"""Where the time of an ingest goes: `python -m bench.profiling [invoices]`, by cProfile."""

import cProfile
import pstats
import sys

from bench.office import own_database


def main(invoices: int) -> None:
    """Take one package in under the profiler and print the dearest functions."""
    with own_database() as scratch:
        from bench.ingest import ingest
        from bench.package import seal
        from bench.world import documents, found_bench

        bench = found_bench()
        xml = documents(bench.firm, invoices)
        ingest(bench, seal(xml[:50], scratch), scratch)
        sealed = seal(xml, scratch)
        profile = cProfile.Profile()
        profile.runcall(ingest, bench, sealed, scratch)
        for order in ("cumulative", "tottime"):
            pstats.Stats(profile).sort_stats(order).print_stats(45)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
