"""The calls' work as the engine runs it: limits that KSeF tells, certificates, moves to them."""

from procrastinate.contrib.django import app

from obieg.calls import enrolment, moving, told_rates
from obieg.vault.enrolment import ENROL


@app.periodic(cron="23 4 * * *")
@app.task(name="calls.ask_for_rates", queueing_lock="calls.ask_for_rates")
def ask_for_rates(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: queue the question for every served client, spread over an hour."""
    told_rates.ask_for_all()


@app.task(name=told_rates.LEARN_RATES)
def learn_rates(client_id: int) -> None:
    """Ask KSeF for the limits of one client's context."""
    told_rates.ask_for(client_id)


@app.task(name=ENROL)
def enrol(enrolment_id: int, failures: int = 0) -> None:
    """The next steps of an enrolment; it queues what is left itself."""
    enrolment.carry(enrolment_id, failures)


@app.task(name=moving.MOVE)
def move(move_id: int, failures: int = 0) -> None:
    """Try the office's certificate for one client; it queues another attempt itself."""
    moving.carry(move_id, failures)
