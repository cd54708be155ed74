"""The ledger of calls to KSeF: what the limiter counts and what the audit reads."""

from typing import ClassVar

from django.db import models

from obieg.office.models import Client, KsefEnvironment
from obieg.office.scope import ScopedQuerySet


class KsefCall(models.Model):
    """One call, written before it is made; `status` stays empty where the answer was lost.

    `counted_at` is the latest moment at which KSeF may have counted the call: far ahead while the
    answer is awaited, the moment of the answer once it came. The windows are counted by it.
    """

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    context = models.CharField(max_length=32)  # the NIP in whose context it was made; "" for none
    group = models.CharField(max_length=40)  # the rate group of the specification
    operation = models.CharField(max_length=80)
    credential_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    counted_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)

    objects = ScopedQuerySet["KsefCall"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["environment", "context", "group", "-counted_at"], name="call_window"
            )
        ]


class Embargo(models.Model):
    """KSeF said Retry-After: nothing of the group may be called in the context before `until`."""

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    context = models.CharField(max_length=32)
    group = models.CharField(max_length=40)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["environment", "context", "group"], name="one_embargo")
        ]


class ToldRates(models.Model):
    """The limits that KSeF itself told for a context, which replace those of the specification."""

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    context = models.CharField(max_length=32)
    group = models.CharField(max_length=40)
    per_second = models.PositiveIntegerField(null=True)
    per_minute = models.PositiveIntegerField(null=True)
    per_hour = models.PositiveIntegerField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["environment", "context", "group"], name="one_told_rates"
            )
        ]
