"""Purchases that came to the office outside KSeF: on paper, by e-mail."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.inbox.models import Invoice
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet


class OutsidePurchase(models.Model):
    """A purchase as somebody typed it, and the document of KSeF that is probably the same."""

    class Answer(models.TextChoices):
        OPEN = "", "do sprawdzenia"
        DIFFERENT = "different", "to różne dokumenty"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.CharField("numer", max_length=256)
    digits = models.CharField(max_length=256, editable=False)  # 1 to 9 of the number: finds it fast
    seller_nip = models.CharField("NIP sprzedawcy", max_length=50, blank=True)
    seller_name = models.CharField("sprzedawca", max_length=512, blank=True)
    issue_date = models.DateField("data wystawienia")
    gross = models.DecimalField("brutto", max_digits=18, decimal_places=2)
    note = models.CharField("uwaga", max_length=500, blank=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.SET_NULL, null=True, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    entered_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entered_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["OutsidePurchase"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "digits"], name="outside_by_number"),
        ]

    def __str__(self) -> str:
        return self.number
