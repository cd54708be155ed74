"""What the office decided about keeping, and what was handed over and erased."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful
from obieg.retention.states import (
    ERASURE_TRANSITIONS,
    HANDOVER_TRANSITIONS,
    ErasureState,
    HandoverState,
)


class Period(models.Model):
    """How many months the office keeps a kind of data; without a row the usual."""

    kind = models.CharField(max_length=20, unique=True)  # retention.kinds.Kind.code
    months = models.PositiveSmallIntegerField()


class Hold(models.Model):
    """Until a day the data of a client stay although their periods are over."""

    client = models.OneToOneField(Client, on_delete=models.PROTECT, related_name="+")
    until = models.DateField("nie usuwaj do")
    reason = models.CharField("dlaczego", max_length=300)

    objects = ScopedQuerySet["Hold"].as_manager()


class Handover(Stateful):
    """A file with everything of one client, made for whoever asked, for some days."""

    THING = "retention.handover"
    STATES = HandoverState
    TRANSITIONS = HANDOVER_TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField("stan", max_length=8, choices=HandoverState.choices, default="queued")
    done = models.PositiveIntegerField(default=0)  # documents written
    total = models.PositiveIntegerField(default=0)  # of so many
    size = models.BigIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    error_text = models.TextField(blank=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Handover"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(state__in=["queued", "making"]),
                name="one_handover_at_once",
            )
        ]


class HandoverPiece(models.Model):
    """A megabyte of the file; in the database, so that any machine may make it and any give it."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()  # from 0
    body = models.BinaryField()

    objects = ScopedQuerySet["HandoverPiece"].as_manager()
    client_path = "handover__client"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["handover", "number"], name="handover_piece_once")
        ]


class Erasure(Stateful):
    """What was erased of a client: its protocol. It names the client by its number alone."""

    THING = "retention.erasure"
    STATES = ErasureState
    TRANSITIONS = ERASURE_TRANSITIONS

    class Reach(models.TextChoices):
        PART = "part", "co można już teraz"
        ALL = "all", "wszystko"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    reach = models.CharField("zakres", max_length=4, choices=Reach.choices)
    reference = models.CharField("znak sprawy", max_length=100, blank=True)
    kept_until = models.DateField()  # the last day on which everything had to stay
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    state = models.CharField("stan", max_length=8, choices=ErasureState.choices, default="queued")
    counts = models.JSONField(default=dict)  # what (Polish) -> how many
    error_text = models.TextField(blank=True)  # of the last attempt
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Erasure"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client"],
                condition=~models.Q(state__in=["done", "refused"]),
                name="one_erasure_at_once",
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=models.Q(reach="all") & ~models.Q(state="refused"),
                name="erased_once",
            ),
        ]


class Departure(models.Model):
    """An operator who left, and whose name and login were removed."""

    operator = models.OneToOneField(Operator, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
