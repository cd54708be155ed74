"""Rules that the decisions suggest: a seller whose documents are always posted the same way."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count
from django.utils import timezone

from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.posting.models import DekretLine, DismissedOffer, Rule
from obieg.posting.rules import check_right, draft, store_rule
from obieg.posting.states import DekretState
from obieg.posting.suggestion import TREATMENT_FIELDS, Treatment

ENOUGH = 5  # documents that say the same
CLEAR = Decimal("0.95")  # of them
LATELY = timedelta(days=400)
SHOWN = 20  # a client
POSTED = (DekretState.APPROVED, DekretState.EXPORTED)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A seller and rate of a client, and how `same` of `total` of its documents were posted."""

    client: Client
    direction: str
    partner: str  # tax id
    partner_name: str
    vat_rate: str  # empty: the same for every rate
    treatment: Treatment
    same: int
    total: int

    @property
    def key(self) -> str:
        """Says what is proposed, so that a dismissed proposal is known again."""
        said = (self.direction, self.partner, self.vat_rate, *map(str, self.treatment))
        return hashlib.sha256("\x1f".join(said).encode()).hexdigest()[:32]

    def rule(self) -> Rule:
        """The rule that the pattern suggests, not stored."""
        return draft(
            client=self.client,
            name=self.partner_name[:180] + (f" ({self.vat_rate})" if self.vat_rate else ""),
            direction=self.direction,
            treatment=self.treatment,
            seller_nip=self.partner,
            vat_rate=self.vat_rate,
            why=f"Wynika z decyzji: {self.same} z {self.total} dokumentów zaksięgowano tak samo.",
        )


class _Group(NamedTuple):
    direction: str
    partner: str
    vat_rate: str


def patterns_of(client: Client) -> list[Pattern]:
    """The clear patterns of the client's decisions that no rule says yet, the most frequent first.

    The caller has checked who asks.
    """
    ruled = set(
        Rule.objects.of_client(client)
        .exclude(seller_nip="")
        .values_list("direction", "seller_nip", "vat_rate")
    )
    refused = set(DismissedOffer.objects.of_client(client).values_list("key", flat=True))
    fresh = [
        found
        for found in _clear(client)
        if not {(found.direction, found.partner, rate) for rate in ("", found.vat_rate)} & ruled
        and found.key not in refused
    ]
    return sorted(fresh, key=lambda found: -found.total)[:SHOWN]


def accept(client: Client, key: str, *, operator: Operator) -> Rule | None:
    """Make the rule of the pattern `key`; None where the decisions do not suggest it any more."""
    check_right(operator, client)
    found = next((one for one in patterns_of(client) if one.key == key), None)
    return store_rule(found.rule(), operator=operator) if found else None


def dismiss(client: Client, key: str, *, operator: Operator) -> None:
    """Never offer the pattern `key` again."""
    check_right(operator, client)
    DismissedOffer.objects.of_client(client).get_or_create(
        client=client, key=key, defaults={"dismissed_by": operator}
    )


def _clear(client: Client) -> Iterator[Pattern]:
    """Per seller where every rate is posted alike, else per seller and rate."""
    counts, names = _counted(client)
    by_partner: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for group in counts:
        by_partner[group.direction, group.partner].append(group)
    for (direction, partner), groups in by_partner.items():
        together = sum((counts[group] for group in groups), Counter())
        whole = _Group(direction, partner, "")
        for group, treatments in ((whole, together), *((one, counts[one]) for one in groups)):
            if clear := _clear_one(treatments):
                name, (treatment, same, total) = names[partner], clear
                yield Pattern(
                    client, direction, partner, name, group.vat_rate, treatment, same, total
                )
                if group is whole:
                    break


def _clear_one(treatments: Counter[Treatment]) -> tuple[Treatment, int, int] | None:
    treatment, same = treatments.most_common(1)[0]
    total = treatments.total()
    return (treatment, same, total) if same >= ENOUGH and same >= CLEAR * total else None


def _counted(client: Client) -> tuple[dict[_Group, Counter[Treatment]], dict[str, str]]:
    """In how many purchases each treatment was decided, and the sellers' names.

    Sales are left out: most of a client's sales are alike, which its default rule says.
    """
    counts: dict[_Group, Counter[Treatment]] = defaultdict(Counter)
    names: dict[str, str] = {}
    nip, name = "dekret__invoice__seller_nip", "dekret__invoice__seller_name"
    rows = (
        DekretLine.objects.of_client(client)
        .filter(
            dekret__direction=Direction.PURCHASE,
            dekret__state__in=POSTED,
            dekret__decided_at__gte=timezone.now() - LATELY,
        )
        .exclude(**{nip: ""})
        .order_by()
        .values_list(nip, name, "vat_rate", *TREATMENT_FIELDS)
        .annotate(documents=Count("dekret", distinct=True))
    )
    for seller, seller_name, rate, *treatment, documents in rows:
        names[seller] = seller_name
        counts[_Group(Direction.PURCHASE, seller, rate)][Treatment(*treatment)] += documents
    return counts, names


def offered(clients: Sequence[Client]) -> list[Pattern]:
    """The patterns of several clients."""
    return [found for client in clients for found in patterns_of(client)]
