"""The work of retention as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.retention import erasing, handing, tidying


@app.task(name=erasing.JOB)
def erase(erasure_id: int) -> None:
    """Erase what was asked for; it queues its own continuation."""
    erasing.carry_out(erasure_id)


@app.task(name=handing.JOB)
def hand_over(handover_id: int) -> None:
    """Make the file with a client's data."""
    handing.make(handover_id)


@app.periodic(cron="27 3 * * *")  # UTC, after the night's backup
@app.task(name="retention.tidy", queueing_lock="retention_tidy")
def tidy(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: remove what is older than its period."""
    tidying.tidy()
