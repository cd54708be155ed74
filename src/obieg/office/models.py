"""Operators, the clients they serve, and the trail of what was done."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from obieg.core.internal_id import is_internal_id
from obieg.core.nip import is_nip
from obieg.core.polish import sort_key
from obieg.office.rights import RIGHTS_OF_ROLE, OfficeRole, Right
from obieg.office.scope import ScopedQuerySet

MINUTES_BETWEEN_SYNCHRONISATIONS = 15  # no role is polled more often: KSeF API 2.9, limits
LONGEST_NAME = 512  # TZnakowy512, as FA(3) names parties


def validate_nip(value: str) -> None:
    """ValidationError unless `value` is a NIP with a right check digit."""
    if not is_nip(value):
        raise ValidationError("To nie jest poprawny NIP (10 cyfr z cyfrą kontrolną).")


def validate_internal_id(value: str) -> None:
    """ValidationError unless `value` is an internal identifier with right check digits."""
    if not is_internal_id(value):
        raise ValidationError(
            "To nie jest poprawny identyfikator wewnętrzny (NIP centrali, kreska, 5 cyfr, "
            "ostatnia kontrolna)."
        )


class UnitKind(models.TextChoices):
    """What a branch is to KSeF; a client of its own has none."""

    INTERNAL = "internal", "Jednostka wewnętrzna (bez własnego NIP, z identyfikatorem)"
    JST = "jst", "Jednostka samorządu terytorialnego"
    VAT_GROUP = "vat_group", "Członek grupy VAT"
    OWN = "own", "Oddział z własnym NIP, sam jest podatnikiem"


class AccountingForm(models.TextChoices):
    FULL_BOOKS = "full_books", "Pełna księgowość"
    KPIR = "kpir", "KPiR"
    RYCZALT = "ryczalt", "Ryczałt"


class VatPeriod(models.TextChoices):
    MONTH = "month", "Miesięcznie"
    QUARTER = "quarter", "Kwartalnie"
    EXEMPT = "exempt", "Zwolniony z VAT"


class KsefEnvironment(models.TextChoices):
    EMULATOR = "emulator", "Emulator"
    TEST = "test", "Testowe"
    DEMO = "demo", "Przedprodukcyjne (demo)"
    PRODUCTION = "production", "Produkcyjne"


class OperatorManager(BaseUserManager["Operator"]):
    def create_user(self, login: str, password: str | None = None, **fields: Any) -> "Operator":
        usual = OfficeRole.OWNER if fields.get("sees_all_clients") else OfficeRole.ACCOUNTANT
        fields.setdefault("role", usual)
        operator = self.model(login=login, **fields)
        operator.set_password(password)
        operator.save(using=self._db)
        return operator

    def create_superuser(self, login: str, password: str, **fields: Any) -> "Operator":
        """The first owner, by `obieg manage createsuperuser`."""
        return self.create_user(login, password, sees_all_clients=True, **fields)


class Operator(AbstractBaseUser):
    """A person of the office who logs in."""

    login = models.CharField("login", max_length=150, unique=True)
    name = models.CharField("imię i nazwisko", max_length=150)
    is_active = models.BooleanField("aktywny", default=True)
    sees_all_clients = models.BooleanField("widzi wszystkich klientów", default=False)
    role = models.CharField(
        "rola", max_length=16, choices=OfficeRole.choices, default=OfficeRole.ACCOUNTANT
    )
    clients: "models.ManyToManyField[Client, Assignment]" = models.ManyToManyField(
        "Client", through="Assignment", related_name="operators"
    )

    objects: ClassVar[OperatorManager] = OperatorManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    def may(self, right: Right) -> bool:
        """Whether the role of this operator has `right`, at the clients he sees."""
        return self.is_active and right in RIGHTS_OF_ROLE[self.role]

    def client_ids(self) -> list[int] | None:
        """Ids of the clients this operator may see; None means every client of the office."""
        if self.sees_all_clients and self.is_active:
            return None
        if not self.is_active:
            return []
        if not hasattr(self, "_client_ids"):
            covered = Cover.objects.present().filter(covering=self).values("absent")
            served = Assignment.objects.filter(Q(operator=self) | Q(operator__in=covered))
            self._client_ids = list(served.values_list("client_id", flat=True).distinct())
        return self._client_ids


class ClientQuerySet(ScopedQuerySet["Client"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def in_context(self, context: str) -> Self:
        """The client of that NIP, or the branch of that internal identifier."""
        nip, hyphen, _ = context.partition("-")
        return self.filter(nip=nip, internal_id=context if hyphen else "")


class Client(models.Model):
    """A firm whose invoices the office keeps, or a branch of one, which has a context of its own.

    A branch (`branch_of`) is known to KSeF by its own NIP or, of kind INTERNAL, by an internal
    identifier of its head's NIP; then `nip` is the head's.
    """

    client_path = "pk"

    nip = models.CharField("NIP", max_length=10, validators=[validate_nip])
    internal_id = models.CharField(  # IDWew: KSeF API 2.9, InternalId
        "identyfikator wewnętrzny", max_length=16, blank=True, validators=[validate_internal_id]
    )
    branch_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches"
    )
    unit_kind = models.CharField(
        "rodzaj oddziału", max_length=16, choices=UnitKind.choices, blank=True
    )
    unit_name = models.CharField("nazwa oddziału", max_length=200, blank=True)
    posts_here = models.BooleanField(  # of a branch: else its documents are the head's to post
        "dokumenty oddziału księguje się w oddziale", default=True
    )
    name = models.CharField("nazwa", max_length=LONGEST_NAME)
    sort_key = models.CharField(max_length=LONGEST_NAME, editable=False, db_index=True)
    accounting_form = models.CharField(
        "forma księgowości",
        max_length=16,
        choices=AccountingForm.choices,
        default=AccountingForm.FULL_BOOKS,
    )
    vat_period = models.CharField(
        "okres VAT", max_length=16, choices=VatPeriod.choices, default=VatPeriod.MONTH
    )
    environment = models.CharField(
        "środowisko KSeF",
        max_length=16,
        choices=KsefEnvironment.choices,
        default=KsefEnvironment.PRODUCTION,
    )
    sync_interval = models.PositiveIntegerField(
        "synchronizacja co (minut)",
        default=60,
        validators=[MinValueValidator(MINUTES_BETWEEN_SYNCHRONISATIONS)],
    )
    active = models.BooleanField("obsługiwany", default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ClientQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["sort_key"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="client_sync_interval_kept_to_limit",
                condition=models.Q(sync_interval__gte=MINUTES_BETWEEN_SYNCHRONISATIONS),
            ),
            models.UniqueConstraint(fields=["nip", "internal_id"], name="one_client_in_a_context"),
            models.CheckConstraint(
                name="branch_says_what_it_is",
                condition=Q(branch_of=None, unit_kind="", unit_name="")
                | (Q(branch_of__isnull=False) & ~Q(unit_kind="") & ~Q(unit_name="")),
            ),
            models.CheckConstraint(
                name="internal_id_of_internal_unit",
                condition=Q(internal_id="") & ~Q(unit_kind=UnitKind.INTERNAL)
                | Q(
                    internal_id__startswith=Concat(F("nip"), Value("-")),
                    unit_kind=UnitKind.INTERNAL,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._name()
        super().save(*args, **kwargs)
        if not self.branch_of_id:
            for branch in Client.objects.across_clients().filter(branch_of=self):
                branch.branch_of = self
                branch.save(update_fields=["name", "sort_key"])

    @property
    def context(self) -> str:
        """What KSeF knows it by: its internal identifier, else its NIP."""
        return self.internal_id or self.nip

    @property
    def context_name(self) -> str:
        """What `context` is, for the screen."""
        return "Id. wewn." if self.internal_id else "NIP"

    @property
    def taxpayer(self) -> "Client":
        """Who stands on its invoices as the seller or the buyer: itself, or the head of a unit."""
        if self.branch_of is None or self.unit_kind == UnitKind.OWN:
            return self
        return self.branch_of

    def _name(self) -> None:
        """A branch is named after its head, and stands after it in every list."""
        head = self.branch_of
        if head is None:
            self.sort_key = sort_key(self.name)
            return
        room = LONGEST_NAME - len(self.unit_name)
        self.name = f"{head.name[: room - 3]} – {self.unit_name}"
        self.sort_key = f"{head.sort_key[: room - 1]}\t{sort_key(self.unit_name)}"[:LONGEST_NAME]


class Assignment(models.Model):
    """An operator serves a client."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE)
    client = models.ForeignKey(Client, on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["operator", "client"], name="assignment_once")
        ]


class CoverQuerySet(models.QuerySet["Cover"]):
    def present(self) -> Self:
        """Those that hold today, by the calendar of Warsaw."""
        today = timezone.localdate()
        return self.filter(first_day__lte=today, last_day__gte=today, ended_at__isnull=True)

    def lasting(self) -> Self:
        """Those that hold today or will."""
        return self.filter(last_day__gte=timezone.localdate(), ended_at__isnull=True)


class Cover(models.Model):
    """An operator serves the clients of an absent one, from a day to a day, both included."""

    absent = models.ForeignKey(
        Operator, on_delete=models.CASCADE, related_name="covers_of", verbose_name="nieobecny"
    )
    covering = models.ForeignKey(
        Operator, on_delete=models.CASCADE, related_name="covers", verbose_name="zastępuje"
    )
    first_day = models.DateField("od")
    last_day = models.DateField("do")
    ended_at = models.DateTimeField(null=True)  # before its last day, by hand
    entered_by = models.ForeignKey(Operator, on_delete=models.PROTECT, related_name="+")

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["first_day", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="cover_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))
            ),
            models.CheckConstraint(name="cover_by_another", condition=~Q(absent=F("covering"))),
        ]

    def __str__(self) -> str:
        return f"{self.covering} za: {self.absent}"


class Event(models.Model):
    """One entry of the trail: who did what to which thing, and what it was before.

    Append-only: a trigger of the database refuses UPDATE and DELETE.
    """

    client = models.ForeignKey(Client, on_delete=models.PROTECT, null=True, related_name="+")
    thing = models.CharField(max_length=40)  # "posting.dekret", "vault.credential", ...
    thing_id = models.BigIntegerField()
    actor = models.ForeignKey(Operator, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=40)  # "approve", "reject", "undo", "export", ...
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects = ScopedQuerySet["Event"].as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["pk"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["thing", "thing_id"], name="event_of_thing")
        ]
