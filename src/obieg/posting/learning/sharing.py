"""How a client divides an amount between accounts, when it did so the same way before."""

from decimal import Decimal

from obieg.posting.learning.evidence import Found
from obieg.posting.learning.memory import Row
from obieg.posting.suggestion import Shares

ENOUGH = 2  # the latest decisions about such a line that divided it alike
ALIKE = Decimal("0.02")  # a capital part grows from rate to rate


def usual_shares(account: str, found: Found) -> Shares:
    """The shares of the last decision about such a line of the partner; none if they vary."""
    for rows in found["same"]:
        latest = rows[:ENOUGH]
        if len(latest) == ENOUGH and latest[0].treatment.account == account:
            return latest[0].shares if all(_alike(latest[0], row) for row in latest) else ()
    return ()


def _alike(one: Row, other: Row) -> bool:
    if len(one.shares) != len(other.shares):
        return False
    return all(
        here.treatment == there.treatment
        and abs(here.net - there.net) <= ALIKE
        and abs(here.vat - there.vat) <= ALIKE
        for here, there in zip(one.shares, other.shares, strict=True)
    )
