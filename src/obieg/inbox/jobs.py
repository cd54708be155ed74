"""Putting work into the engine's queue as a part of the transaction that asks for it."""

from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from obieg.inbox.models import Channel, Package

SYNCHRONISE_CHANNEL = "inbox.synchronise_channel"
CARRY_PACKAGE = "inbox.carry_package"

# Inside a worker the engine's own connector has connections of its own, so that a job would be
# there although the transaction that asked for it was rolled back.
_IN_THIS_TRANSACTION = JobManager(DjangoConnector())


def enqueue_pass(channel: Channel, *, at: datetime | None = None) -> bool:
    """Queue a pass over `channel` for `at`, by default now; False where one waits already."""
    return _enqueue(
        SYNCHRONISE_CHANNEL,
        client_id=channel.client_id,
        once=_pass_key(channel),
        at=at,
        arguments={"channel_id": channel.pk},
    )


def enqueue_package(package: Package, *, at: datetime | None = None) -> bool:
    """Queue the next step of a package by hand for `at`, by default now."""
    return _enqueue(
        CARRY_PACKAGE,
        client_id=package.channel.client_id,
        once=f"package-{package.pk}",
        at=at,
        arguments={"package_id": package.pk},
    )


def hasten_pass(channel: Channel) -> None:
    """Queue a pass over `channel` for now, in place of one that waits for a later moment."""
    waiting = ProcrastinateJob.objects.filter(queueing_lock=_pass_key(channel), status="todo")
    for job_id in waiting.values_list("pk", flat=True):
        _IN_THIS_TRANSACTION.cancel_job_by_id(job_id)
    enqueue_pass(channel)


def _pass_key(channel: Channel) -> str:
    return f"channel-{channel.pk}"


def _enqueue(
    name: str, *, client_id: int, once: str, at: datetime | None, arguments: dict[str, int]
) -> bool:
    """One client's calls go one after another, on every machine, by the engine's lock."""
    job = configure_task(
        name=name,
        job_manager=_IN_THIS_TRANSACTION,
        lock=f"client-{client_id}",
        queueing_lock=once,
        schedule_at=at,
    )
    try:
        with transaction.atomic():  # a refused insert must not spoil the caller's transaction
            job.defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
