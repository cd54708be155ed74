"""Putting work into the engine's queue as a part of the transaction that asks for it."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

# Inside a worker the engine's own connector has connections of its own, so that a job would be
# there although the transaction that asked for it was rolled back.
_IN_THIS_TRANSACTION = JobManager(DjangoConnector())


def enqueue(
    name: str,
    arguments: dict[str, int],
    *,
    once: str,
    lock: str | None = None,
    at: datetime | None = None,
) -> bool:
    """Queue the task `name` for `at`, by default now; False where one waits under `once` already.

    Jobs with the same `lock` go one after another, on every machine, by the engine's means.
    """
    job = configure_task(
        name=name,
        job_manager=_IN_THIS_TRANSACTION,
        lock=lock,
        queueing_lock=once,
        schedule_at=at,
    )
    try:
        with transaction.atomic():  # a refused insert must not spoil the caller's transaction
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def withdraw(once: str) -> None:
    """Take the job that waits under `once` out of the queue; one that runs goes on."""
    waiting = ProcrastinateJob.objects.filter(queueing_lock=once, status="todo")
    for job_id in waiting.values_list("pk", flat=True):
        _IN_THIS_TRANSACTION.cancel_job_by_id(job_id)
