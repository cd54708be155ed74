"""The engine that the product uses: loaded for a few documents of one client at a time."""

from collections.abc import Mapping, Sequence

from django.db.models import F, Q

from obieg.office.models import Client
from obieg.posting.chart import Chart
from obieg.posting.models import Account, Dimension, Profile, Rule
from obieg.posting.office_memory import MEMORY
from obieg.posting.rules_first import RulesFirst
from obieg.posting.suggestion import Suggester


def suggester_for(client: Client, direction: str) -> Suggester:
    """An engine that knows the client's and the office's rules, and every decision made so far."""
    MEMORY.refresh(client.pk, direction)
    return RulesFirst(chart_of(client), rules_of(client, direction), MEMORY)


def rules_of(client: Client, direction: str) -> Sequence[Rule]:
    """The active rules in the order in which they speak: the client's own, then the office's.

    Within these a rule that fits everything comes last.
    """
    rules = Rule.objects.across_clients().filter(
        Q(client=client) | Q(client__isnull=True), direction=direction, active=True
    )
    ordered = rules.order_by(F("client").asc(nulls_last=True), "priority", "pk")
    return sorted(ordered, key=lambda rule: rule.is_default)


def chart_of(client: Client) -> Chart:
    """What an engine needs of the client's books."""
    accounts: Mapping[str, int | None] = dict(
        Account.objects.of_client(client).filter(active=True).values_list("number", "kpir_column")
    )
    profile = Profile.objects.of_client(client).first() or Profile()
    codes: dict[str, dict[str, Dimension]] = {kind: {} for kind in Dimension.Kind.values}
    for dimension in Dimension.objects.of_client(client):
        codes[dimension.kind][dimension.code] = dimension
    return Chart(
        accounts,
        profile.purchase_register,
        profile.sales_register,
        cost_centres=codes[Dimension.Kind.COST_CENTRE],
        projects=codes[Dimension.Kind.PROJECT],
    )
