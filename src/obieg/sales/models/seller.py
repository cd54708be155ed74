"""The client as a seller: its data on invoices, its buyers, series of numbers and habits."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from obieg.office.models import Client
from obieg.office.scope import ScopedQuerySet

KINDS = [(kind, kind) for kind in ("VAT", "KOR", "ZAL", "ROZ", "UPR", "KOR_ZAL", "KOR_ROZ")]


class Sending(models.TextChoices):
    """What becomes of an issued invoice."""

    SEND = "send", "wyślij do KSeF od razu"
    KEEP = "keep", "nie wysyłaj – zrobi to człowiek"
    OUTSIDE = "outside", "poza systemem KSeF"
    CONTRACTOR = "contractor", "jak mówi kontrahent"


class SellerProfile(models.Model):
    """What stands on every invoice of a client, and how it sends them."""

    class Transmission(models.TextChoices):
        ONLINE = "online", "sesja interaktywna"
        BATCH = "batch", "sesja wsadowa"

    client = models.OneToOneField(Client, on_delete=models.CASCADE, related_name="seller_profile")
    name = models.CharField("nazwa na fakturze", max_length=512, blank=True)  # empty: the client's
    address1 = models.CharField("adres", max_length=512, blank=True)  # AdresL1
    address2 = models.CharField("kod i miejscowość", max_length=512, blank=True)  # AdresL2
    email = models.EmailField("e-mail", blank=True)
    phone = models.CharField("telefon", max_length=16, blank=True)
    place = models.CharField("miejsce wystawienia", max_length=256, blank=True)  # P_1M
    krs = models.CharField("KRS", max_length=10, blank=True)
    regon = models.CharField("REGON", max_length=14, blank=True)
    bdo = models.CharField("BDO", max_length=9, blank=True)
    footer = models.TextField("stopka", blank=True)  # StopkaFaktury
    logo = models.BinaryField(null=True, editable=False)
    bilingual = models.BooleanField("PDF po polsku i angielsku", default=False)
    payment_days = models.PositiveSmallIntegerField("termin płatności (dni)", default=14)
    payment_method = models.CharField("forma płatności", max_length=1, default="6")
    transmission = models.CharField(
        "„wyślij zaznaczone” używa",
        max_length=8,
        choices=Transmission.choices,
        default=Transmission.ONLINE,
    )
    answer_wait = models.PositiveSmallIntegerField(
        "czekanie na odpowiedź KSeF (s)",
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(600)],
    )
    own_numbers = models.BooleanField(
        "numer z serii Obiegu", default=True
    )  # else given from outside
    notify_client = models.BooleanField("e-mail do klienta po przyjęciu", default=False)
    notify_buyer = models.BooleanField("e-mail do nabywcy po przyjęciu", default=False)

    objects = ScopedQuerySet["SellerProfile"].as_manager()


class KindPolicy(models.Model):
    """What approving a document of one kind does for a client; without a row: keep, checked."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("rodzaj", max_length=10, choices=KINDS)
    sending = models.CharField(max_length=12, choices=Sending.choices, default=Sending.KEEP)
    check_first = models.BooleanField("sprawdź przed zatwierdzeniem", default=True)

    objects = ScopedQuerySet["KindPolicy"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "kind"], name="kind_policy_once")
        ]


class BankAccount(models.Model):
    """An account of the client that its invoices name."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    number = models.CharField("numer rachunku", max_length=34)
    swift = models.CharField("SWIFT", max_length=11, blank=True)
    bank = models.CharField("bank", max_length=256, blank=True)
    description = models.CharField("opis", max_length=256, blank=True)
    currency = models.CharField("waluta", max_length=3, default="PLN")
    factor = models.BooleanField("rachunek faktora", default=False)
    usual = models.BooleanField("domyślny", default=True)

    objects = ScopedQuerySet["BankAccount"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "number"], name="bank_account_once")
        ]


class Contractor(models.Model):
    """A buyer of a client; what its invoices are filled with."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    name = models.CharField("nazwa", max_length=512)
    sort_key = models.CharField(max_length=512, editable=False)
    search = models.TextField(editable=False)  # casefolded name and identifiers
    content = models.JSONField(default=dict)  # sales.content.BuyerContent
    email = models.EmailField("e-mail do faktur", blank=True)
    retail = models.BooleanField("konsument", default=False)
    oss = models.BooleanField("procedura OSS", default=False)
    sending = models.CharField(  # empty: as usual, so retail customers and OSS are outside
        "wysyłka", max_length=12, choices=Sending.choices, blank=True, default=""
    )
    notify = models.BooleanField("wysyłaj PDF e-mailem", default=False)
    payment_days = models.PositiveSmallIntegerField("termin płatności (dni)", null=True, blank=True)

    objects = ScopedQuerySet["Contractor"].as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["client", "sort_key", "id"], name="contractor_list"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="contractor_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """A series of numbers; the pattern knows {nr}, {nr:4}, {mm}, {rrrr}, {rr}."""

    class Restart(models.TextChoices):
        NEVER = "never", "nigdy"
        YEAR = "year", "co rok"
        MONTH = "month", "co miesiąc"

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    code = models.CharField("symbol", max_length=20)
    pattern = models.CharField("wzór numeru", max_length=100, default="FV/{nr}/{mm}/{rrrr}")
    restart = models.CharField(
        "numeracja od nowa", max_length=8, choices=Restart.choices, default=Restart.MONTH
    )
    kinds = ArrayField(models.CharField(max_length=10), verbose_name="rodzaje", default=list)
    active = models.BooleanField("używana", default=True)

    objects = ScopedQuerySet["Series"].as_manager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["client", "code"], name="series_once")
        ]


class SeriesCounter(models.Model):
    """The last number given in a series and a period ("2026-11", "2026" or "")."""

    series = models.ForeignKey(Series, on_delete=models.CASCADE, related_name="counters")
    period = models.CharField(max_length=7, blank=True)
    last = models.PositiveIntegerField(default=0)

    objects = ScopedQuerySet["SeriesCounter"].as_manager()
    client_path = "series__client"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["series", "period"], name="series_counter_once")
        ]
