"""What is kept of KSeF: the ledger of calls and limits, endings, revocations, the renewal."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.calls.states import (
    ENDING_TRANSITIONS,
    REVOCATION_TRANSITIONS,
    EndingState,
    RevocationState,
)
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful
from obieg.vault.models import Credential


class KsefCall(models.Model):
    """One call, written before it is made; `status` stays empty where the answer was lost.

    `counted_at` is the latest moment at which KSeF may have counted the call: far ahead while the
    answer is awaited, the moment of the answer once it came. The windows are counted by it.
    """

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    context = models.CharField(max_length=32)  # NIP or internal identifier; "" for none
    group = models.CharField(max_length=40)  # the rate group of the specification
    operation = models.CharField(max_length=80)
    credential_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    counted_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    duration_ms = models.PositiveIntegerField(null=True)

    objects = ScopedQuerySet["KsefCall"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["environment", "context", "group", "-counted_at"], name="call_window"
            )
        ]


class AddressSlot(models.Model):
    """One of the calls that our address may have under way or counted in any second.

    A call takes a free one, and gives it back for a second after its answer. Whoever looks for one
    skips those that others are taking, so that nobody waits for anybody.
    """

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    number = models.PositiveSmallIntegerField()
    free_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["environment", "number"], name="one_address_slot")
        ]


class Embargo(models.Model):
    """KSeF said Retry-After: nothing of the group may be called in the context before `until`."""

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    context = models.CharField(max_length=32)
    group = models.CharField(max_length=40)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["environment", "context", "group"], name="one_embargo")
        ]


class ToldRates(models.Model):
    """The limits that KSeF itself told for a context, which replace those of the specification."""

    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    context = models.CharField(max_length=32)
    group = models.CharField(max_length=40)
    per_second = models.PositiveIntegerField(null=True)
    per_minute = models.PositiveIntegerField(null=True)
    per_hour = models.PositiveIntegerField(null=True)
    told_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["environment", "context", "group"], name="one_told_rates"
            )
        ]


class Ending(Stateful):
    """The end of the cooperation with a client, carried out line by line in the background."""

    THING = "calls.ending"
    STATES = EndingState
    TRANSITIONS = ENDING_TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    in_ksef = models.BooleanField("także w KSeF", default=True)
    state = models.CharField("stan", max_length=8, choices=EndingState.choices, default="asked")
    error_text = models.TextField(blank=True)  # why it waits or was broken off
    next_at = models.DateTimeField(null=True)  # of the next attempt, where KSeF does not answer
    protocol = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Ending"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client"], condition=~models.Q(state="done"), name="one_ending_at_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_state_display()}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (EndingState.ASKED, EndingState.RUNNING)


class EndingLine(models.Model):
    """One thing that an ending does or did; with a credential, that credential's end."""

    ending = models.ForeignKey(Ending, on_delete=models.CASCADE, related_name="+")
    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, null=True, related_name="+"
    )
    what = models.CharField(max_length=400)  # Polish
    how = models.TextField(blank=True)  # what KSeF said, then the whole of how it ended; Polish
    done_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["EndingLine"].as_manager()
    client_path = "ending__client"

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ending", "credential"], name="one_line_a_credential")
        ]

    def __str__(self) -> str:
        return self.what


class Revocation(Stateful):
    """A credential that is no longer used here and has to end in KSeF, too."""

    THING = "calls.revocation"
    STATES = RevocationState
    TRANSITIONS = REVOCATION_TRANSITIONS

    credential = models.OneToOneField(
        Credential, on_delete=models.PROTECT, related_name="revocation"
    )
    client = models.ForeignKey(  # in whose context one logs in for it
        Client, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("stan", max_length=8, choices=RevocationState.choices, default="asked")
    superseded = models.BooleanField(default=False)  # the reason told to KSeF
    due_at = models.DateTimeField(default=timezone.now)
    error_text = models.TextField(blank=True)
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Revocation"].as_manager()

    def __str__(self) -> str:
        return f"{self.credential}: {self.get_state_display()}"

    @property
    def is_settled(self) -> bool:
        return not REVOCATION_TRANSITIONS[RevocationState(self.state)]


class RenewalSettings(models.Model):
    """Whether certificates are renewed by themselves; no row: they are."""

    automatic = models.BooleanField("odnawiaj certyfikaty automatycznie", default=True)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_renewal_settings", condition=models.Q(only=True))
        ]

    @classmethod
    def present(cls) -> "RenewalSettings":
        """The office's settings, or the usual ones, not saved."""
        return cls.objects.first() or cls()
