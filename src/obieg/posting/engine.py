"""The engine that the product uses: loaded for a few documents of one client at a time."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import F, Q

from obieg.office.models import Client
from obieg.posting.chart import Chart
from obieg.posting.history import ANY, History, Lesson, Place, places_of
from obieg.posting.models import Account, Precedent, Profile, Rule
from obieg.posting.rules_and_history import RulesAndHistory
from obieg.posting.suggestion import TREATMENT_FIELDS, Case, Suggester, Treatment


def suggester_for(client: Client, direction: str, cases: Sequence[Case]) -> Suggester:
    """An engine that knows what it needs about `cases`, all of one client and direction.

    Four queries, however many documents there are.
    """
    rules = Rule.objects.across_clients().filter(
        Q(client=client) | Q(client__isnull=True), direction=direction, active=True
    )
    ordered = rules.order_by(F("client").asc(nulls_last=True), "priority", "pk")
    return RulesAndHistory(chart_of(client), list(ordered), _history(client, direction, cases))


def chart_of(client: Client) -> Chart:
    """What an engine needs of the client's books."""
    accounts: Mapping[str, int | None] = dict(
        Account.objects.of_client(client).values_list("number", "kpir_column")
    )
    profile = Profile.objects.of_client(client).first() or Profile()
    return Chart(accounts, profile.purchase_register, profile.sales_register)


def _history(client: Client, direction: str, cases: Iterable[Case]) -> History:
    places = {place for case in cases for part in case.parts for place in places_of(case, part)}
    found = Precedent.objects.of_client(client).filter(
        direction=direction,
        seller_nip__in={ANY, *(place.partner for place in places)},
        text__in={ANY, *(place.text for place in places)},
        count__gt=0,
    )
    history = History()
    columns = ("seller_nip", "text", "count", *TREATMENT_FIELDS)
    for partner, text, count, *treatment in found.order_by("pk").values_list(*columns):
        history.add(Lesson(Place(partner, text), Treatment(*treatment)), count)
    return history
