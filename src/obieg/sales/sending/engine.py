"""The place of sending in the engine's queue: one job a client, whatever there is to do."""

from datetime import datetime

from obieg.office.jobs import enqueue, withdraw

SEND_FOR_CLIENT = "sales.send_for_client"


def hasten(client_id: int) -> None:
    """Queue the client's sending for now, in place of a job that waits for a later moment."""
    withdraw(_key(client_id))
    ensure(client_id)


def ensure(client_id: int, *, at: datetime | None = None, failures: int = 0) -> bool:
    """Queue the client's sending for `at`, by default now; False where a job waits already.

    `failures` in a row is what the next delay is computed from.
    """
    return enqueue(
        SEND_FOR_CLIENT,
        {"client_id": client_id, "failures": failures},
        once=_key(client_id),
        lock=_key(client_id),
        at=at,
    )


def _key(client_id: int) -> str:
    return f"sending-{client_id}"
