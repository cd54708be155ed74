"""The calls' work as the engine runs it: limits that KSeF tells, the life of credentials."""

from procrastinate.contrib.django import app

from obieg.calls import ending, enrolment, moving, renewing, revoking, told_rates
from obieg.calls.tokens import following
from obieg.calls.tokens.asking import TOKEN
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


@app.task(name=TOKEN)
def follow_token(request_id: int, failures: int = 0) -> None:
    """The next step of a token that was asked for; it queues what is left itself."""
    following.carry(request_id, failures)


@app.task(name=moving.MOVE)
def move(move_id: int, failures: int = 0) -> None:
    """Try the office's certificate for one client; it queues another attempt itself."""
    moving.carry(move_id, failures)


@app.task(name=revoking.REVOKE)
def revoke(revocation_id: int, failures: int = 0) -> None:
    """Revoke in KSeF what is no longer used; it queues another attempt itself."""
    revoking.carry(revocation_id, failures)


@app.task(name=ending.END)
def end_cooperation(ending_id: int, failures: int = 0) -> None:
    """Go on with the end of a cooperation; it queues another attempt itself."""
    ending.carry(ending_id, failures)


@app.periodic(cron="*/10 * * * *")
@app.task(name="calls.take_up", queueing_lock="calls.take_up")
def take_up(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Every ten minutes: what a crash left of endings and revocations goes on."""
    ending.queue_unfinished()
    revoking.queue_due()


@app.periodic(cron="17 * * * *")
@app.task(name="calls.renew", queueing_lock="calls.renew")
def renew(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each hour: ask for the certificates that have to be renewed."""
    renewing.renew_due()
