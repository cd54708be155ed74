"""How long to wait before KSeF is asked again."""

from datetime import datetime, timedelta

from django.utils import timezone

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(minutes=15)
BUSY = timedelta(seconds=5)  # another process sends for the client
UNMENDED = timedelta(minutes=15)  # something is under way and a person has to mend the access


def next_question(since: datetime) -> datetime:
    """When to ask again about what began at `since`: after a quarter of the time that has passed.

    At once for the operator who waits, four times an hour for what has been stuck for hours.
    """
    now = timezone.now()
    return now + min(max((now - since) / 4, SHORTEST), LONGEST)
