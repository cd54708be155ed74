"""The demo clients' books: chart of accounts, cost centres, projects, the office's first rules."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from obieg.demo.world.clients import Client as Firm
from obieg.demo.world.items import items_of
from obieg.demo.world.postings import Truth
from obieg.demo.world.truth import purchase, sale
from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.posting import charts
from obieg.posting.models import Dimension, Rule

# What the office left to people: too rare, too different, or decided by the building site.
LEFT_TO_PEOPLE = frozenset(
    {
        "equipment",
        "fixed_asset",
        "services",
        "training",
        "marketing",
        "representation",
        "hotel",
        "packaging",
        "site_service",
        "subcontract",
    }
)


def open_books(pairs: Sequence[tuple[Client, Firm]], author: Operator) -> None:
    """Everything that posting needs of each client; may run twice."""
    for client, firm in pairs:
        charts.apply_template(client)
        Dimension.objects.bulk_create(_dimensions(client, firm), ignore_conflicts=True)
        own = Rule.objects.of_client(client)
        if not own.filter(created_by=author).exists():
            Rule.objects.bulk_create(_rules(client, firm, author))
        usual = items_of(f"sale {firm.trade.key}")[0]
        sold = sale(firm, usual.category, usual.rate, "")
        own.filter(name=charts.SALES_RULE).update(account=sold.account)


def _dimensions(client: Client, firm: Firm) -> Iterator[Dimension]:
    for code, name in firm.trade.cost_centres:
        yield Dimension(client=client, kind=Dimension.Kind.COST_CENTRE, code=code, name=name)
    for site in firm.sites:
        yield Dimension(client=client, kind=Dimension.Kind.PROJECT, code=site.code, name=site.name)


def _rules(client: Client, firm: Firm, author: Operator) -> Iterator[Rule]:
    """One for each thing that the client's usual sellers sell."""
    by_people = LEFT_TO_PEOPLE | ({"building"} if firm.sites else set())
    for kind in firm.suppliers:
        for item in items_of(kind):
            if item.category not in by_people:
                truth = purchase(firm, item.category, item.rate, "")
                yield _rule(client, author, truth, item.opening)


def _rule(client: Client, author: Operator, truth: Truth, text: str) -> Rule:
    return Rule(
        client=client,
        name=text,
        direction=Direction.PURCHASE,
        text=text,
        created_by=author,
        **asdict(truth),
    )
