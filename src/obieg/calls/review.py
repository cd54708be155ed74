"""The quarterly review of credentials: what is held, what it may do, and who may touch it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from django.db.models import Count, Max, Q
from django.utils import timezone

from obieg.calls.permissions.knowing import Stranger, strangers_at
from obieg.calls.permissions.models import Reading
from obieg.calls.trial import NAMES, READ, WRITE
from obieg.core.calendar import Month
from obieg.core.polish import WARSAW, today
from obieg.logins.models import SecondFactor
from obieg.office.models import Client, Operator
from obieg.office.rights import GUARDED, RIGHTS_OF_ROLE, OfficeRole
from obieg.vault.models import Credential, CredentialKind, CredentialUsage, CredentialUse

_NUMERALS = ("I", "II", "III", "IV")
READS, ISSUES = frozenset({READ}), frozenset({READ, WRITE})  # what Obieg needs at a client


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """A quarter of a year, in which credentials are reviewed once."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        return Month(self.year, 3 * self.number).last

    @property
    def key(self) -> int:
        """A number that names it: 20264."""
        return self.year * 10 + self.number

    def __str__(self) -> str:
        return f"{_NUMERALS[self.number - 1]} kwartał {self.year}"


@dataclass(frozen=True, slots=True)
class Uses:
    """The openings of one credential in the quarter."""

    count: int = 0
    last: datetime | None = None
    last_by: str = ""
    who: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """One credential under review."""

    credential: Credential
    uses: Uses
    needed: frozenset[str]

    @property
    def whose(self) -> str:
        """The client or the office; an operator's own is told."""
        client = self.credential.client.name if self.credential.client else "Biuro"
        his = self.credential.operator
        return f"{client}, tylko {his.name}" if his else client

    @property
    def nip(self) -> str:
        return self.credential.client.context if self.credential.client else ""

    @property
    def by(self) -> str:
        """Who added it."""
        return self.credential.created_by.name if self.credential.created_by else "Obieg"

    @property
    def logs_in(self) -> bool:
        """Whether permissions of KSeF mean anything for it."""
        return self.credential.usage != CredentialUsage.OFFLINE

    @property
    def is_asked(self) -> bool:
        """Whether KSeF ever told what it may do."""
        return self.credential.held_at is not None

    @property
    def missing(self) -> list[str]:
        """What it needs and has not, in Polish."""
        return _named(self.needed - set(self.credential.held)) if self.is_asked else []

    @property
    def beyond(self) -> list[str]:
        """What it may do beyond anything that Obieg does with it, in Polish."""
        return _named(set(self.credential.held) - ISSUES)

    @property
    def is_token(self) -> bool:
        return self.credential.kind == CredentialKind.TOKEN

    @property
    def ends(self) -> date | None:
        """The last day on which it opens."""
        end = self.credential.valid_to
        return (end - timedelta(seconds=1)).astimezone(WARSAW).date() if end else None

    @property
    def is_over(self) -> bool:
        return bool(self.credential.valid_to and self.credential.valid_to <= timezone.now())

    @property
    def is_idle(self) -> bool:
        """In use, and nobody used it in the quarter."""
        return self.credential.active and not self.uses.count


@dataclass(frozen=True, slots=True)
class Keeper:
    """An operator whose role opens credentials, permissions or accounts."""

    operator: Operator
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class Review:
    """The list as it stands at `at`, of what one operator may see."""

    quarter: Quarter
    at: datetime
    held: list[Held]  # the secret is still here
    destroyed: list[Credential]  # in this quarter
    keepers: list[Keeper]
    others_without: int  # further operators without a second factor
    strangers: list[Stranger]  # permissions in KSeF of whom the office does not know
    unread: int  # clients whose permissions were never all read

    @property
    def tokens(self) -> int:
        return sum(one.is_token for one in self.held)

    @property
    def idle(self) -> int:
        return sum(one.is_idle for one in self.held)

    @property
    def withdrawn(self) -> int:
        """Out of use and still readable here: to be destroyed."""
        return sum(not one.credential.active and not one.credential.on_trial for one in self.held)

    @property
    def over(self) -> int:
        return sum(one.is_over for one in self.held)

    @property
    def lacking(self) -> int:
        return sum(bool(one.missing) for one in self.held)

    @property
    def broad(self) -> int:
        """Tokens that may do more than they need: one can be made with less."""
        return sum(one.is_token and bool(one.beyond) for one in self.held)

    @property
    def unguarded(self) -> list[Keeper]:
        return [one for one in self.keepers if not one.has_second_factor]


def review_of(operator: Operator, quarter: Quarter | None = None) -> Review:
    """The review of `quarter` (the present one) over what `operator` may see."""
    quarter = quarter or Quarter.of(today())
    seen = operator.client_ids()
    mine = Q() if seen is None else Q(client__in=seen)
    rows = Credential.objects.across_clients().filter(mine)
    shown = rows.select_related("client", "operator", "created_by").defer(
        "ciphertext", "wrapped_key"
    )
    ordered = shown.order_by("client__sort_key", "-active", "-pk")
    uses, issuing = _uses(quarter), _issuing()
    clients = list(Client.objects.visible_to(operator).active())
    unknown = strangers_at(clients)
    destroyed = ordered.filter(shredded_at__gte=_start(quarter.first))
    keepers, others = _keepers()
    return Review(
        quarter=quarter,
        at=timezone.now(),
        held=[
            Held(row, uses.get(row.pk, Uses()), ISSUES if row.client_id in issuing else READS)
            for row in ordered.filter(shredded_at=None)
        ],
        destroyed=list(destroyed),
        keepers=keepers,
        others_without=others,
        strangers=[one for client in clients for one in unknown.get(client.pk, ())],
        unread=len({client.pk for client in clients} - _read()),
    )


def _issuing() -> set[int]:
    """The clients whose sales the office sends, as far as somebody said so."""
    rows = Reading.objects.across_clients().filter(issues=True, listed_at__isnull=False)
    return set(rows.values_list("client_id", flat=True))


def _read() -> set[int]:
    """The clients at whom everybody's permissions are known."""
    rows = Reading.objects.across_clients().exclude(listed_at=None)
    return set(rows.values_list("client_id", flat=True))


def _uses(quarter: Quarter) -> dict[int, Uses]:
    """By credential: how often and by whom it was opened in the quarter."""
    rows = (
        CredentialUse.objects.across_clients()
        .filter(at__gte=_start(quarter.first), at__lt=_start(quarter.last + timedelta(days=1)))
        .order_by()
        .values("credential_id", "actor__name")
        .annotate(last=Max("at"), count=Count("pk"))
    )
    found: dict[int, list[tuple[datetime, int, str]]] = defaultdict(list)
    for row in rows:
        who = row["actor__name"] or "Obieg"
        found[row["credential_id"]].append((row["last"], row["count"], who))
    return {key: _together(told) for key, told in found.items()}


def _together(told: list[tuple[datetime, int, str]]) -> Uses:
    last, _, last_by = max(told)
    names = sorted({who for *_, who in told})
    return Uses(sum(count for _, count, _ in told), last, last_by, tuple(names))


def _keepers() -> tuple[list[Keeper], int]:
    """Who may reach credentials, permissions or accounts; and how many others have one factor."""
    confirmed = SecondFactor.objects.exclude(confirmed_at=None)
    proved = set(confirmed.values_list("operator_id", flat=True))
    active = list(Operator.objects.filter(is_active=True).order_by("name"))
    keepers = [
        Keeper(one, one.pk in proved) for one in active if RIGHTS_OF_ROLE[one.role] & GUARDED
    ]
    kept = {one.operator.pk for one in keepers}
    return keepers, sum(one.pk not in proved for one in active if one.pk not in kept)


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), WARSAW)


def _named(permissions: Iterable[str]) -> list[str]:
    known = [name for key, name in NAMES.items() if key in permissions]
    return known + sorted(set(permissions) - set(NAMES))


def may_confirm(operator: Operator) -> bool:
    """Whether this is an owner who has the whole list before him."""
    return operator.role == OfficeRole.OWNER and operator.client_ids() is None
