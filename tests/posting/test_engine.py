"""The engine behind the queue: follows every decision, whoever makes it, and tells no secrets."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from obieg.office.models import Client, Operator
from obieg.posting.decisions import approve, change_lines, undo
from obieg.posting.documents import cases_of
from obieg.posting.engine import suggester_for
from obieg.posting.models import Account, Dekret, Dimension, Lesson, Rule
from obieg.posting.office_memory import MEMORY, OfficeMemory
from obieg.posting.relearning import learn_untaught
from obieg.posting.suggestion import SURE_ENOUGH, Suggestion
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.posting.papers import Row
from tests.posting.together import at_once
from tests.posting.typing_in import line, proposed

SERVICE = Row("Usługa doradcza", Decimal("100.00"))
COURSE = Row("Szkolenie z obsługi", Decimal("300.00"))
OTHER_SELLER = "9990000024"


def decided(client: Client, operator: Operator, account: str, **changes: object) -> Dekret:
    """A purchase that was posted to `account`."""
    dekret = purchase(client, **changes)
    return approve(dekret, [line(dekret, account=account)], operator=operator)


def suggestion(dekret: Dekret) -> Suggestion:
    """What the engine would say now."""
    (found,) = suggester_for(dekret.client, "purchase").suggest(cases_of([dekret])[dekret.pk])
    return found


def taught(dekret: Dekret) -> object:
    return Lesson.objects.of_client(dekret.client_id).get(dekret=dekret, withdrawn=False).taught


@pytest.mark.django_db
def test_a_new_process_answers_as_the_one_that_learned(client_firm: Client, anna: Operator) -> None:
    for number in range(6):
        account, row = (("402-12", SERVICE), ("402-09", COURSE))[number % 2]
        decided(client_firm, anna, account, rows=[row], number=f"F/{number}")
    asked = purchase(client_firm, rows=[COURSE])
    learned = suggestion(asked)
    MEMORY.forget_all()
    assert suggestion(asked) == learned
    assert learned.treatment.account == "402-09"


@pytest.mark.django_db
def test_what_one_process_decides_the_other_proposes(client_firm: Client, anna: Operator) -> None:
    asked = cases_of([one := purchase(client_firm, rows=[SERVICE])])[one.pk]
    worker = OfficeMemory()
    worker.refresh(client_firm.pk, "purchase")
    assert worker.answers(asked)[0].treatment.account == ""
    first = decided(client_firm, anna, "402-12", rows=[SERVICE])
    worker.refresh(client_firm.pk, "purchase")
    assert worker.answers(asked)[0].treatment.account == "402-12"
    undo(first, operator=anna)
    worker.refresh(client_firm.pk, "purchase")
    assert worker.answers(asked)[0].treatment.account == ""


@pytest.mark.django_db(transaction=True)
def test_a_decision_that_was_rolled_back_is_not_remembered() -> None:
    client = ClientFactory()
    operator = OperatorFactory(serving=[client])
    asked = purchase(client, rows=[SERVICE])
    with transaction.atomic():
        decided(client, operator, "402-12", rows=[SERVICE])
        assert suggestion(asked).treatment.account == "402-12"
        (elsewhere,) = at_once(lambda: suggestion(asked))
        assert elsewhere.treatment.account == "", "nobody else sees it yet"
        assert suggestion(asked).treatment.account == "402-12"
        transaction.set_rollback(True)
    assert suggestion(asked).treatment.account == ""


@pytest.mark.django_db(transaction=True)
def test_an_undo_that_was_rolled_back_changes_nothing() -> None:
    client = ClientFactory()
    operator = OperatorFactory(serving=[client])
    asked = purchase(client, rows=[SERVICE])
    known = decided(client, operator, "402-12", rows=[SERVICE])
    before = suggestion(asked)
    with transaction.atomic():
        undo(known, operator=operator)
        assert suggestion(asked).treatment.account == ""
        transaction.set_rollback(True)
    assert suggestion(asked) == before


@pytest.mark.django_db
def test_a_corrected_decision_takes_the_mistaken_one_back(
    client_firm: Client, anna: Operator
) -> None:
    asked = purchase(client_firm, rows=[SERVICE], number="F/9")
    mistaken = decided(client_firm, anna, "402-09", rows=[SERVICE])
    assert suggestion(asked).treatment.account == "402-09"
    change_lines(mistaken, [line(mistaken, account="402-12")], operator=anna)
    found = suggestion(asked)
    assert (found.treatment.account, "1 z 1" in found.reason) == ("402-12", True)


@pytest.mark.django_db
def test_what_was_decided_after_a_mistake_is_measured_without_it(
    client_firm: Client, anna: Operator
) -> None:
    for number in range(3):
        decided(client_firm, anna, "402-12", rows=[SERVICE], number=f"F/{number}")
    later = purchase(client_firm, rows=[SERVICE], number="F/8")
    lines = [line(later, account="402-12")]
    approve(later, lines, operator=anna)
    without = taught(later)
    undo(later, operator=anna)
    mistaken = decided(client_firm, anna, "402-09", rows=[SERVICE], number="F/7")
    approve(later, lines, operator=anna)
    assert taught(later) != without
    undo(mistaken, operator=anna)
    assert taught(later) == without


@pytest.mark.django_db
def test_a_changed_habit_is_followed_after_few_decisions(
    client_firm: Client, anna: Operator
) -> None:
    for number in range(10):
        decided(client_firm, anna, "402-12", rows=[SERVICE], number=f"F/{number}")
    asked = purchase(client_firm, rows=[SERVICE], number="F/99")
    before = suggestion(asked)
    decided(client_firm, anna, "402-09", rows=[SERVICE], number="F/10")
    doubtful = suggestion(asked)
    assert doubtful.confidence < before.confidence
    for number in (11, 12):
        decided(client_firm, anna, "402-09", rows=[SERVICE], number=f"F/{number}")
    after = suggestion(asked)
    assert after.treatment.account == "402-09"
    assert after.reason == (
        "3 z 13 pozycji „Usługa doradcza” tego sprzedawcy na 402-09, w tym najnowsze:"
        " F/12 z 03.11.2026, F/11 z 03.11.2026, F/10 z 03.11.2026."
    )


@pytest.mark.django_db
def test_the_reason_names_the_latest_documents_it_rests_on(
    client_firm: Client, anna: Operator
) -> None:
    for number in range(5):
        decided(client_firm, anna, "402-12", rows=[SERVICE], number=f"F/{number}")
    assert purchase(client_firm, rows=[SERVICE], number="F/9").reason == (
        "5 z 5 pozycji „Usługa doradcza” tego sprzedawcy na 402-12:"
        " F/4 z 03.11.2026, F/3 z 03.11.2026, F/2 z 03.11.2026."
    )


@pytest.mark.django_db
def test_an_account_that_is_used_no_more_is_not_proposed(
    client_firm: Client, anna: Operator
) -> None:
    decided(client_firm, anna, "402-12", rows=[SERVICE])
    Account.objects.of_client(client_firm).filter(number="402-12").update(active=False)
    found = suggestion(purchase(client_firm, rows=[SERVICE], number="F/2"))
    assert (found.treatment.account, found.confidence) == ("", 0)
    assert found.reason == "Nie wiem: konta 402-12, używanego dotąd, nie ma już w planie kont."


def leased(client: Client, operator: Operator, number: int, capital: str) -> None:
    """A leasing rate of 1000 zł, of which `capital` is posted against the liability."""
    dekret = purchase(client, rows=[Row("Rata leasingu", Decimal(1000))], number=f"L/{number}")
    tax = (Decimal(capital) * 23 / 100).quantize(Decimal("0.01"))
    interest = {"net": str(1000 - Decimal(capital)), "vat": str(230 - tax)}
    parts = [
        line(dekret, account="402-09", net=capital, vat=str(tax)),
        line(dekret, account="402-12", **interest),
    ]
    approve(dekret, parts, operator=operator)


@pytest.mark.django_db
def test_an_amount_that_was_divided_twice_alike_is_proposed_divided(
    client_firm: Client, anna: Operator
) -> None:
    asked = {"rows": [Row("Rata leasingu", Decimal("1200.01"))], "number": "L/99"}
    leased(client_firm, anna, 1, "700.00")
    assert len(proposed(purchase(client_firm, **asked))) == 1, "once is no habit"
    leased(client_firm, anna, 2, "710.00")
    capital, interest = proposed(dekret := purchase(client_firm, **asked))
    assert (capital.account, capital.net) == ("402-09", Decimal("852.01"))
    assert (interest.account, interest.net) == ("402-12", Decimal("348.00"))
    assert capital.vat + interest.vat == Decimal("276.00")
    MEMORY.forget_all()
    assert suggestion(dekret).shares[0].net == Decimal("0.71")
    leased(client_firm, anna, 3, "400.00")
    assert len(proposed(purchase(client_firm, **asked))) == 1, "the shares vary"


@pytest.mark.django_db
def test_what_was_decided_before_there_were_lessons_can_be_learned_later(
    client_firm: Client, anna: Operator
) -> None:
    dekrets = [
        decided(client_firm, anna, "402-12", rows=[SERVICE], number=f"F/{number}")
        for number in range(3)
    ]
    before = [taught(dekret) for dekret in dekrets]
    Lesson.objects.of_client(client_firm).delete()
    assert [learn_untaught(client_firm), learn_untaught(client_firm)] == [3, 0]
    assert [taught(dekret) for dekret in dekrets] == before


SECRETS = ("TAJNE", "Skryty", "sekretn", "POUFN")


@pytest.mark.django_db
def test_no_word_of_one_client_reaches_another() -> None:
    keeper, asker = ClientFactory(name="Skryty Dwór sp. z o.o."), ClientFactory()
    anna = OperatorFactory(serving=[keeper, asker])
    Account.objects.create(client=keeper, number="TAJNE-7", name="Skryty koszt")
    for kind in Dimension.Kind:
        Dimension.objects.create(client=keeper, kind=kind, code=f"POUFNE-{kind}", name="Skryty")
    fields = {"account": "TAJNE-7", "cost_centre": "POUFNE-mpk", "project": "POUFNE-project"}
    for number in range(8):
        row = Row(("Etylina 95", "Usługa doradcza", "Plan sekretny")[number % 3], Decimal(100))
        secret = purchase(keeper, rows=[row], number=f"TAJNE/{number}")
        approve(secret, [line(secret, **fields)], operator=anna)
    for number in range(3):
        decided(asker, anna, "402-12", rows=[SERVICE], number=f"F/{number}")
    for text in ("Etylina 95", "Usługa doradcza", "Nadzór budowlany"):
        for seller in ("9990000018", OTHER_SELLER):
            found = purchase(asker, rows=[Row(text, Decimal(100))], seller=seller, number="F/9")
            told = json.dumps(found.proposal, ensure_ascii=False) + found.reason
            assert not [secret for secret in SECRETS if secret.casefold() in told.casefold()]
            assert {one.account for one in proposed(found)} <= {"", "402-12"}


@pytest.mark.django_db
class TestCostCentresThatEnded:
    """An invoice of 3 November, whose like was always posted to a cost centre."""

    @pytest.fixture
    def centre(self, client_firm: Client, anna: Operator) -> Dimension:
        centre = Dimension.objects.create(
            client=client_firm, kind=Dimension.Kind.COST_CENTRE, code="B1", name="Budowa"
        )
        for number in range(3):
            dekret = purchase(client_firm, rows=[SERVICE], number=f"F/{number}")
            lines = [line(dekret, account="402-12", cost_centre="B1")]
            approve(dekret, lines, operator=anna)
        return centre

    def test_one_in_force_is_proposed(self, client_firm: Client, centre: Dimension) -> None:
        found = suggestion(purchase(client_firm, rows=[SERVICE], number="F/9"))
        assert found.treatment.cost_centre == centre.code

    @pytest.mark.parametrize(
        "days", [{"valid_to": date(2026, 11, 2)}, {"valid_from": date(2026, 11, 4)}]
    )
    def test_one_out_of_force_is_named_and_left_to_a_person(
        self, client_firm: Client, centre: Dimension, days: dict[str, date]
    ) -> None:
        Dimension.objects.of_client(client_firm).update(**days)
        asked = purchase(client_firm, rows=[SERVICE], number="F/9")
        found = suggestion(asked)
        assert (found.treatment.account, found.treatment.cost_centre) == ("402-12", "")
        assert "nie ma na dzień 03.11.2026: MPK „B1”" in found.reason
        assert asked.state == "to_classify"

    def test_a_rule_is_no_exception(self, client_firm: Client, centre: Dimension) -> None:
        Rule.objects.create(
            client=client_firm,
            name="Doradztwo",
            direction="purchase",
            text="usługa doradcza",
            account="402-09",
            cost_centre="B1",
        )
        Dimension.objects.of_client(client_firm).update(valid_to=date(2026, 10, 31))
        found = suggestion(purchase(client_firm, rows=[SERVICE], number="F/9"))
        assert (found.treatment.account, found.treatment.cost_centre) == ("402-09", "")
        assert found.confidence < SURE_ENOUGH

    def test_a_project_that_was_deleted_is_not_proposed(
        self, client_firm: Client, centre: Dimension
    ) -> None:
        centre.delete()
        found = suggestion(purchase(client_firm, rows=[SERVICE], number="F/9"))
        assert found.treatment.cost_centre == ""
