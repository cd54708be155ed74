"""The engine's own worker runs what the inbox queues, and what that queues in turn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.inbox.by_hand import synchronise_now
from obieg.inbox.models import Channel
from tests.inbox.firm import Firm

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _connections_end_with_the_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 0)


@pytest.fixture(autouse=True)
def _empty_queue(transactional_db: None) -> None:
    """Django does not empty the engine's tables between tests: they are not its own."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE")


def work_off() -> None:
    """Let a worker do everything that waits, and end."""
    with app.replace_connector(app.connector.get_worker_connector()):
        app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)


def test_a_worker_brings_everything(firm: Firm) -> None:
    firm.buys(3)
    synchronise_now(firm.client, None)
    for _ in range(20):
        if not ProcrastinateJob.objects.filter(status="todo").exists():
            break
        ProcrastinateJob.objects.filter(status="todo").update(scheduled_at=timezone.now())
        work_off()
    assert firm.holds_everything()
    channels = Channel.objects.of_client(firm.client)
    assert all(channel.last_ok_at for channel in channels)
    assert not ProcrastinateJob.objects.exclude(status="succeeded").exists()


def test_a_limit_schedules_the_job_for_when_it_ends(firm: Firm, ksef: Emulator) -> None:
    path = "/invoices/exports"
    ksef.control.add_fault("status", path=path, status=429, retryAfter=300, times=None)
    synchronise_now(firm.client, None)
    work_off()
    waiting = list(ProcrastinateJob.objects.filter(status="todo"))
    assert len(waiting) == 4
    assert all(job.scheduled_at > timezone.now() + timedelta(minutes=4) for job in waiting)
