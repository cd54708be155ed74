"""What is kept about logging in: second factors, recovery codes, browsers, attempts, paces."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

from obieg.office.models import Operator
from obieg.vault.models import Sealed


class SecondFactor(Sealed):
    """The secret that an operator's phone shares with Obieg (TOTP, RFC 6238), sealed."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="factor")
    confirmed_at = models.DateTimeField(null=True)  # null: shown, and not yet proved with a code
    last_step = models.BigIntegerField(default=0)  # of 30 s; a code of it or before is refused
    created_at = models.DateTimeField(default=timezone.now)


class RecoveryCode(models.Model):
    """A code for the day when the phone is lost, usable once; only its digest is kept."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True)


class Tries(models.Model):
    """Failed attempts in a row of one login, address or operator, and until when to wait."""

    class Kind(models.TextChoices):
        LOGIN = "login", "login"
        ADDRESS = "address", "adres"
        CODE = "code", "kod operatora"
        KEY = "key", "klucze API z adresu"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    digest = models.CharField(max_length=64)  # a typed login may be a password typed too early
    shown = models.CharField(max_length=150, blank=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "digest"], name="tries_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.shown}".strip()


class Pace(models.Model):
    """How far ahead of the allowed pace a key, an address or an operator has come."""

    subject = models.CharField(max_length=80, primary_key=True)  # "key:7", "heavy:3"
    paid_until = models.DateTimeField(db_index=True)  # what was done so far is paid for by then

    def __str__(self) -> str:
        return self.subject


class BrowserSession(models.Model):
    """A browser in which an operator is logged in."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="browsers")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=120, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.browser
