"""A rule is tried before it is saved; clear decisions suggest rules by themselves."""

from decimal import Decimal

import pytest

from obieg.office.models import Client, Event, Operator
from obieg.posting.decisions import approve
from obieg.posting.errors import NotForYou
from obieg.posting.models import Dekret, Rule
from obieg.posting.patterns import accept, dismiss, patterns_of
from obieg.posting.rules import draft, store_rule
from obieg.posting.suggestion import Treatment
from obieg.posting.trial import try_rule
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row
from tests.posting.typing_in import line

pytestmark = pytest.mark.django_db
OIL = Row("Olej silnikowy 5W30", Decimal("90.00"))
PARTS = Treatment(account="401-05")


def decided(
    client: Client, operator: Operator, account: str, number: int, **changes: object
) -> Dekret:
    dekret = purchase(client, number=f"O/{number}", **{"rows": [OIL], **changes})
    return approve(dekret, [line(dekret, account=account)], operator=operator)


def oil_rule(client: Client | None, **conditions: object) -> Rule:
    given = {"text": "olej silnikowy"} | conditions
    return draft(client=client, name="Olej", direction="purchase", treatment=PARTS, **given)


def test_a_trial_tells_how_many_documents_and_which_were_posted_otherwise(
    client_firm: Client, anna: Operator
) -> None:
    for number in range(3):
        decided(client_firm, anna, "401-05", number)
    other = decided(client_firm, anna, "401-02", 3)
    decided(client_firm, anna, "402-01", 4, rows=[Row("Abonament", Decimal("10.00"))])
    purchase(client_firm, number="O/5", rows=[OIL])

    trial = try_rule(oil_rule(client_firm), operator=anna)

    assert (trial.looked_at, trial.matched, trial.same, trial.waiting) == (5, 4, 3, 1)
    (verdict,) = trial.differing
    (difference,) = verdict.differences
    assert verdict.dekret == other
    assert (difference.decided.account, difference.by_rule.account) == ("401-02", "401-05")
    assert not Rule.objects.across_clients().filter(name="Olej").exists()


def test_a_trial_shows_nobody_the_documents_of_others(client_firm: Client, anna: Operator) -> None:
    stranger = OperatorFactory(serving=[ClientFactory()])
    decided(client_firm, anna, "401-05", 1)
    assert try_rule(oil_rule(None), operator=stranger).looked_at == 0
    assert try_rule(oil_rule(client_firm), operator=stranger).looked_at == 0
    assert try_rule(oil_rule(None), operator=OperatorFactory(owner=True)).matched == 1


def test_a_changed_rule_keeps_in_the_trail_what_it_said(
    client_firm: Client, anna: Operator
) -> None:
    rule = store_rule(oil_rule(client_firm), operator=anna)
    rule.account, rule.amount_from = "401-02", Decimal("10.00")
    store_rule(rule, operator=anna)
    edited = Event.objects.of_client(client_firm).get(kind="edit", thing="posting.rule")
    assert edited.before == {"account": "401-05", "amount_from": None}
    assert edited.after == {"account": "401-02", "amount_from": "10.00"}


def test_an_offices_rule_is_not_turned_into_a_clients_by_who_may_not(
    client_firm: Client, anna: Operator
) -> None:
    rule = store_rule(oil_rule(None), operator=OperatorFactory(owner=True))
    rule.client = client_firm
    with pytest.raises(NotForYou):
        store_rule(rule, operator=anna)


def test_a_clear_pattern_is_offered_accepted_and_not_offered_again(
    client_firm: Client, anna: Operator
) -> None:
    for number in range(4):
        decided(client_firm, anna, "401-05", number)
    assert patterns_of(client_firm) == []  # four are too few
    decided(client_firm, anna, "401-05", 4)
    (found,) = patterns_of(client_firm)
    assert (found.partner, found.treatment.account, found.same, found.total) == (
        "9990000018",
        "401-05",
        5,
        5,
    )
    rule = accept(client_firm, found.key, operator=anna)
    assert rule is not None
    assert (rule.client, rule.seller_nip, rule.account) == (client_firm, "9990000018", "401-05")
    assert "5 z 5" in rule.why
    assert patterns_of(client_firm) == []
    assert accept(client_firm, found.key, operator=anna) is None


def test_a_dismissed_pattern_stays_away(client_firm: Client, anna: Operator) -> None:
    for number in range(5):
        decided(client_firm, anna, "401-05", number)
    (found,) = patterns_of(client_firm)
    dismiss(client_firm, found.key, operator=anna)
    assert patterns_of(client_firm) == []


def test_a_seller_posted_in_many_ways_is_no_pattern(client_firm: Client, anna: Operator) -> None:
    for number, account in enumerate(["401-05"] * 5 + ["401-02"]):
        decided(client_firm, anna, account, number)
    assert patterns_of(client_firm) == []
