"""The audit's work as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.audit import sealing


@app.periodic(cron="*/5 * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Every five minutes: seal the new records."""
    sealing.seal_new()
