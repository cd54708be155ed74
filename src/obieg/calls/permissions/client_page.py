"""What the page of one client shows: needs, everybody's permissions, orders, changes elsewhere."""

from dataclasses import dataclass

from obieg.calls.permissions.comparison import Comparison
from obieg.calls.permissions.knowing import Stranger, grants_of, strangers
from obieg.calls.permissions.models import Change, Family, Grant, OfficeFirm, Order, Reach
from obieg.calls.permissions.ordering import may_manage
from obieg.calls.permissions.scopes import names_of
from obieg.calls.permissions.storing import reading_of
from obieg.office.models import Client

ORDERS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Row:
    """One permission, and what is strange about it."""

    grant: Grant
    stranger: Stranger | None


@dataclass(frozen=True, slots=True)
class Section:
    """One of the tables."""

    key: str
    title: str
    rows: list[Row]


def facts_of(client: Client) -> dict[str, object]:
    """Everything that the page shows."""
    reading = reading_of(client)
    odd = {one.grant.pk: one for one in strangers(client)}
    rows = [Row(grant, odd.get(grant.pk)) for grant in grants_of(client)]
    return {
        "client": client,
        "reading": reading,
        "held": names_of(reading.held),
        "sees_all": reading.reach == Reach.FULL,
        "firm": OfficeFirm.present(),
        "comparison": Comparison(reading, OfficeFirm.present()),
        "sections": _sections(rows),
        "strangers": len(odd),
        "may_manage": may_manage(client),
        "orders": _orders(client),
        "changes": unsettled(client),
    }


def unsettled(client: Client) -> list[Change]:
    """Changes made elsewhere that nobody has looked at yet."""
    rows = Change.objects.of_client(client).filter(settled_at=None, environment=client.environment)
    return list(rows.order_by("-pk"))


def _sections(rows: list[Row]) -> list[Section]:
    of_family = {family: [row for row in rows if row.grant.family == family] for family in Family}
    persons = of_family.pop(Family.PERSON)
    return [
        Section("firms", "Podmioty", [row for row in persons if row.grant.is_firm]),
        Section("persons", "Osoby", [row for row in persons if not row.grant.is_firm]),
        *(Section(family, family.label, found) for family, found in of_family.items() if found),
    ]


def _orders(client: Client) -> list[Order]:
    rows = Order.objects.of_client(client).filter(environment=client.environment)
    return list(rows.select_related("asked_by").order_by("-pk")[:ORDERS_SHOWN])
