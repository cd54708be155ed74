"""What KSeF said of the permissions at each client, whom the office knows, and what it ordered."""

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from obieg.calls.permissions.holders import shown
from obieg.calls.permissions.scopes import name_of, names_of
from obieg.calls.permissions.states import ORDER_TRANSITIONS, UNDER_WAY, OrderState
from obieg.office.models import Client, KsefEnvironment, Operator, validate_nip
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful


class Family(models.TextChoices):
    """Which of KSeF's lists a permission is on; each is asked for, and taken back, its own way."""

    PERSON = "person", "Osoby i podmioty"
    AUTHORIZATION = "authorization", "Uprawnienia podmiotowe"
    SUBUNIT = "subunit", "Administratorzy jednostek"
    EU = "eu", "Podmioty unijne"


class OfficeFirm(models.Model):
    """The office as clients name it in KSeF: one row, or none."""

    nip = models.CharField("NIP biura", max_length=10, validators=[validate_nip])
    name = models.CharField("pełna nazwa", max_length=90)  # KSeF API 2.9, EntityDetails.fullName
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_office_firm", condition=Q(only=True))
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def present(cls) -> "OfficeFirm | None":
        """The office, once its NIP was entered."""
        return cls.objects.first()


class Reach(models.TextChoices):
    FULL = "full", "wszystkie"
    OWN = "own", "tylko własne"


class Reading(models.Model):
    """The last reading at one client in one environment, and what the office needs there."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    read_at = models.DateTimeField(null=True)  # the last good one
    listed_at = models.DateTimeField(null=True)  # the last that saw everybody's, not one's own
    tried_at = models.DateTimeField(null=True)
    error_text = models.TextField(blank=True)  # of the last, where it failed
    reach = models.CharField(max_length=4, choices=Reach.choices, blank=True)
    credential_id = models.BigIntegerField(null=True)  # which was in use
    held = models.JSONField(default=list)  # what it may do: `InvoiceRead`, …
    by_office = models.JSONField(null=True)  # what the office's NIP may do; null: not known
    passed_on = models.JSONField(default=list)  # of that, what it may pass on
    families = models.JSONField(default=list)  # lists that were read; later changes are told
    refused = models.JSONField(default=list)  # lists that KSeF did not show this time
    issues = models.BooleanField("biuro wysyła sprzedaż tego klienta do KSeF", default=True)

    objects = ScopedQuerySet["Reading"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "environment"], name="one_reading")
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_reach_display()}"


class Grant(models.Model):
    """One permission of one holder at a client, as KSeF lists it; kept when it is gone."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    family = models.CharField(max_length=16, choices=Family.choices)
    ksef_id = models.CharField(max_length=36)
    scope = models.CharField(max_length=40)
    holder_kind = models.CharField(max_length=16)
    holder_value = models.CharField(max_length=64)
    holder_name = models.CharField(max_length=120, blank=True)
    is_firm = models.BooleanField(default=False)
    author_kind = models.CharField(max_length=16, blank=True)
    author_value = models.CharField(max_length=64, blank=True)
    description = models.CharField(max_length=256, blank=True)
    since = models.DateTimeField()
    can_delegate = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    target_kind = models.CharField(max_length=16, blank=True)
    target_value = models.CharField(max_length=32, blank=True)
    place_kind = models.CharField(max_length=16, blank=True)
    place_value = models.CharField(max_length=32, blank=True)
    place_name = models.CharField(max_length=256, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)  # when a reading no longer found it

    objects = ScopedQuerySet["Grant"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "family", "ksef_id"], name="grant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.scope_name}"

    @property
    def holder(self) -> str:
        """Name and identifier, or the identifier alone."""
        return ", ".join(filter(None, (self.holder_name, self.identifier)))

    @property
    def identifier(self) -> str:
        return shown(self.holder_kind, self.holder_value)

    @property
    def author(self) -> str:
        return shown(self.author_kind, self.author_value) if self.author_kind else ""

    @property
    def scope_name(self) -> str:
        return name_of(self.scope)

    @property
    def where(self) -> str:
        """What it is limited to, where it is: a unit, an EU entity, a client passed on to."""
        if self.place_kind:
            place = shown(self.place_kind, self.place_value)
            return ", ".join(filter(None, (self.place_name, place)))
        return shown(self.target_kind, self.target_value) if self.target_kind else ""


class Acquaintance(models.Model):
    """A person or firm that the office knows: at one client, or, without one, of the office."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    holder_kind = models.CharField(max_length=16)
    holder_value = models.CharField(max_length=64)
    name = models.CharField("imię i nazwisko albo nazwa", max_length=120)
    left_on = models.DateField("nie pracuje od", null=True, blank=True)
    noted_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Acquaintance"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "holder_kind", "holder_value"],
                name="known_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def identifier(self) -> str:
        return shown(self.holder_kind, self.holder_value)

    def has_left(self, day: date) -> bool:
        return self.left_on is not None and self.left_on <= day


class Change(models.Model):
    """A permission that came or went without an order of the office's, until somebody saw it."""

    class Kind(models.TextChoices):
        APPEARED = "appeared", "nadano poza Obiegiem"
        VANISHED = "vanished", "odebrano poza Obiegiem"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, null=True, related_name="+")
    scope = models.CharField(max_length=40)
    who = models.CharField(max_length=200)  # for a page; of one's own: the credential's name
    is_ours = models.BooleanField(default=False)  # of the office's, or of the credential in use
    found_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet["Change"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client"], condition=Q(settled_at=None), name="change_to_look_at")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.who}, {self.scope_name}"

    @property
    def scope_name(self) -> str:
        return name_of(self.scope)


class Act(models.TextChoices):
    """What is ordered: by KSeF's operations."""

    GRANT_PERSON = "person", "Nadanie osobie"
    GRANT_FIRM = "firm", "Nadanie podmiotowi"
    AUTHORIZE = "authorize", "Nadanie uprawnienia podmiotowego"
    REVOKE = "revoke", "Odebranie"


class Order(Stateful):
    """A grant, or its taking back, ordered here; the claim is committed before KSeF is asked."""

    THING = "permissions.order"
    STATES = OrderState
    TRANSITIONS = ORDER_TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    act = models.CharField("czynność", max_length=16, choices=Act.choices)
    holder_kind = models.CharField(max_length=16)
    holder_value = models.CharField(max_length=64)
    first_name = models.CharField(max_length=30, blank=True)  # of a person
    name = models.CharField(max_length=120, blank=True)  # a firm's, or a person's last name
    scopes = ArrayField(models.CharField(max_length=40))
    can_delegate = models.BooleanField(default=False)
    description = models.CharField(max_length=256, blank=True)
    grant = models.ForeignKey(Grant, on_delete=models.SET_NULL, null=True, related_name="+")
    grant_ksef_id = models.CharField(max_length=36, blank=True)  # of what is taken back
    family = models.CharField(max_length=16, choices=Family.choices)
    state = models.CharField("stan", max_length=8, choices=OrderState.choices, default="new")
    claimed_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=64, blank=True)
    error_text = models.TextField("odpowiedź", blank=True)
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Order"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=[
                    "client", "environment", "act", "holder_kind", "holder_value",
                    "grant_ksef_id",
                ],
                condition=Q(state__in=UNDER_WAY),
                name="one_order_at_once",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_act_display()}: {self.holder}, {self.scope_names}"

    @property
    def holder(self) -> str:
        name = " ".join(filter(None, (self.first_name, self.name)))
        return ", ".join(filter(None, (name, shown(self.holder_kind, self.holder_value))))

    @property
    def scope_names(self) -> str:
        return names_of(self.scopes)

    @property
    def is_revocation(self) -> bool:
        return self.act == Act.REVOKE

    @property
    def is_under_way(self) -> bool:
        return bool(ORDER_TRANSITIONS[OrderState(self.state)])
