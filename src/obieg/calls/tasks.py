"""The calls' work as the engine runs it: keeping to the limits that KSeF itself tells."""

from procrastinate.contrib.django import app

from obieg.calls import told_rates


@app.periodic(cron="23 4 * * *")
@app.task(name="calls.ask_for_rates", queueing_lock="calls.ask_for_rates")
def ask_for_rates(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: queue the question for every served client, spread over an hour."""
    told_rates.ask_for_all()


@app.task(name=told_rates.LEARN_RATES)
def learn_rates(client_id: int) -> None:
    """Ask KSeF for the limits of one client's context."""
    told_rates.ask_for(client_id)
