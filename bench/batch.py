"""Batches: packing invoices against zip and AES of the same bytes, and the memory it takes."""

import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.table import Result, at_most
from obieg.ksef.content import ContentKey

INVOICES = 10_000
ROUNDS = 3
AIM_TIMES = 1.5  # of the time of zip and AES alone
AIM_MEGABYTES = 200
CHUNK = 256 * 1024


def run(scratch: Path) -> list[Result]:
    """The best of rounds that take turns; memory in a process of its own."""
    folder = scratch / "sales"
    written(folder)
    floor, packing = [], []
    for _ in range(ROUNDS):
        floor.append(seconds(lambda: zip_and_encrypt(folder, scratch)))
        packing.append(seconds(lambda: pack_all(folder, scratch)))
    return [
        at_most(
            f"paczka {INVOICES} faktur wobec zip + AES",
            min(packing),
            AIM_TIMES,
            unit="s",
            floor=min(floor),
        ),
        at_most(f"pamięć paczki {INVOICES} faktur", peak(folder), AIM_MEGABYTES, unit="MB"),
    ]


def written(folder: Path) -> None:
    """Invented invoices as files, so that nothing but packing is in the measured process."""
    from bench.world import BUYER, documents, world

    folder.mkdir()
    for place, xml in enumerate(documents(world().clients[BUYER], INVOICES)):
        (folder / f"{place:05d}.xml").write_bytes(xml)


def read(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The invoices, one at a time."""
    for path in sorted(folder.iterdir()):
        yield path.name, path.read_bytes()


def seconds(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def zip_and_encrypt(folder: Path, scratch: Path) -> None:
    """The floor: a zip file by the standard library, encrypted in a stream, no hashes."""
    packed = scratch / "floor.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in read(folder):
            archive.writestr(name, xml)
    with packed.open("rb") as source, (scratch / "floor.aes").open("wb") as target:
        chunks = iter(lambda: source.read(CHUNK), b"")
        target.writelines(ContentKey.new().encrypt(chunks))


def pack_all(folder: Path, scratch: Path) -> None:
    """What a batch takes: checked, packed, hashed, cut, encrypted, hashed."""
    from obieg.ksef.batch import pack

    pack(read(folder), ContentKey.new(), scratch / "parts")


def peak(folder: Path) -> float:
    """The peak of resident memory in MB of a fresh process that packs."""
    child = [sys.executable, "-m", "bench.batch", str(folder)]
    done = subprocess.run(child, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1]) / 1024


def main(folder: Path) -> None:
    """In the child: pack and say the peak in kB; VmHWM is of this program alone."""
    pack_all(folder, folder.parent)
    status = Path("/proc/self/status").read_text()
    print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
