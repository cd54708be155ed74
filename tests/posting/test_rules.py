"""Rules say how to post what they fit; the client's speak before the office's."""

from decimal import Decimal

import pytest

from obieg.office.models import Client, Event, Operator
from obieg.posting.charts import apply_template
from obieg.posting.decisions import approve
from obieg.posting.errors import InvalidRule, NotForYou
from obieg.posting.models import Account, Dekret, Profile, Rule
from obieg.posting.rules import create_rule, delete_rule, visible_rules
from obieg.posting.suggestion import Treatment
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row
from tests.posting.typing_in import line, proposed

pytestmark = pytest.mark.django_db
FUEL = Row("Olej napędowy", Decimal("200.00"))
PARTS = Treatment(account="401-05")


def rule_of(operator: Operator, client: Client | None, **fields: object) -> Rule:
    given = {"name": "Olej", "direction": "purchase", "treatment": PARTS, "text": "olej"} | fields
    return create_rule(operator=operator, client=client, **given)


def test_a_clients_rule_speaks_before_the_offices_and_before_history(
    client_firm: Client, anna: Operator
) -> None:
    decided = purchase(client_firm, rows=[FUEL])
    approve(decided, [line(decided, account="401-02")], operator=anna)
    rule_of(anna, client_firm)
    dekret = purchase(client_firm, rows=[FUEL])
    assert (proposed(dekret)[0].account, dekret.confidence) == ("401-05", 99)
    assert dekret.reason == "Reguła klienta „Olej”."


def test_the_clients_decisions_speak_before_the_offices_rule(
    client_firm: Client, anna: Operator
) -> None:
    decided = purchase(client_firm, rows=[FUEL])
    approve(decided, [line(decided, deductible_percent=100)], operator=anna)
    assert proposed(purchase(client_firm, rows=[FUEL]))[0].deductible_percent == 100


def test_a_rule_may_name_a_seller(client_firm: Client, anna: Operator) -> None:
    rule_of(anna, client_firm, seller_nip="9990000024", text="")
    own, other = (purchase(client_firm, seller=seller) for seller in ("9990000024", "9990000018"))
    assert (proposed(own)[0].account, proposed(other)[0].account) == ("401-05", "")


def test_a_new_rule_helps_the_documents_that_already_wait(
    client_firm: Client, anna: Operator
) -> None:
    dekret = purchase(client_firm, rows=[Row("Olej silnikowy", Decimal("9.00"))])
    assert dekret.state == "to_classify"
    rule_of(anna, client_firm)
    assert Dekret.objects.of_client(client_firm).get(pk=dekret.pk).state == "to_approve"


def test_an_exempt_row_enters_no_register_whatever_the_rule_says(
    client_firm: Client, anna: Operator
) -> None:
    rule_of(anna, client_firm)
    (only,) = proposed(purchase(client_firm, rows=[Row("Olejek", Decimal("9.00"), "zw")]))
    assert (only.account, only.vat_register, only.deductible_percent) == ("401-05", "", 0)


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"name": " "}, "Nazwij regułę"),
        ({"text": ""}, "Podaj NIP sprzedawcy"),
        ({"treatment": Treatment()}, "Podaj konto"),
        ({"treatment": Treatment(account="999")}, "nie ma konta „999”"),
        ({"treatment": PARTS.changed(vat_register="X")}, "nie ma rejestru VAT „X”"),
        ({"treatment": PARTS.changed(cost_centre="B9")}, "nie ma MPK „B9”"),
        ({"treatment": PARTS.changed(project="P9")}, "nie ma projektu „P9”"),
        ({"treatment": PARTS.changed(deductible_percent=101)}, "od 0 do 100%"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(
    client_firm: Client, anna: Operator, fields: dict[str, object], problem: str
) -> None:
    with pytest.raises(InvalidRule, match=problem):
        rule_of(anna, client_firm, **fields)


def test_rules_of_the_office_belong_to_who_sees_every_client(client_firm: Client) -> None:
    serving, owner = OperatorFactory(serving=[client_firm]), OperatorFactory(owner=True)
    with pytest.raises(NotForYou):
        rule_of(serving, None)
    rule = rule_of(owner, None)
    assert rule in visible_rules(serving, client_firm)
    with pytest.raises(NotForYou):
        delete_rule(rule, operator=serving)


def test_a_strangers_client_gets_no_rule_and_shows_none(
    client_firm: Client, anna: Operator
) -> None:
    stranger = OperatorFactory(serving=[ClientFactory()])
    with pytest.raises(Client.DoesNotExist):
        rule_of(stranger, client_firm)
    assert rule_of(anna, client_firm) not in visible_rules(stranger)


def test_the_trail_keeps_what_a_deleted_rule_said(client_firm: Client, anna: Operator) -> None:
    rule = rule_of(anna, client_firm)
    delete_rule(rule, operator=anna)
    made, deleted = Event.objects.of_client(client_firm).filter(thing="posting.rule")
    assert (made.kind, deleted.kind) == ("create", "delete")
    assert deleted.before["account"] == "401-05"


def test_a_template_applied_twice_adds_nothing_and_keeps_what_was_changed() -> None:
    client = ClientFactory(kpir=True)
    Profile.objects.of_client(client).update(purchase_register="VAT-Z")

    def books() -> tuple[int, int]:
        return (
            Account.objects.of_client(client).count(),
            Rule.objects.across_clients().count(),
        )

    before = books()
    assert apply_template(client).purchase_register == "VAT-Z"
    assert books() == before
