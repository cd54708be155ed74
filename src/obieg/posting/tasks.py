"""Posting's work as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.posting import pruning


@app.periodic(cron="41 2 * * *")  # UTC
@app.task(name="posting.prune", queueing_lock="posting.prune")
def prune(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: forget the lessons that nobody reads any more."""
    pruning.prune_lessons()
