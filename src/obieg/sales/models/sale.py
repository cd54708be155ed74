"""A sales document: what was drafted, what was frozen, and what KSeF said."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from obieg.inbox.models import Invoice
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.office.states import Stateful
from obieg.sales.models.seller import KINDS, Contractor, SellerProfile, Sending, Series
from obieg.sales.models.session import KsefSession, Upo
from obieg.sales.states import SALE_TRANSITIONS, OfflineMode, SaleState


class Sale(Stateful):
    """One sales invoice or correction of a client, from the draft to the UPO.

    The columns from `kind` to `amount_due` repeat what the content or the bytes say, for lists.
    """

    THING = "sales.sale"
    STATES = SaleState
    TRANSITIONS = SALE_TRANSITIONS

    class Origin(models.TextChoices):
        FORM = "form", "formularz"
        FILE = "file", "plik"
        XML = "xml", "XML"
        API = "api", "API"

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField("stan", max_length=12, choices=SaleState.choices, default="draft")
    origin = models.CharField(max_length=8, choices=Origin.choices)
    content = models.JSONField(null=True)  # sales.content.SaleContent; null where XML was given
    typed = models.JSONField(null=True)  # what the form holds and `content` cannot: kept as typed
    findings = models.JSONField(default=list)  # of the last check, fa.finding.Finding as dicts
    external_id = models.CharField(max_length=100, blank=True)  # the API's or file's own key
    note = models.CharField("uwaga", max_length=500, blank=True)  # the office's own, not in KSeF

    kind = models.CharField("rodzaj", max_length=10, choices=KINDS)  # RodzajFaktury
    series = models.ForeignKey(Series, on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField("numer", max_length=256, blank=True)  # P_2; empty until issued
    issue_date = models.DateField("data wystawienia", null=True)  # P_1
    sale_date = models.DateField("data sprzedaży", null=True)  # P_6
    due_date = models.DateField("termin płatności", null=True)
    buyer_name = models.CharField("nabywca", max_length=512, blank=True)
    buyer_nip = models.CharField("NIP nabywcy", max_length=50, blank=True)
    contractor = models.ForeignKey(
        Contractor, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    currency = models.CharField("waluta", max_length=3, default="PLN")
    net = models.DecimalField("netto", max_digits=18, decimal_places=2, default=0)
    tax = models.DecimalField("VAT", max_digits=18, decimal_places=2, default=0)
    gross = models.DecimalField("brutto", max_digits=18, decimal_places=2, default=0)  # P_15
    amount_due = models.DecimalField("do zapłaty", max_digits=18, decimal_places=2, default=0)
    search = models.TextField(editable=False, blank=True)  # casefolded number, buyer and its NIP

    corrects = models.ForeignKey(  # our own original
        "self", on_delete=models.PROTECT, null=True, related_name="corrections"
    )
    follows = models.ForeignKey(  # is sent only after this one is accepted (a new invoice after
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="followers",  # its zeroing)
    )

    # approved, waits for its original's KSeF number: {"by": operator, "confirmed": [], "mode": ""}
    approval = models.JSONField(null=True)
    sending = models.CharField("wysyłka", max_length=12, choices=Sending.choices, default="keep")
    environment = models.CharField(max_length=16, choices=KsefEnvironment.choices, blank=True)
    version = models.PositiveSmallIntegerField(default=0)  # of the frozen bytes, SaleXml
    sha256 = models.CharField(max_length=44, blank=True)  # of the frozen bytes, Base64
    has_attachment = models.BooleanField(default=False)  # then it goes in a batch
    offline_mode = models.CharField(
        "tryb", max_length=16, choices=OfflineMode.choices, blank=True, default=""
    )
    offline_deadline = models.DateField("wyślij do", null=True)
    corrects_sha256 = models.CharField(max_length=44, blank=True)  # technical correction of these
    # as KSeF took it: Offline also where P_1 is before the day of sending (invoicingMode)
    invoicing_mode = models.CharField("tryb w KSeF", max_length=16, blank=True, default="")

    queued_version = models.PositiveSmallIntegerField(null=True)  # these bytes are to be sent
    queued_way = models.CharField(
        max_length=8, choices=SellerProfile.Transmission.choices, blank=True, default=""
    )
    queued_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")

    session = models.ForeignKey(
        KsefSession, on_delete=models.PROTECT, null=True, related_name="sales"
    )
    reference = models.CharField("numer referencyjny", max_length=64, blank=True)  # in the session
    claimed_at = models.DateTimeField(null=True)  # committed before anything is sent
    sent_at = models.DateTimeField("wysłana", null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    ksef_code = models.PositiveSmallIntegerField("status KSeF", null=True)
    ksef_text = models.TextField("odpowiedź KSeF", blank=True)  # KSeF's own words
    ksef_number = models.CharField("numer KSeF", max_length=36, blank=True)
    acquired_at = models.DateTimeField("przyjęta w KSeF", null=True)  # acquisitionDate
    stored_at = models.DateTimeField("zapisana w KSeF", null=True)  # permanentStorageDate
    accepted_in = models.CharField(max_length=64, blank=True, default="")  # not a session of ours
    elsewhere = models.BooleanField("wysłana poza Obiegiem", default=False)
    upo = models.ForeignKey(Upo, on_delete=models.PROTECT, null=True, related_name="sales")
    invoice = models.ForeignKey(  # the document as posted
        Invoice, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    created_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet["Sale"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["client", "kind", "number"],
                condition=~models.Q(number=""),
                name="sale_number_once",  # as KSeF counts duplicates: seller, RodzajFaktury, P_2
            ),
            models.UniqueConstraint(
                fields=["client", "external_id"],
                condition=~models.Q(external_id=""),
                name="sale_external_id_once",
            ),
            models.UniqueConstraint(
                fields=["ksef_number"], condition=~models.Q(ksef_number=""), name="sale_ksef_once"
            ),
            models.CheckConstraint(
                name="accepted_has_ksef_number",
                condition=~models.Q(state__in=["accepted", "confirmed"])
                | ~models.Q(ksef_number=""),
            ),
            models.CheckConstraint(
                name="sending_was_claimed",
                condition=~models.Q(state="sending")
                | models.Q(claimed_at__isnull=False, session__isnull=False),
            ),
            models.CheckConstraint(
                name="issued_has_number_and_bytes",
                condition=models.Q(state__in=["draft", "cancelled", "outside"])
                | (~models.Q(number="") & ~models.Q(sha256="")),
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "-issue_date", "-id"], name="sale_list"),
            models.Index(fields=["-issue_date", "-id"], name="sale_list_office"),
            models.Index(
                fields=["state", "claimed_at"],
                condition=models.Q(state__in=["ready", "waiting", "sending", "accepted"]),
                name="sale_unfinished",
            ),
            models.Index(
                fields=["client", "-issue_date", "-id"],
                condition=models.Q(state="rejected"),
                name="sale_rejected",
            ),
            models.Index(fields=["session"], name="sale_of_session"),
            models.Index(
                fields=["offline_deadline"],
                condition=~models.Q(offline_mode=""),
                name="sale_offline",
            ),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="sale_search"),
        ]

    def __str__(self) -> str:
        return self.number or "szkic"

    @property
    def awaits_original(self) -> bool:
        """Approved, and issued by itself once the corrected invoice has its KSeF number."""
        return self.state == SaleState.DRAFT and self.approval is not None


class SaleXml(models.Model):
    """The bytes of a document: of a given XML's draft, and of every version that was frozen."""

    sale = models.ForeignKey(Sale, on_delete=models.CASCADE, related_name="xmls")
    version = models.PositiveSmallIntegerField()  # 0: as given in a draft; from 1: frozen
    sha256 = models.CharField(max_length=44)
    size = models.PositiveIntegerField()
    content = models.BinaryField(null=True)  # null where it is kept as a file
    path = models.CharField(max_length=400, blank=True)  # below the office's directory of documents
    at = models.DateTimeField(default=timezone.now)

    objects = ScopedQuerySet["SaleXml"].as_manager()
    client_path = "sale__client"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sale", "version"], name="sale_xml_once")
        ]
