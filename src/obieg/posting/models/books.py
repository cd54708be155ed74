"""A client's books: the chart of accounts, cost centres and projects, vehicles, usual accounts."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from obieg.office.models import Client
from obieg.office.scope import ScopedQuerySet

LAST_KPIR_COLUMN = 19  # of the book in force from 2026


# As the General Court said in T-689/24.
BEFORE_FILING = "odliczenie także, gdy faktura przyszła przed złożeniem deklaracji"


def usual_registers() -> list[str]:
    """The registers of VAT that a client has unless its profile says otherwise."""
    purchases = ["ZAKUP", "ZAKUP ŚT", "WNT", "IMPORT USŁUG"]
    return [*purchases, "SPRZEDAŻ", "DETAL", "WDT/EXP", "MARŻA"]


class Profile(models.Model):
    """The accounts that every dekret of a client uses on its other side, and its defaults."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="posting_profile")
    supplier_account = models.CharField("rozrachunki z dostawcami", max_length=40, default="202")
    customer_account = models.CharField("rozrachunki z odbiorcami", max_length=40, default="201")
    input_vat_account = models.CharField("VAT naliczony", max_length=40, default="221-1")
    deferred_vat_account = models.CharField(  # between a cost and its VAT in another month
        "VAT naliczony w innym okresie", max_length=40, default="221-4", db_default="221-4"
    )
    output_vat_account = models.CharField("VAT należny", max_length=40, default="221-2")
    purchase_register = models.CharField(  # empty: the client deducts no VAT
        "rejestr zakupu", max_length=40, blank=True, default="ZAKUP"
    )
    sales_register = models.CharField(
        "rejestr sprzedaży", max_length=40, blank=True, default="SPRZEDAŻ"
    )
    registers = ArrayField(
        models.CharField(max_length=40), verbose_name="rejestry VAT", default=usual_registers
    )
    deducts_before_filing = models.BooleanField(  # null: as the office does
        BEFORE_FILING,
        null=True,
        blank=True,
        default=None,
        choices=[(None, "jak w całym biurze"), (True, "tak"), (False, "nie")],
    )
    rounding_cost_account = models.CharField("różnice – koszty", max_length=40, default="761")
    rounding_income_account = models.CharField("różnice – przychody", max_length=40, default="760")

    objects = ScopedQuerySet["Profile"].as_manager()


class OfficeBooks(models.Model):
    """What the office decides for all its clients; no row: the usual."""

    deducts_before_filing = models.BooleanField(BEFORE_FILING, default=False)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_office_books", condition=models.Q(only=True))
        ]

    @classmethod
    def present(cls) -> "OfficeBooks":
        """The office's decisions, or the usual ones, not saved."""
        return cls.objects.first() or cls()


class Account(models.Model):
    """An account (full books) or a category (KPiR, ryczałt) of a client's own chart."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    number = models.CharField("konto", max_length=40)
    name = models.CharField("nazwa", max_length=200)
    kpir_column = models.PositiveSmallIntegerField(
        "kolumna KPiR",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LAST_KPIR_COLUMN)],
    )
    ryczalt_rate = models.DecimalField(  # per cent, art. 12 of the Act on lump-sum income tax
        "stawka ryczałtu",
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(20)],
    )
    cost_percent = models.PositiveSmallIntegerField(  # of lines without full deduction of VAT
        "koszt podatkowy %", default=100, db_default=100, validators=[MaxValueValidator(100)]
    )
    rest_account = models.CharField(  # in full books, for what is no cost of tax
        "reszta na konto", max_length=40, blank=True, default="", db_default=""
    )
    active = models.BooleanField("używane", default=True)  # else kept for the past only

    objects = ScopedQuerySet["Account"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "number"], name="account_once"),
            models.CheckConstraint(
                name="account_cost_share", condition=models.Q(cost_percent__lte=100)
            ),
        ]

    @property
    def synthetic(self) -> str:
        """The account that this one is an analytic of: `401` of `401-01`; empty for itself."""
        head, dash, _ = self.number.partition("-")
        return head if dash else ""


class Validity(models.Model):
    """From when and until when something may be posted to; both ends included, both optional."""

    valid_from = models.DateField("ważne od", null=True, blank=True)
    valid_to = models.DateField("ważne do", null=True, blank=True)

    class Meta:
        abstract = True

    def is_valid_on(self, day: date) -> bool:
        """Whether it may be used on `day`."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


class Dimension(Validity):
    """A cost centre (MPK) or a project of a client."""

    class Kind(models.TextChoices):
        COST_CENTRE = "mpk", "MPK"
        PROJECT = "project", "Projekt"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    code = models.CharField("kod", max_length=40)
    name = models.CharField("nazwa", max_length=200)

    objects = ScopedQuerySet["Dimension"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "kind", "code"], name="dimension_once"),
            models.CheckConstraint(
                name="dimension_valid_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
            ),
        ]


class Vehicle(Validity):
    """A car of the client: how much of its VAT is deducted; its account says the share of cost."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    plate = models.CharField("numer rejestracyjny", max_length=12)
    name = models.CharField("pojazd", max_length=200, blank=True)
    vat_percent = models.PositiveSmallIntegerField(  # art. 86a VAT Act
        "odliczenie VAT %", default=50, validators=[MaxValueValidator(100)]
    )

    objects = ScopedQuerySet["Vehicle"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "plate"], name="vehicle_once"),
            models.CheckConstraint(name="vehicle_share", condition=models.Q(vat_percent__lte=100)),
        ]
