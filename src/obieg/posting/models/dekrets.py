"""Dekrets: how each document is to be posted, what was proposed, and what was decided."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from obieg.inbox.models import Direction, Invoice
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful
from obieg.posting import states
from obieg.posting.states import DekretState


class Posting(models.Model):
    """The fields that say how an amount is posted: what a rule, a proposal and a line share."""

    account = models.CharField("konto", max_length=40)
    vat_register = models.CharField("rejestr VAT", max_length=40, blank=True)
    deductible_percent = models.PositiveSmallIntegerField("odliczenie VAT", default=100)
    kpir_column = models.PositiveSmallIntegerField("kolumna KPiR", null=True, blank=True)
    cost_centre = models.CharField("MPK", max_length=40, blank=True)
    project = models.CharField("projekt", max_length=40, blank=True)

    class Meta:
        abstract = True


class Dekret(Stateful):
    """How one document is posted: the proposal as it was made, and after approval its lines."""

    THING = "posting.dekret"
    STATES = states.DekretState
    TRANSITIONS = states.TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="dekret")
    direction = models.CharField(max_length=8, choices=Direction.choices)
    state = models.CharField("stan", max_length=12, choices=DekretState.choices)
    queued_at = models.DateTimeField()  # when it came into the queue: its age
    confidence = models.PositiveSmallIntegerField(
        "pewność", default=0
    )  # per cent, of the weakest line
    reason = models.TextField("uzasadnienie", blank=True)  # Polish
    proposal = models.JSONField(default=list)  # posting.suggestion.ProposedLine as dicts
    warnings = ArrayField(models.CharField(max_length=60), default=list)  # codes: amount_due, ...
    exchange_rate = models.DecimalField(
        "kurs", max_digits=14, decimal_places=6, null=True, blank=True
    )  # PLN for one unit of the invoice's currency; null for PLN
    tax_pln = models.DecimalField(
        "VAT w PLN", max_digits=18, decimal_places=2, null=True, blank=True
    )  # as the invoice in a foreign currency states it (P_14_xW)
    period = models.DateField("okres", null=True)  # first day of the month it is posted in
    vat_month = models.DateField("okres VAT", null=True)  # of deduction; null: as `period`
    period_reason = models.CharField(  # Polish; known once it is approved
        "dlaczego ten okres", max_length=200, blank=True, db_default=""
    )
    decided_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    note = models.CharField("uwaga", max_length=500, blank=True)  # why it was rejected

    objects = ScopedQuerySet["Dekret"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["state", "queued_at", "id"],
                condition=models.Q(state__in=["to_approve", "to_classify"]),
                name="dekret_queue",
            ),
            models.Index(
                fields=["client", "state", "queued_at", "id"],
                condition=models.Q(state__in=["to_approve", "to_classify"]),
                name="dekret_queue_client",
            ),
            models.Index(
                fields=["client", "period", "state"],
                condition=models.Q(state__in=["approved", "exported"]),
                name="dekret_period",
            ),
            models.Index(
                fields=["client", "vat_month"],
                condition=models.Q(vat_month__isnull=False),
                name="dekret_vat_month",
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="approved_has_period",
                condition=~models.Q(state__in=["approved", "exported"])
                | models.Q(period__isnull=False, decided_at__isnull=False),
            )
        ]


class DekretLine(Posting):
    """One amount of an approved dekret, in the invoice's currency."""

    dekret = models.ForeignKey(Dekret, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    source_lines = ArrayField(models.PositiveIntegerField(), default=list)  # NrWierszaFa
    description = models.CharField("opis", max_length=512)
    vat_rate = models.CharField("stawka", max_length=8, blank=True)  # P_12
    net = models.DecimalField("netto", max_digits=18, decimal_places=2)
    vat = models.DecimalField("VAT", max_digits=18, decimal_places=2)
    gross = models.DecimalField("brutto", max_digits=18, decimal_places=2)

    objects = ScopedQuerySet["DekretLine"].as_manager()
    client_path = "dekret__client"

    class Meta:
        ordering: ClassVar[list[str]] = ["position"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["dekret", "position"], name="dekret_line_once"),
            models.CheckConstraint(
                name="dekret_line_adds_up",
                condition=models.Q(gross=models.F("net") + models.F("vat")),
            ),
            models.CheckConstraint(
                name="deductible_percent_of_line",
                condition=models.Q(deductible_percent__lte=100),
            ),
        ]
