"""How long to wait before the next try."""

from datetime import timedelta

_POLLS = (2, 5, 10, 30, 60)
LONGEST_BACK_OFF = timedelta(minutes=30)


def before_poll(polls: int) -> timedelta:
    """Until KSeF is asked again whether the package is ready, after `polls` times that it was not.

    At most once a minute in the long run: KSeF allows 600 such questions an hour in a context.
    """
    return timedelta(seconds=_POLLS[min(polls, len(_POLLS) - 1)])


def after_failures(failures: int) -> timedelta:
    """Until the next try after `failures` in a row: half a minute, doubled with each."""
    doublings = min(max(failures - 1, 0), 10)
    return min(timedelta(seconds=30 << doublings), LONGEST_BACK_OFF)
