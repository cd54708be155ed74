"""Files given to accounting systems: kept, so that each can be downloaded again."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models import Dekret


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV (z plikami XML w ZIP)"


class Export(models.Model):
    """One export of a client's approved dekrets of one period."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    period = models.DateField("okres")  # first day of the month
    format = models.CharField("format", max_length=8, choices=ExportFormat.choices)
    created_at = models.DateTimeField("utworzono", default=timezone.now)
    created_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    again = models.BooleanField("ponownie", default=False)  # holds documents exported before
    documents = models.PositiveIntegerField("dokumentów")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)

    objects = ScopedQuerySet["Export"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]


class ExportContent(models.Model):
    """The bytes of an export: a ZIP with the CSV and the invoices' XML."""

    export = models.OneToOneField(
        Export, on_delete=models.CASCADE, primary_key=True, related_name="content"
    )
    body = models.BinaryField()

    objects = ScopedQuerySet["ExportContent"].as_manager()
    client_path = "export__client"


class ExportedDekret(models.Model):
    """A dekret is in this export."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="+")
    dekret = models.ForeignKey(Dekret, on_delete=models.PROTECT, related_name="+")

    objects = ScopedQuerySet["ExportedDekret"].as_manager()
    client_path = "export__client"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["export", "dekret"], name="dekret_once_in_export")
        ]
