"""Keys by which other programs use the API on an operator's behalf."""

import hashlib
import secrets
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone

from obieg.office.models import Client, Operator

PREFIX = "obieg_"
SHOWN = 12  # first characters, by which a person tells one key from another


class ApiToken(models.Model):
    """A key; only its hash is kept. It may do what its operator may, at one client or all his."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField("nazwa", max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    shown = models.CharField(max_length=20, editable=False)
    created_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField("ostatnio użyty", null=True)
    revoked_at = models.DateTimeField("unieważniony", null=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-pk"]

    @classmethod
    def issue(
        cls, operator: Operator, *, name: str, client: Client | None = None
    ) -> tuple[Self, str]:
        """A new key and its text, which is shown once and kept nowhere."""
        text = PREFIX + secrets.token_urlsafe(32)
        token = cls.objects.create(
            operator=operator, client=client, name=name, digest=cls.hash(text), shown=text[:SHOWN]
        )
        return token, text

    @staticmethod
    def hash(text: str) -> str:
        """SHA-256 is enough: the text has 256 random bits, nobody guesses it."""
        return hashlib.sha256(text.encode()).hexdigest()
