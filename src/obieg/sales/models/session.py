"""Sessions of sending, and the UPO that KSeF gave for them."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful
from obieg.sales.states import SESSION_TRANSITIONS, SessionState


class KsefSession(Stateful):
    """One session of a client in KSeF, online or batch."""

    THING = "sales.session"
    STATES = SessionState
    TRANSITIONS = SESSION_TRANSITIONS

    class Kind(models.TextChoices):
        ONLINE = "online", "Interaktywna"
        BATCH = "batch", "Wsadowa"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    kind = models.CharField("rodzaj", max_length=8, choices=Kind.choices)
    form = models.CharField("schemat", max_length=10)  # FA(3)
    offline = models.BooleanField(default=False)  # batch: all its invoices were issued offline
    state = models.CharField("stan", max_length=8, choices=SessionState.choices)
    reference = models.CharField("numer referencyjny", max_length=64, blank=True)
    sealed_key = models.BinaryField()  # AES key and IV, sealed by the vault
    valid_until = models.DateTimeField("ważna do", null=True)
    opened_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField("ostatnio użyta", default=timezone.now)
    closed_at = models.DateTimeField("zamknięta", null=True)
    manifest = models.JSONField(default=dict)  # batch: ksef.batch.Packed, and the parts uploaded
    ksef_code = models.PositiveSmallIntegerField(null=True)
    ksef_text = models.TextField(blank=True)
    invoices = models.PositiveIntegerField("faktur", default=0)
    accepted = models.PositiveIntegerField("przyjętych", default=0)
    rejected = models.PositiveIntegerField("odrzuconych", default=0)

    objects = ScopedQuerySet["KsefSession"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "form"],
                condition=models.Q(kind="online", state__in=["opening", "open"]),
                name="one_open_online_session",
            ),
            models.UniqueConstraint(
                fields=["environment", "reference"],
                condition=~models.Q(reference=""),
                name="session_reference_once",
            ),
            models.CheckConstraint(
                name="ended_session_keeps_no_links",
                condition=~models.Q(state__in=["done", "failed"]) | models.Q(manifest={}),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "-id"], name="session_list"),
            models.Index(
                fields=["state", "used_at"],
                condition=models.Q(state__in=["opening", "open", "closing", "closed"]),
                name="session_unfinished",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Upo(models.Model):
    """A receipt of KSeF, exactly as it came: a page of a session, or of one invoice."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    session = models.ForeignKey(
        KsefSession, on_delete=models.PROTECT, null=True, related_name="upo"
    )
    reference = models.CharField(max_length=64)  # KSeF's of the UPO page, or the KSeF number
    sha256 = models.CharField(max_length=44)
    content = models.BinaryField(null=True)  # null where it is kept as a file
    path = models.CharField(max_length=400, blank=True)  # below the office's directory of documents
    received_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Upo"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "environment", "reference"], name="upo_once")
        ]
