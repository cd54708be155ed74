"""KSeF's own limits are asked for each night, and no client without access is in the way."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.calls.models import ToldRates
from obieg.calls.told_rates import LEARN_RATES, SPREAD, ask_for, ask_for_all
from obieg.office.models import Client

pytestmark = pytest.mark.django_db(transaction=True)


def test_every_served_client_is_asked_for_once_within_an_hour(client_with_token: Client) -> None:
    Client.objects.create(nip="9990000014", name="Żółw")
    Client.objects.create(nip="9990000020", name="Dawny klient", active=False)

    assert ask_for_all() == 2
    assert ask_for_all() == 0  # they still wait
    jobs = ProcrastinateJob.objects.filter(task_name=LEARN_RATES).order_by("scheduled_at")
    first, last = jobs
    assert first.scheduled_at is not None
    assert last.scheduled_at is not None
    assert timedelta() < last.scheduled_at - first.scheduled_at < SPREAD


def test_what_ksef_tells_is_kept(client_with_token: Client) -> None:
    assert ask_for(client_with_token.pk)
    assert ToldRates.objects.filter(context=client_with_token.nip).exists()


def test_a_client_without_access_is_passed_over() -> None:
    client = Client.objects.create(nip="9990000014", name="Żółw", environment="emulator")
    assert not ask_for(client.pk)
