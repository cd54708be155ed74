"""What the engine runs of the watch."""

import pytest
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.office.models import Client
from obieg.watch import tasks
from obieg.watch.completeness.nights import COMPARE
from obieg.watch.models import Alert, Comparison, Post
from tests.watch.test_alerts import fail

pytestmark = pytest.mark.django_db


def test_the_names_that_jobs_carry_are_those_of_the_tasks() -> None:
    assert tasks.send_post.name == Post.JOB
    assert tasks.compare.name == COMPARE


def test_the_engine_looks_and_compares_by_itself() -> None:
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert periodic["watch.look"] == "*/5 * * * *"
    assert periodic["watch.compare_all"] == "37 23 * * *"


def test_a_look_raises_and_a_night_plans(bor: Client) -> None:
    fail(bor)
    tasks.look(0)
    assert Alert.objects.across_clients().count() == 1
    tasks.compare_all(0)
    assert Comparison.objects.of_client(bor).count() == 4
    assert ProcrastinateJob.objects.filter(task_name=COMPARE).count() == 4
