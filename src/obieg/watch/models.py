"""What the watch remembers: its settings, alerts, calls of the webhook, comparisons with KSeF."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone

from obieg.inbox.models import Role
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.retrying import Retried
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import IllegalTransition, Stateful
from obieg.vault.models import Sealed
from obieg.watch.states import (
    ALERT_TRANSITIONS,
    COMPARISON_TRANSITIONS,
    AlertState,
    ComparisonState,
)


class Severity(models.TextChoices):
    WATCH = "watch", "Uwaga"
    STOP = "stop", "Pilne"


class WatchSettings(models.Model):
    """Who is told, when, and from where on something is an alert; no row: the usual."""

    recipients = ArrayField(
        models.EmailField(), verbose_name="alerty na adresy", default=list, blank=True
    )
    webhook_url = models.URLField("adres webhooka", blank=True)
    quiet_from = models.TimeField("cisza od", null=True, blank=True)
    quiet_to = models.TimeField("cisza do", null=True, blank=True)
    stop_breaks_quiet = models.BooleanField("pilne przerywają ciszę", default=True)
    answer_minutes = models.PositiveIntegerField(
        "wysyłka bez odpowiedzi po (minut)", default=60, validators=[MinValueValidator(1)]
    )
    backup_hours = models.PositiveIntegerField(
        "kopia zapasowa starsza niż (godzin)", default=30, validators=[MinValueValidator(1)]
    )
    free_gb = models.PositiveIntegerField("wolne miejsce na dysku poniżej (GB)", default=5)
    queue_depth = models.PositiveIntegerField(
        "zadań w kolejce ponad", default=1000, validators=[MinValueValidator(1)]
    )
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_watch_settings", condition=models.Q(only=True))
        ]

    @classmethod
    def present(cls) -> "WatchSettings":
        """The office's settings, or the usual ones, not saved."""
        return cls.objects.first() or cls()


class WebhookSecret(Sealed):
    """What signs the calls of the webhook: one row, or none."""

    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_webhook_secret", condition=models.Q(only=True))
        ]


class Alert(Stateful):
    """A finding from when it was first seen until its check no longer finds it."""

    THING = "watch.alert"
    STATES = AlertState
    TRANSITIONS = ALERT_TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=200)  # Finding.key
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity.choices)
    text = models.TextField()
    url = models.CharField(max_length=500)
    state = models.CharField(max_length=12, choices=AlertState.choices, default=AlertState.RAISED)
    raised_at = models.DateTimeField(default=timezone.now)
    told_at = models.DateTimeField(null=True)  # by e-mail and webhook; null: not yet
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField("uwaga", max_length=500, blank=True)
    ended_at = models.DateTimeField(null=True)
    end_told_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Alert"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(state="ended"), name="alert_raised_once"
            )
        ]


class Post(Retried):
    """One call of the office's webhook, until it is answered."""

    THING = "watch.post"
    JOB = "watch.send_post"
    JOB_KEY = "post_id"
    DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))

    body = models.TextField()  # JSON, as it is signed

    client_id = None  # it tells of the whole office


class Comparison(models.Model):
    """One reading of what KSeF has of a client in a role and days, against what is stored.

    Comparisons are their own trail: a thousand a night would bury what people did.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    role = models.CharField(max_length=20, choices=Role.choices)
    date_from = models.DateField()  # days in Warsaw, both included
    date_to = models.DateField()
    state = models.CharField(
        max_length=12, choices=ComparisonState.choices, default=ComparisonState.READING
    )
    position = models.DateTimeField()  # the query goes on from here,
    page = models.PositiveIntegerField(default=0)  # and this page of it
    seen = models.JSONField(default=dict)  # KSeF number -> day on which KSeF stored it
    missing = ArrayField(models.CharField(max_length=36), default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    error_text = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Comparison"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "role", "date_from", "date_to"],
                condition=models.Q(state__in=["reading", "fetching"]),
                name="compared_once_at_a_time",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["started_at"], name="comparison_by_time")
        ]

    def advance(self, to: ComparisonState, **changes: Any) -> None:
        """Move to `to`, saving `changes` with it, or raise IllegalTransition."""
        current = ComparisonState(self.state)
        rows = Comparison.objects.across_clients().filter(pk=self.pk, state=current)
        changes["state"] = to
        if to not in COMPARISON_TRANSITIONS[current] or not rows.update(**changes):
            raise IllegalTransition(current=current.label, to=to.label)
        for name, value in changes.items():
            setattr(self, name, value)


class Tally(models.Model):
    """How many invoices KSeF stored on a day for a client in a role, and how many Obieg has."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    role = models.CharField(max_length=20, choices=Role.choices)
    day = models.DateField()  # of permanentStorageDate, in Warsaw
    expected = models.PositiveIntegerField()  # by KSeF's metadata
    stored = models.PositiveIntegerField()  # of them, in Obieg now
    missing = models.PositiveIntegerField()  # of them, not in Obieg when first compared
    fetched = models.PositiveIntegerField()  # of the missing, brought since
    compared_at = models.DateTimeField()

    objects = ScopedQuerySet["Tally"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "role", "day"], name="one_tally"
            ),
            models.CheckConstraint(
                name="tally_adds_up",
                condition=models.Q(
                    expected=models.F("stored") + models.F("missing") - models.F("fetched")
                ),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-day"], name="tally_by_day")]
