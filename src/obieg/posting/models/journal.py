"""The books that approved dekrets make: vouchers with entries, registers, columns; closed months.

Nothing here is ever changed or deleted, the database refuses it; what was wrong is reversed.
"""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models.dekrets import Dekret


class Voucher(models.Model):
    """One approval in the books, or its reversal; numbered without gaps in a client's month."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.DateField("okres")  # first day of a month
    number = models.PositiveIntegerField("pozycja dziennika")
    dekret = models.ForeignKey(Dekret, on_delete=models.PROTECT, related_name="vouchers")
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    made_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    made_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Voucher"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "period", "number"], name="voucher_numbered")
        ]


class OfVoucher(models.Model):
    """A row that belongs to a voucher."""

    client_path = "voucher__client"
    voucher = models.ForeignKey(Voucher, on_delete=models.PROTECT, related_name="%(class)s_rows")

    class Meta:
        abstract = True


class JournalEntry(OfVoucher):
    """One side of the journal, in PLN; a reversal has the amounts with the other sign."""

    account = models.CharField("konto", max_length=40)
    side = models.CharField(max_length=2, choices=[("Wn", "Wn"), ("Ma", "Ma")])
    amount = models.DecimalField("kwota", max_digits=18, decimal_places=2)
    description = models.CharField("treść", max_length=512)
    cost_centre = models.CharField("MPK", max_length=40, blank=True)
    project = models.CharField("projekt", max_length=40, blank=True)

    objects = ScopedQuerySet["JournalEntry"].as_manager()


class RegisterEntry(OfVoucher):
    """What a document puts into a register of VAT under one rate, in PLN."""

    register = models.CharField("rejestr VAT", max_length=40)
    direction = models.CharField(max_length=8, choices=Direction.choices)
    vat_rate = models.CharField("stawka", max_length=8, blank=True)
    net = models.DecimalField("netto", max_digits=18, decimal_places=2)
    vat = models.DecimalField("VAT", max_digits=18, decimal_places=2)
    deducted = models.DecimalField("VAT do odliczenia", max_digits=18, decimal_places=2)

    objects = ScopedQuerySet["RegisterEntry"].as_manager()


class BookEntry(OfVoucher):
    """What a document puts into a column of the KPiR, or under a rate of the ryczałt, in PLN."""

    kpir_column = models.PositiveSmallIntegerField("kolumna KPiR", null=True)
    ryczalt_rate = models.DecimalField("stawka", max_digits=4, decimal_places=1, null=True)
    amount = models.DecimalField("kwota", max_digits=18, decimal_places=2)
    description = models.CharField("opis zdarzenia", max_length=512)

    objects = ScopedQuerySet["BookEntry"].as_manager()


class ClosedPeriod(models.Model):
    """A month of a client in which nothing more is decided until somebody opens it again."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    period = models.DateField("okres")  # first day of a month
    closed_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["ClosedPeriod"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "period"], name="period_closed_once")
        ]
