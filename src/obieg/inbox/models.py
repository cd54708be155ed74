"""What came out of KSeF: channels and their positions, packages, invoices and their bytes."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from obieg.inbox.errors import Overtaken
from obieg.inbox.states import TRANSITIONS, PackageState
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import IllegalTransition


class Role(models.TextChoices):
    """As whom the client stands on the invoice (KSeF API 2.9, InvoiceQuerySubjectType)."""

    SELLER = "Subject1", "Sprzedawca"
    BUYER = "Subject2", "Nabywca"
    THIRD = "Subject3", "Podmiot trzeci"
    AUTHORIZED = "SubjectAuthorized", "Podmiot upoważniony"

    @property
    def direction(self) -> "Direction":
        """What a document received in this role is to the client, whoever issued it.

        A self-billed invoice (P_17) keeps its sides: the buyer who wrote it still has a purchase.
        """
        return {Role.SELLER: Direction.SALE, Role.BUYER: Direction.PURCHASE}.get(
            self, Direction.OTHER
        )


class Direction(models.TextChoices):
    PURCHASE = "purchase", "Zakup"
    SALE = "sale", "Sprzedaż"
    OTHER = "other", "Inny udział"  # a third or authorised party: seen, not posted by itself


class Channel(models.Model):
    """The incremental download of one client in one role, and how far it has come."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    role = models.CharField("rola", max_length=20, choices=Role.choices)
    enabled = models.BooleanField("włączony", default=True)
    position = models.DateTimeField("pobrane do")  # permanentStorageHwmDate, inclusive window start
    next_run_at = models.DateTimeField("następne uruchomienie", db_index=True)
    last_run_at = models.DateTimeField("ostatnie uruchomienie", null=True)
    last_ok_at = models.DateTimeField("ostatnie udane", null=True)
    failures = models.PositiveIntegerField(default=0)  # in a row; 0 after a success
    error_code = models.CharField(max_length=80, blank=True)
    error_text = models.TextField("ostatni błąd", blank=True)  # Polish, for the client's page
    fetched = models.PositiveBigIntegerField("pobrano", default=0)

    objects = ScopedQuerySet["Channel"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "environment", "role"], name="one_channel")
        ]

    @property
    def is_followed(self) -> bool:
        """Whether it is downloaded: switched on, of a served client and its present environment."""
        same = self.environment == self.client.environment
        return self.enabled and self.client.active and same


class Package(models.Model):
    """One export of KSeF, from the claim to the stored invoices.

    With `incremental` the package moves the channel's position; otherwise it is a period by hand.
    """

    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="packages", db_index=False
    )
    incremental = models.BooleanField(default=True)
    state = models.CharField(
        max_length=16, choices=PackageState.choices, default=PackageState.CLAIMED
    )
    window_from = models.DateTimeField()
    window_to = models.DateTimeField(null=True)
    reference = models.CharField(max_length=64, blank=True)  # KSeF's referenceNumber of the export
    sealed_key = models.BinaryField()  # the AES key and IV of the package, sealed by the vault
    manifest = models.JSONField(default=dict)  # parts, counts and marks as KSeF gave them
    ordered_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    invoices = models.PositiveIntegerField(null=True)  # in the package
    stored = models.PositiveIntegerField(default=0)  # new among them
    quarantined = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=80, blank=True)
    error_text = models.TextField(blank=True)

    objects = ScopedQuerySet["Package"].as_manager()
    client_path = "channel__client"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["channel"],
                condition=models.Q(
                    incremental=True, state__in=["claimed", "ordered", "ready", "unreadable"]
                ),
                name="one_open_package",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["channel", "-id"], name="package_list")
        ]

    @property
    def client(self) -> Client:
        return self.channel.client

    @property
    def role(self) -> Role:
        return Role(self.channel.role)

    def advance(self, to: PackageState, **changes: Any) -> None:
        """Move to `to`, saving `changes` with it, in one statement.

        Raises IllegalTransition where the life of a package has no such step, and Overtaken where
        another worker moved it first. The packages are their own trail.
        """
        if to not in TRANSITIONS[PackageState(self.state)]:
            raise IllegalTransition(
                current=PackageState(self.state).label, to=PackageState(to).label
            )
        changes |= {"state": to, "changed_at": timezone.now()}
        rows = Package.objects.across_clients().filter(pk=self.pk, state=self.state)
        if not rows.update(**changes):
            raise Overtaken
        for name, value in changes.items():
            setattr(self, name, value)


class Invoice(models.Model):
    """A document of a client as KSeF gave it; the bytes are in `InvoiceXml` and never change."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    ksef_number = models.CharField("numer KSeF", max_length=36)
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    direction = models.CharField("rodzaj", max_length=8, choices=Direction.choices)
    roles = ArrayField(models.CharField(max_length=20))  # the roles it was received in
    package = models.ForeignKey(Package, on_delete=models.SET_NULL, null=True, related_name="+")
    received_at = models.DateTimeField("w Obiegu od")  # when Obieg stored it
    stored_at = models.DateTimeField("data zapisu w KSeF")  # permanentStorageDate
    acquired_at = models.DateTimeField("data przyjęcia w KSeF")  # acquisitionDate
    sha256 = models.CharField(max_length=44)  # of the XML, Base64, as KSeF's invoiceHash
    size = models.PositiveIntegerField()  # bytes

    schema = models.CharField(max_length=10)
    kind = models.CharField("rodzaj faktury", max_length=10)  # RodzajFaktury
    number = models.CharField("numer", max_length=256)  # P_2
    issue_date = models.DateField("data wystawienia")  # P_1
    sale_date = models.DateField("data sprzedaży", null=True)  # P_6
    due_date = models.DateField("termin płatności", null=True)
    currency = models.CharField("waluta", max_length=3)
    net = models.DecimalField("netto", max_digits=18, decimal_places=2)
    tax = models.DecimalField("VAT", max_digits=18, decimal_places=2)
    gross = models.DecimalField("brutto", max_digits=18, decimal_places=2)  # P_15
    amount_due = models.DecimalField("do zapłaty", max_digits=18, decimal_places=2)
    seller_nip = models.CharField("NIP sprzedawcy", max_length=50, blank=True)
    seller_name = models.CharField("sprzedawca", max_length=512)
    buyer_nip = models.CharField("NIP nabywcy", max_length=50, blank=True)
    buyer_name = models.CharField("nabywca", max_length=512)
    search = models.TextField(editable=False)  # casefolded number, names and NIPs; not the KSeF no.

    objects = ScopedQuerySet["Invoice"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            # in this order it also finds a pasted number across the clients
            models.UniqueConstraint(fields=["ksef_number", "client"], name="invoice_stored_once")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "direction", "-issue_date", "-id"], name="invoice_list"),
            models.Index(fields=["direction", "-issue_date", "-id"], name="invoice_list_office"),
            models.Index(fields=["client", "seller_nip"], name="invoice_of_seller"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="invoice_search"),
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceXml(models.Model):
    """The bytes of an invoice, exactly as KSeF holds them."""

    invoice = models.OneToOneField(
        Invoice, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    xml = models.BinaryField()

    objects = ScopedQuerySet["InvoiceXml"].as_manager()
    client_path = "invoice__client"


class Quarantined(models.Model):
    """A file that could not be read as an invoice: kept with its bytes until someone looks."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    package = models.ForeignKey(Package, on_delete=models.SET_NULL, null=True, related_name="+")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices)
    role = models.CharField(max_length=20, choices=Role.choices)
    ksef_number = models.CharField(max_length=36)
    stored_at = models.DateTimeField(null=True)  # as in Invoice; null without metadata
    acquired_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=44, blank=True)  # what KSeF says, not what came
    name = models.CharField(max_length=255)
    content = models.BinaryField()
    error_code = models.CharField(max_length=80)
    error_text = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Quarantined"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "ksef_number"], name="quarantined_once")
        ]
