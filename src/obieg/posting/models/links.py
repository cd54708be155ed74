"""What documents have to do with each other, and the accounts that sellers want money on."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.inbox.models import Invoice
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet


class Link(models.Model):
    """`invoice` came later and says something about `other`."""

    class Kind(models.TextChoices):
        CORRECTION = "correction", "Korekta"
        DOUBLE = "double", "Możliwy dubel"

    class Answer(models.TextChoices):
        OPEN = "", "do sprawdzenia"
        SAME = "same", "to ten sam dokument"
        DIFFERENT = "different", "to różne dokumenty"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    answered_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    found_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Link"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["invoice", "other", "kind"], name="link_once")
        ]


class SellerAccount(models.Model):
    """A bank account that a seller put on an invoice to the client."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+", db_index=False)
    seller_nip = models.CharField(max_length=50)
    account = models.CharField(max_length=40)  # NrRB without spaces
    invoice = models.ForeignKey(  # where it was seen first; unknown for the oldest ones
        Invoice, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = ScopedQuerySet["SellerAccount"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "seller_nip", "account"], name="seller_account_once"
            )
        ]
