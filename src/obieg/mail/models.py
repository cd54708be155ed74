"""The office's mail server, and every letter until it is sent."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from obieg.office.models import Client, Operator
from obieg.office.retrying import Retried
from obieg.office.scope import ScopedQuerySet
from obieg.vault.models import Sealed


class Security(models.TextChoices):
    STARTTLS = "starttls", "STARTTLS (zwykle port 587)"
    TLS = "tls", "TLS (zwykle port 465)"
    NONE = "none", "bez szyfrowania (tylko sieć lokalna)"


class MailServer(Sealed):
    """The SMTP server that the office sends by: one row, or none; its password is sealed."""

    host = models.CharField("serwer SMTP", max_length=255)
    port = models.PositiveIntegerField("port", default=587)
    security = models.CharField(
        "szyfrowanie", max_length=8, choices=Security.choices, default=Security.STARTTLS
    )
    login = models.CharField("login", max_length=255, blank=True)
    sender = models.EmailField("adres nadawcy")
    sender_name = models.CharField("nazwa nadawcy", max_length=200, blank=True)
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(name="one_mail_server", condition=models.Q(only=True))
        ]


class Letter(Retried):
    """One e-mail; its attachments go when it is sent."""

    THING = "mail.letter"
    JOB = "mail.send_letter"
    JOB_KEY = "letter_id"
    DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720, 1440))

    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    occasion = models.CharField(
        max_length=120, unique=True
    )  # "sale-12-accepted-buyer": never twice
    recipients = ArrayField(models.EmailField(), verbose_name="do")
    subject = models.CharField("temat", max_length=250)
    text = models.TextField("treść")
    created_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet["Letter"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-id"], name="letter_list"),
            models.Index(fields=["client", "-id"], name="letter_list_client"),
        ]

    def when_sent(self) -> None:
        Attachment.objects.across_clients().filter(letter=self).delete()


class Attachment(models.Model):
    """A file that a waiting letter carries."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="attachments")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content = models.BinaryField()

    objects = ScopedQuerySet["Attachment"].as_manager()
    client_path = "letter__client"
