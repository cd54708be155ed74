"""The work of sales as the engine runs it."""

from procrastinate.contrib.django import app

from obieg.sales import notices, waiting
from obieg.sales.offline import codes, outages
from obieg.sales.sending import passes
from obieg.sales.sending.engine import SEND_FOR_CLIENT


@app.task(name=SEND_FOR_CLIENT)
def send_for_client(client_id: int, failures: int = 0) -> None:
    """One pass of a client's sending; it queues its own continuation."""
    passes.send_for_client(client_id, failures)


@app.periodic(cron="* * * * *")
@app.task(name="sales.schedule_due", queueing_lock="sales_schedule_due", pass_context=False)
def schedule_due(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each minute: close idle sessions, queue what was left behind."""
    passes.schedule_due()


@app.periodic(cron="23 3 * * *")
@app.task(name="sales.clean_up", queueing_lock="sales_clean_up")
def clean_up(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: delete the files of ended batches."""
    passes.clean_up()


@app.periodic(cron="*/5 * * * *")
@app.task(name="sales.listen", queueing_lock="sales_listen")
def listen(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Every five minutes: hear Latarnia, do what a crash left undone: codes, awaited issues."""
    outages.listen()
    codes.sign_missing()
    waiting.issue_waiting()


@app.task(name=notices.TELL)
def tell(sale_id: int) -> None:
    """Write the letters about what KSeF said of a document."""
    notices.write_letters(sale_id)
