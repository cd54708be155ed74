"""The inbox's work as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.inbox import housekeeping, schedule, synchronise
from obieg.inbox.jobs import CARRY_PACKAGE, SYNCHRONISE_CHANNEL


@app.periodic(cron="* * * * *")
@app.task(name="inbox.schedule_due", queueing_lock="schedule_due", pass_context=False)
def schedule_due(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each minute: queue the channels whose turn has come."""
    schedule.schedule_due()


@app.task(name=SYNCHRONISE_CHANNEL)
def synchronise_channel(channel_id: int) -> None:
    """One pass over a channel; it queues its own continuation."""
    synchronise.synchronise(channel_id)


@app.task(name=CARRY_PACKAGE)
def carry_package(package_id: int) -> None:
    """The next steps of a package that a person asked for."""
    synchronise.carry_package(package_id)


@app.periodic(cron="17 3 * * *")
@app.task(name="inbox.clean_up", queueing_lock="clean_up")
def clean_up(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: forget empty packages, delete files that nobody will read."""
    housekeeping.clean_up()
