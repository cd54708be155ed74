"""The emulator must never be the bottleneck of the product's benchmarks."""

import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from ksef_emulator.testing import running_emulator
from tests.ksef_emulator.invoices import many, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.sending import packed, send_batch
from tests.ksef_emulator.test_download import restricted

SELLER, BUYER = nip(8100), nip(8101)


@pytest.mark.slow
def test_ten_thousand_invoices_are_sent_and_exported_in_time():
    files = packed(many(10_000, sellers=[SELLER], buyers=[BUYER]))
    with running_emulator(rate_limits="off") as emulator:
        user = KsefUser(emulator).log_in(SELLER)
        start = time.monotonic()
        ended = send_batch(user, files)
        assert ended["successfulInvoiceCount"] == 10_000
        assert time.monotonic() - start < 60
        user.log_in(BUYER)
        start = time.monotonic()
        package, unpacked = user.export(restricted())
        assert (package["invoiceCount"], len(unpacked)) == (10_000, 10_001)
        assert time.monotonic() - start < 10
        user.close()


@pytest.mark.slow
def test_a_month_of_an_office_is_put_in_quickly():
    sellers, buyers = [nip(8200 + n) for n in range(50)], [nip(8300 + n) for n in range(150)]
    files = many(12_000, sellers=sellers, buyers=buyers)
    with running_emulator() as emulator:
        start = time.monotonic()
        answer = emulator.control.put_invoices(files)
        assert len(answer["accepted"]) == 12_000
        assert time.monotonic() - start < 40  # 6 s on a core of one's own


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="reads memory from /proc")
def test_a_package_lies_on_the_disk_not_in_memory(tmp_path):
    size = 60_000_000
    options = ["--port", "0", "--rate-limits", "off", "--data", str(tmp_path / "ksef.db")]
    command = [sys.executable, "-m", "ksef_emulator", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            user = KsefUser(SimpleNamespace(url=process.stdout.readline().split()[-1]))
            user.log_in(SELLER)
            before = peak(process.pid)
            files = {f"{place}.xml": os.urandom(1_000_000) for place in range(size // 1_000_000)}
            ended = send_batch(user, packed(files), parts=4)
            assert ended["failedInvoiceCount"] == len(files), "random bytes are no invoices"
            assert peak(process.pid) - before < 100_000_000, "without streaming it is 150 and more"
            user.close()
        finally:
            process.terminate()


def peak(process):
    """The most memory that a process ever had, in bytes."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
