"""Credentials as the database keeps them: ciphertext, what is public about them, and every use."""

from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful
from obieg.vault.states import (
    ENROLMENT_TRANSITIONS,
    MOVE_TRANSITIONS,
    TOKEN_TRANSITIONS,
    EnrolmentState,
    MoveState,
    TokenState,
)


class CredentialKind(models.TextChoices):
    TOKEN = "token", "Token KSeF"
    CERTIFICATE = "certificate", "Certyfikat z kluczem"
    SIGNATURE = "signature", "Podpis złożony poza Obiegiem"  # no secret: only the access it gave


class CredentialUsage(models.TextChoices):
    """What KSeF lets a certificate do: each does one thing only."""

    AUTHENTICATION = "authentication", "Logowanie do KSeF"
    OFFLINE = "offline", "Certyfikat Offline"  # signs code II of invoices, opens nothing
    SIGNATURE = "signature", "Dostęp podpisany poza Obiegiem"  # beside what is in daily use


class Sealed(models.Model):
    """A secret in an AES-256-GCM envelope: its own data key, wrapped by the master key.

    The associated data bind the ciphertext to its client, kind and environment.
    """

    ciphertext = models.BinaryField()  # nonce (12 bytes) + ciphertext + tag (16 bytes)
    wrapped_key = models.BinaryField()  # nonce + data key under the master key + tag
    master_key_id = models.CharField(max_length=16)  # first bytes of SHA-256 of the master key, hex

    class Meta:
        abstract = True


class CredentialQuerySet(ScopedQuerySet["Credential"]):
    def shared(self) -> Self:
        """Those that Obieg works with; an operator's own are his alone."""
        return self.filter(operator=None)

    def of_office(self) -> Self:
        """The office's own, whatever the client."""
        return self.across_clients().filter(client=None, operator=None)

    def of_operator(self, operator: Operator) -> Self:
        """His own, for one client or for every one that granted it."""
        return self.across_clients().filter(operator=operator)


class Credential(Sealed):
    """A way into KSeF; with no client it is for every context that granted it.

    One with an operator is his own: it goes with what he does by hand and with nothing else.
    Without operator and client it is the office's.
    """

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    operator = models.ForeignKey(
        Operator, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("rodzaj", max_length=16, choices=CredentialKind.choices)
    usage = models.CharField(
        "przeznaczenie",
        max_length=16,
        choices=CredentialUsage.choices,
        default=CredentialUsage.AUTHENTICATION,
    )
    environment = models.CharField("środowisko", max_length=16, choices=KsefEnvironment.choices)
    label = models.CharField("nazwa", max_length=200)
    fingerprint = models.CharField("odcisk", max_length=64)  # SHA-256 of the certificate or token
    valid_from = models.DateTimeField("ważne od", null=True)
    valid_to = models.DateTimeField("ważne do", null=True)
    active = models.BooleanField("używane", default=True)
    on_trial = models.BooleanField("na próbie", default=False)  # not in use before it has opened
    reference = models.CharField("numer w KSeF", max_length=64, blank=True)  # token or certificate
    held = models.JSONField("uprawnienia", default=list)  # as KSeF told them at `held_at`
    held_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField("unieważnione w KSeF", null=True)
    shredded_at = models.DateTimeField("zniszczone", null=True)  # the secret is overwritten
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "usage", "operator"],
                condition=models.Q(active=True),
                name="one_active_credential",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(operator=None) | models.Q(usage=CredentialUsage.AUTHENTICATION),
                name="credential_of_an_operator_logs_in",
            ),
            models.CheckConstraint(
                condition=models.Q(active=False) | models.Q(on_trial=False, shredded_at=None),
                name="credential_in_use_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def bound_kind(self) -> str:
        """What the ciphertext is bound to: with another usage or operator it does not open."""
        parts = [self.kind]
        if self.usage != CredentialUsage.AUTHENTICATION:
            parts.append(self.usage)
        if self.operator_id is not None:
            parts.append(f"operator-{self.operator_id}")
        return "/".join(parts)


class Way(models.TextChoices):
    """With what Obieg connects to KSeF where a client could use more than one credential."""

    AUTO = "auto", "Automatycznie: własne klienta, a gdy go nie ma, certyfikat biura"
    OWN = "own", "Tylko własne poświadczenie klienta"
    OFFICE = "office", "Tylko certyfikat biura"


class WayChoice(models.Model):
    """What was chosen for a client; without a row it is AUTO."""

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="+")
    way = models.CharField("sposób", max_length=8, choices=Way.choices, default=Way.AUTO)

    objects = ScopedQuerySet["WayChoice"].as_manager()

    def __str__(self) -> str:
        return self.get_way_display()


class Enrolment(Stateful):
    """A certificate asked for in KSeF; its key was made here and leaves only as a signature."""

    THING = "vault.enrolment"
    STATES = EnrolmentState
    TRANSITIONS = ENROLMENT_TRANSITIONS

    client = models.ForeignKey(  # in whose context it is asked for
        Client, on_delete=models.PROTECT, related_name="+"
    )
    owner = models.ForeignKey(  # whose it will be, as the login's was; null: the office's
        Client, on_delete=models.PROTECT, null=True, related_name="+"
    )
    environment = models.CharField("środowisko", max_length=16, choices=KsefEnvironment.choices)
    usage = models.CharField(max_length=16, choices=CredentialUsage.choices)
    name = models.CharField("nazwa w KSeF", max_length=100, unique=True)  # certificateName
    state = models.CharField("stan", max_length=8, choices=EnrolmentState.choices, default="new")
    sealed_key = models.BinaryField()  # PKCS#8 DER, sealed; empty once the credential has it
    claimed_at = models.DateTimeField(null=True)  # committed before the request is sent
    reference = models.CharField(max_length=64, blank=True)
    serial = models.CharField("numer certyfikatu", max_length=40, blank=True)
    error_text = models.TextField("odpowiedź", blank=True)
    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, null=True, related_name="+"
    )
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Enrolment"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "usage"],
                condition=models.Q(state__in=["new", "asking", "sent", "trial"]),
                name="one_enrolment_at_once",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return bool(ENROLMENT_TRANSITIONS[EnrolmentState(self.state)])


class TokenPurpose(models.TextChoices):
    OBIEG = "obieg", "dla Obiegu"  # into the vault, never shown
    PROGRAM = "program", "dla innego programu"  # shown once, kept nowhere


class TokenRequest(Stateful):
    """A token asked for in KSeF; what was never received is found there by its mark."""

    THING = "vault.token_request"
    STATES = TokenState
    TRANSITIONS = TOKEN_TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    environment = models.CharField("środowisko", max_length=16, choices=KsefEnvironment.choices)
    mark = models.CharField(max_length=16, unique=True)  # of the form: the same one makes no second
    description = models.CharField("opis", max_length=256)  # as KSeF has it; ends with the mark
    permissions = models.JSONField("uprawnienia", default=list)
    purpose = models.CharField(max_length=8, choices=TokenPurpose.choices)
    state = models.CharField("stan", max_length=8, choices=TokenState.choices, default="asking")
    login = models.ForeignKey(  # with what it was asked for: its author in KSeF
        Credential, on_delete=models.PROTECT, related_name="+"
    )
    reference = models.CharField("numer w KSeF", max_length=64, blank=True)
    credential = models.ForeignKey(
        Credential, on_delete=models.PROTECT, null=True, related_name="+"
    )
    error_text = models.TextField("odpowiedź", blank=True)
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["TokenRequest"].as_manager()

    def __str__(self) -> str:
        return self.description

    @property
    def is_under_way(self) -> bool:
        return bool(TOKEN_TRANSITIONS[TokenState(self.state)])


class CredentialUse(models.Model):
    """One opening of a credential: who, what for, in whose context. Append-only."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    purpose = models.CharField(max_length=100)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = ScopedQuerySet["CredentialUse"].as_manager()


class AccessGrant(Sealed):
    """The access and refresh tokens that KSeF gave for one client's context, sealed."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="+")
    access_until = models.DateTimeField()
    refresh_until = models.DateTimeField()

    objects = ScopedQuerySet["AccessGrant"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment", "credential"], name="one_access_grant"
            )
        ]


class Move(Stateful):
    """A client's passage from its token to the office's certificate, once that opens KSeF."""

    THING = "vault.move"
    STATES = MoveState
    TRANSITIONS = MOVE_TRANSITIONS

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    token = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="+")
    state = models.CharField("stan", max_length=8, choices=MoveState.choices, default="queued")
    error_text = models.TextField("odpowiedź", blank=True)
    asked_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["Move"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client"], condition=models.Q(state="queued"), name="one_move_at_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_state_display()}"


class Rotation(models.Model):
    """The change of the master key: each of the two opens the other, until it is finished.

    So every process, whichever of them it was started with, opens what is sealed under both.
    """

    old_id = models.CharField(max_length=16)
    new_id = models.CharField(max_length=16)
    new_under_old = models.BinaryField()  # both are emptied at the end
    old_under_new = models.BinaryField()
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(finished_at=None), name="one_rotation_at_once"
            )
        ]
