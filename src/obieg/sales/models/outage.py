"""Outages of KSeF, and the codes that an invoice issued offline was given."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.core.polish import WARSAW
from obieg.office.models import KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.sales.models.sale import Sale
from obieg.sales.offline.deadlines import Period
from obieg.sales.states import OfflineMode


class Outage(models.Model):
    """A time when KSeF was not to be had: announced by Latarnia, or entered by a person."""

    class Kind(models.TextChoices):
        UNAVAILABLE = OfflineMode.UNAVAILABLE.value, "Niedostępność KSeF"
        FAILURE = OfflineMode.FAILURE.value, "Awaria KSeF"
        TOTAL_FAILURE = OfflineMode.TOTAL_FAILURE.value, "Awaria całkowita"

    class Source(models.TextChoices):
        LIGHTHOUSE = "lighthouse", "Latarnia"
        OPERATOR = "operator", "wpisana ręcznie"

    environment = models.CharField("środowisko", max_length=16, choices=KsefEnvironment.choices)
    kind = models.CharField("rodzaj", max_length=16, choices=Kind.choices)
    started_at = models.DateTimeField("początek")
    ended_at = models.DateTimeField("koniec", null=True, blank=True)
    source = models.CharField("źródło", max_length=12, choices=Source.choices)
    event = models.BigIntegerField(null=True)  # Latarnia's eventId
    text = models.TextField("komunikat", blank=True)
    entered_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at", "-pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["environment", "event"],
                condition=models.Q(event__isnull=False),
                name="outage_announced_once",
            ),
            models.CheckConstraint(
                name="outage_ends_after_its_start",
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def lasts(self, at: datetime) -> bool:
        """Whether KSeF is out at that moment."""
        return self.started_at <= at and (self.ended_at is None or at < self.ended_at)

    @property
    def period(self) -> Period:
        """Its days in Warsaw."""
        start = self.started_at.astimezone(WARSAW).date()
        end = self.ended_at.astimezone(WARSAW).date() if self.ended_at else None
        return Period(self.kind, start, end)


class SaleCodes(models.Model):
    """The links behind both QR codes of one version of a document, signed once."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="codes")
    version = models.PositiveSmallIntegerField()
    invoice_link = models.TextField()  # code I
    certificate_link = models.TextField()  # code II, with its signature
    serial = models.CharField("certyfikat", max_length=40)
    signed_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["SaleCodes"].as_manager()
    client_path = "sale__client"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sale", "version"], name="sale_codes_once")
        ]
