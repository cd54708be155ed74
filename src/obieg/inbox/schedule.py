"""The rhythm: whose turn it is, and when the next one comes."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from obieg.inbox import channels
from obieg.inbox.jobs import enqueue_pass
from obieg.inbox.models import Channel


def schedule_due(now: datetime | None = None) -> int:
    """Queue a pass for every channel whose turn has come; returns how many.

    The jobs and the next turns are one transaction: neither a turn is lost nor one taken twice.
    """
    moment = now or timezone.now()
    channels.ensure_all()
    with transaction.atomic():
        due = channels.due(moment)
        for channel in due:
            enqueue_pass(channel)
            channel.next_run_at = channels.turn_after(channel.client, channel.role, moment)
        Channel.objects.across_clients().bulk_update(due, ["next_run_at"], batch_size=500)
    return len(due)
