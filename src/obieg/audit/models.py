"""The seals over the trail, and what was taken out of it: each a row that stays."""

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
    # of each source alone, what `digest` is made of; empty in the seals of decision 0009's form
    events_digest = models.CharField(max_length=64, default="")
    uses_digest = models.CharField(max_length=64, default="")
    calls_digest = models.CharField(max_length=64, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["number"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["events_to"], name="seal_of_event")
        ]

    @property
    def has_parts(self) -> bool:
        """Whether a part of what it covers may go without the rest becoming unprovable."""
        return bool(self.events_digest)


class Pruning(models.Model):
    """Sealed records of one source that were removed because of their age.

    Writing the row removes them: the database counts what goes, refuses what is too young, keeps
    what they were in numbers, tells the trail and deletes, in one statement. See migration 0002.
    """

    class Source(models.TextChoices):
        USES = "uses", "użycia poświadczeń"
        CALLS = "calls", "wywołania KSeF"

    source = models.CharField(max_length=8, choices=Source.choices)
    seal = models.PositiveBigIntegerField()  # the last one whose records of `source` are removed
    # what follows is written by the database
    from_id = models.BigIntegerField(default=0)  # exclusive
    to_id = models.BigIntegerField(default=0)  # inclusive
    records = models.BigIntegerField(default=0)
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    months = models.JSONField(default=dict)  # "2024-11" -> how many
    digest = models.CharField(max_length=64, default="")  # SHA-256 over the seals' own
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]


class Redaction(models.Model):
    """An entry of the trail whose `before` and `after` were emptied; the digest proves the rest."""

    event_id = models.BigIntegerField(primary_key=True)
    content = models.CharField(max_length=64)  # SHA-256 of what was there, hex
    at = models.DateTimeField(default=timezone.now)
