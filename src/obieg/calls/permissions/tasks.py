"""Permissions' work as the engine runs it: nightly readings, and orders."""

from procrastinate.contrib.django import app

from obieg.calls.permissions import asking, carrying
from obieg.calls.permissions.ordering import CARRY


@app.periodic(cron="47 2 * * *")
@app.task(name="permissions.read_all", queueing_lock="permissions.read_all")
def read_all(timestamp: int) -> None:  # noqa: ARG001 - the engine names the minute it is for
    """Each night: queue a reading of every served client, spread over two hours."""
    asking.ask_for_all()


@app.task(name=asking.READ)
def read(client_id: int, failures: int = 0) -> None:
    """Read at one client; it queues another attempt itself."""
    asking.ask_for(client_id, failures)


@app.task(name=CARRY)
def carry_order(order_id: int, failures: int = 0) -> None:
    """The next steps of an order; it queues what is left itself."""
    carrying.carry(order_id, failures)
