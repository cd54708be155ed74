"""Memory: the peak of a process that takes a package in, a small one and a large one."""

import subprocess
import sys
from pathlib import Path

from bench.package import Sealed, seal
from bench.table import Result, at_most

SMALL, LARGE = 1_000, 10_000
AIM_MEGABYTES = 300
AIM_GROWTH = 1.2  # of the peak for ten times the invoices: flat


def run(scratch: Path) -> list[Result]:
    """Each size in a process of its own, because a peak never falls."""
    small, large = peak(scratch, SMALL), peak(scratch, LARGE)
    return [
        at_most(f"pamięć przy {LARGE} fakturach", large, AIM_MEGABYTES, unit="MB"),
        at_most(f"pamięć: {LARGE} wobec {SMALL}", large, AIM_GROWTH, unit="MB", floor=small),
    ]


def peak(scratch: Path, invoices: int) -> float:
    """The peak of resident memory in MB."""
    from bench.world import documents, found_bench

    sealed = seal(documents(found_bench().firm, invoices), scratch)
    order = scratch / "sealed.json"
    order.write_text(sealed.to_json())
    child = [sys.executable, "-m", "bench.memory", str(order)]
    done = subprocess.run(child, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / 1024


def main(order: Path) -> None:
    """In the child: take the package in and say the peak in kB.

    VmHWM is of this program alone; getrusage would count what the parent had before the start.
    """
    import django

    django.setup()
    from bench.ingest import ingest
    from bench.world import found_bench

    ingest(found_bench(), Sealed.from_json(order.read_text()), order.parent)
    status = Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
