"""Rules of posting, and the proposals of rules that somebody did not want."""

from typing import ClassVar

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone

from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models.dekrets import Posting

CODES = ("gtin", "pkwiu", "cn", "gtu")
TEXT_CONDITIONS = ("seller_nip", "text", *CODES, "plate", "reference", "kind", "vat_rate")
CONDITIONS = (*TEXT_CONDITIONS, "amount_from", "amount_to")  # any of them limits a rule


class Rule(Posting):
    """When a document and its line fit every condition given, this is how to post the line.

    With no client it is the office's rule; the client's own come first.
    """

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField("nazwa", max_length=200)
    direction = models.CharField("dotyczy", max_length=8, choices=Direction.choices)
    seller_nip = models.CharField("NIP sprzedawcy", max_length=50, blank=True)
    text = models.CharField("tekst pozycji zawiera", max_length=200, blank=True)
    gtin = models.CharField("GTIN", max_length=20, blank=True)
    pkwiu = models.CharField("PKWiU (początek)", max_length=50, blank=True)
    cn = models.CharField("CN (początek)", max_length=50, blank=True)
    gtu = models.CharField("GTU", max_length=6, blank=True)
    amount_from = models.DecimalField(  # of the line, without its sign, in the invoice's currency
        "kwota netto od", max_digits=18, decimal_places=2, null=True, blank=True
    )
    amount_to = models.DecimalField(
        "kwota netto do", max_digits=18, decimal_places=2, null=True, blank=True
    )
    plate = models.CharField("numer rejestracyjny", max_length=12, blank=True)
    reference = models.CharField("numer licznika lub zamówienia", max_length=60, blank=True)
    kind = models.CharField("rodzaj faktury", max_length=10, blank=True)  # RodzajFaktury
    vat_rate = models.CharField("stawka VAT", max_length=8, blank=True)  # P_12
    priority = models.PositiveSmallIntegerField(
        "kolejność", default=100, validators=[MaxValueValidator(9999)]
    )
    valid_from = models.DateField("ważna od", null=True, blank=True)  # by the day of issue
    valid_to = models.DateField("ważna do", null=True, blank=True)
    active = models.BooleanField("włączona", default=True)
    why = models.CharField("dlaczego", max_length=300, blank=True)
    created_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScopedQuerySet["Rule"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["priority", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="rule_says_when",
                condition=~models.Q(
                    **dict.fromkeys(TEXT_CONDITIONS, ""),
                    amount_from__isnull=True,
                    amount_to__isnull=True,
                )
                | models.Q(direction="sale"),
            ),
            models.CheckConstraint(
                name="rule_amounts_in_order",
                condition=models.Q(amount_from__isnull=True)
                | models.Q(amount_to__isnull=True)
                | models.Q(amount_from__lte=models.F("amount_to")),
            ),
            models.CheckConstraint(
                name="rule_valid_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
            ),
        ]

    @property
    def is_default(self) -> bool:
        """Whether the rule fits every amount of its direction."""
        return not any(getattr(self, name) not in ("", None) for name in CONDITIONS)


class DismissedOffer(models.Model):
    """A rule that the decisions suggest and somebody does not want: it is not offered again."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)  # of patterns.Pattern
    dismissed_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")
    dismissed_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["DismissedOffer"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "key"], name="offer_dismissed_once")
        ]
