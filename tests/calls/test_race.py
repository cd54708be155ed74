"""Several processes together stay within KSeF's windows, by KSeF's own counting."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from ksef_emulator.testing import Emulator
from obieg.calls.gateways import open_gateway
from obieg.calls.limiter import Key, impose_embargo
from obieg.calls.models import KsefCall
from obieg.ksef.content import ContentKey
from obieg.ksef.rates import SPECIFICATION, Group
from obieg.office.models import Client

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, THREADS, SECONDS = 3, 3, 4
STATUS = "/invoices/exports/"


def run_contenders(client: Client, reference: str, *, processes: int = PROCESSES) -> dict[str, int]:
    """Let `processes` contend for a few seconds; the sum of what came of it."""
    url = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = {
        **os.environ,
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "obieg.config.settings",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    arguments = [str(client.pk), reference, str(SECONDS), str(THREADS)]
    command = [sys.executable, "-m", "tests.calls.contender", *arguments]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, cwd=ROOT, text=True)
        for _ in range(processes)
    ]
    for process in running:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    came = [run for process in running for run in json.loads(process.communicate(timeout=60)[0])]
    assert all(process.returncode == 0 for process in running)
    return {name: sum(run[name] for run in came) for name in came[0]}


def ordered(client: Client) -> str:
    with open_gateway(client, purpose="próba") as gateway:
        start = datetime.now(UTC) - timedelta(days=1)
        return gateway.order_export(
            role="Subject2", window_from=start, window_to=None, key=ContentKey.new()
        )


def most_within(moments: list[datetime], span: timedelta) -> int:
    return max(sum(first <= other < first + span for other in moments) for first in moments)


@pytest.mark.slow
def test_processes_together_never_exceed_a_window(
    emulator: Emulator, client_with_token: Client
) -> None:
    reference = ordered(client_with_token)
    emulator.control.add_fault("latency", path=STATUS, times=None, milliseconds=300, probability=20)
    came = run_contenders(client_with_token, reference)
    served = [r for r in emulator.control.requests() if STATUS in r["path"]]
    rates = SPECIFICATION[Group.INVOICE_EXPORT_STATUS]
    assert rates.per_second
    assert came["refused"] == 0
    assert {request["status"] for request in served} == {200}
    assert came["answered"] == len(served) > rates.per_second
    assert came["waited"] > 0, "they did contend"
    moments = [datetime.fromisoformat(request["at"]) for request in served]
    assert most_within(moments, timedelta(seconds=1)) <= rates.per_second
    rows = KsefCall.objects.of_client(client_with_token).filter(operation__contains="exports/")
    assert rows.filter(status=200).count() == rows.count() == len(served)


@pytest.mark.slow
def test_an_embargo_holds_in_another_process(emulator: Emulator, client_with_token: Client) -> None:
    reference = ordered(client_with_token)
    key = Key("emulator", client_with_token.nip, Group.INVOICE_EXPORT_STATUS)
    impose_embargo(key, timedelta(minutes=5))
    came = run_contenders(client_with_token, reference, processes=1)
    assert (came["answered"], came["refused"]) == (0, 0)
    assert came["waited"] > 0
    assert not [r for r in emulator.control.requests() if STATUS in r["path"]]
