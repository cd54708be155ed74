"""The inbox's work in the engine's queue; one client's calls go one after another."""

from datetime import datetime

from obieg.inbox.models import Channel, Package
from obieg.office.jobs import enqueue, withdraw

SYNCHRONISE_CHANNEL = "inbox.synchronise_channel"
CARRY_PACKAGE = "inbox.carry_package"


def enqueue_pass(channel: Channel, *, at: datetime | None = None) -> bool:
    """Queue a pass over `channel` for `at`, by default now; False where one waits already."""
    return enqueue(
        SYNCHRONISE_CHANNEL,
        {"channel_id": channel.pk},
        once=_pass_key(channel),
        lock=f"client-{channel.client_id}",
        at=at,
    )


def enqueue_package(package: Package, *, at: datetime | None = None) -> bool:
    """Queue the next step of a package by hand for `at`, by default now."""
    return enqueue(
        CARRY_PACKAGE,
        {"package_id": package.pk},
        once=f"package-{package.pk}",
        lock=f"client-{package.channel.client_id}",
        at=at,
    )


def hasten_pass(channel: Channel) -> None:
    """Queue a pass over `channel` for now, in place of one that waits for a later moment."""
    withdraw(_pass_key(channel))
    enqueue_pass(channel)


def _pass_key(channel: Channel) -> str:
    return f"channel-{channel.pk}"
