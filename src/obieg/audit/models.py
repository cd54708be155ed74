"""Seals: each holds the digest of the records since the one before, and of that one's digest."""

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Seal(models.Model):
    """One link of the chain. Append-only: a trigger of the database refuses UPDATE and DELETE."""

    number = models.PositiveBigIntegerField(primary_key=True)  # from 1, no gaps
    at = models.DateTimeField(default=timezone.now)
    # the last id, inclusive, of each source that this seal covers
    events_to = models.BigIntegerField()  # office.Event
    uses_to = models.BigIntegerField()  # vault.CredentialUse
    calls_to = models.BigIntegerField()  # calls.KsefCall
    records = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256, hex

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
