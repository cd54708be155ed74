"""Credentials as the database keeps them: ciphertext, what is public about them, and every use."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet


class CredentialKind(models.TextChoices):
    TOKEN = "token", "Token KSeF"
    CERTIFICATE = "certificate", "Certyfikat z kluczem"


class Sealed(models.Model):
    """A secret in an AES-256-GCM envelope: its own data key, wrapped by the master key.

    The associated data bind the ciphertext to its client, kind and environment.
    """

    ciphertext = models.BinaryField()  # nonce (12 bytes) + ciphertext + tag (16 bytes)
    wrapped_key = models.BinaryField()  # nonce + data key under the master key + tag
    master_key_id = models.CharField(max_length=16)  # first bytes of SHA-256 of the master key, hex

    class Meta:
        abstract = True


class Credential(Sealed):
    """A way into KSeF; with no client it is the office's own, for every context that granted it."""

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    kind = models.CharField("rodzaj", max_length=16, choices=CredentialKind.choices)
    environment = models.CharField("środowisko", max_length=16, choices=KsefEnvironment.choices)
    label = models.CharField("nazwa", max_length=200)
    fingerprint = models.CharField("odcisk", max_length=64)  # SHA-256 of the certificate or token
    valid_from = models.DateTimeField("ważne od", null=True)
    valid_to = models.DateTimeField("ważne do", null=True)
    active = models.BooleanField("używane", default=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet["Credential"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "environment"],
                condition=models.Q(active=True),
                name="one_active_credential",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.label


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
            models.UniqueConstraint(fields=["client", "environment"], name="one_access_grant")
        ]
