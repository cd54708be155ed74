"""The engine learns at once, forgets exactly, adapts, and says when it does not know."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from obieg.fa.model import ExtraDescription
from obieg.posting.learning.learner import Learner
from obieg.posting.suggestion import Case, Treatment
from tests.posting.learning.papers import (
    CARRIER,
    FUEL,
    GOODS,
    SHOP,
    STATION,
    a_case,
    an_office,
    decide,
    take_back,
)

WASH = GOODS.changed(account="402")
ORDER = Treatment("402", "ZAKUP", 100, None, "PROD", "ZL001")


def believed(learner: Learner, case: Case) -> list[object]:
    """The answers without their reasons, which name documents."""
    return [replace(found, reason="") for found in learner.answers(case)]


def proposed(learner: Learner, case: Case) -> list[Treatment]:
    return [found.treatment for found in learner.answers(case)]


def test_an_engine_that_was_taught_nothing_says_that_it_does_not_know() -> None:
    (found,) = Learner().suggest(a_case("ON B7"))
    assert (found.treatment.account, found.confidence) == ("", 0)
    assert found.reason.startswith("Nie wiem")


def test_the_next_invoice_of_a_seller_classified_once_is_posted_alike() -> None:
    learner = an_office()
    decide(learner, a_case("Usługa przewozu", partner=CARRIER), WASH)
    assert proposed(learner, a_case("Usługa przewozu", partner=CARRIER)) == [WASH]


def test_every_line_is_answered_by_itself() -> None:
    learner = an_office()
    for _ in range(4):
        decide(learner, a_case("ON B7", "Mycie pojazdu"), FUEL, WASH)
    assert proposed(learner, a_case("Mycie pojazdu", "ON B7")) == [WASH, FUEL]


def test_confidence_grows_with_decisions_that_agree() -> None:
    learner = an_office()
    confidences = []
    for _ in range(6):
        case = a_case("Usługa przewozu", partner=CARRIER)
        confidences.append(learner.answers(case)[0].confidence)
        decide(learner, case, WASH)
    assert confidences[-1] > 0.7 > confidences[0]


def test_a_changed_habit_is_followed_after_a_few_decisions() -> None:
    learner = an_office(seen=12)
    for _ in range(4):
        decide(learner, a_case("ON B7"), WASH)
    assert proposed(learner, a_case("ON B7")) == [WASH]


def test_a_mistake_taken_back_leaves_no_trace() -> None:
    learner, mistaken = an_office(), a_case("Koszula męska", partner=SHOP)
    before = learner.answers(a_case("Koszula męska", partner=SHOP))
    decide(learner, mistaken, FUEL)
    take_back(learner, mistaken, FUEL)
    assert learner.answers(a_case("Koszula męska", partner=SHOP)) == before


def test_a_document_decided_again_counts_once() -> None:
    once, twice = an_office(), an_office()
    case = a_case("Mycie pojazdu")
    decide(once, case, WASH)
    decide(twice, case, FUEL)
    decide(twice, case, WASH)
    asked = a_case("Mycie pojazdu", "ON B7")
    assert believed(once, asked) == believed(twice, asked)


decisions = st.lists(
    st.tuples(
        st.sampled_from(["ON B7", "Mycie pojazdu", "Koszula nr 12345", "Płyn WR 7700N"]),
        st.sampled_from([STATION, SHOP]),
        st.sampled_from([1, 2]),
        st.sampled_from([FUEL, GOODS, WASH, ORDER]),
    ),
    min_size=1,
    max_size=9,
)


@settings(max_examples=60, deadline=None)
@given(decisions, st.data())
def test_what_is_taken_back_might_never_have_been(
    made: list[tuple[str, str, int, Treatment]], data: st.DataObject
) -> None:
    """Of one client exactly; the office's calibration is compared through a client alone."""
    made = [(text, partner, 1, treatment) for text, partner, _, treatment in made]
    wrong = data.draw(st.integers(0, len(made) - 1))
    cases = [a_case(text, partner=partner) for text, partner, _, _ in made]
    with_it, without = Learner(), Learner()
    for place, (case, (*_, treatment)) in enumerate(zip(cases, made, strict=True)):
        decide(with_it, case, treatment)
        if place != wrong:
            decide(without, case, treatment)
    take_back(with_it, cases[wrong], made[wrong][3])
    asked = a_case("ON B7", "Mycie pojazdu", "Płyn WR 7700N", partner=made[wrong][1])
    assert with_it.answers(asked) == without.answers(asked)


@settings(max_examples=30, deadline=None)
@given(decisions)
def test_asking_changes_nothing(made: list[tuple[str, str, int, Treatment]]) -> None:
    asking, silent = Learner(), Learner()
    for text, partner, client, treatment in made:
        case = a_case(text, client=client, partner=partner)
        asking.suggest(case)
        asking.suggest(a_case("Mycie pojazdu", client=client))
        decide(asking, case, treatment)
        decide(silent, case, treatment)
    asked = a_case("ON B7", "Mycie pojazdu")
    assert asking.answers(asked) == silent.answers(asked)


def test_the_order_number_of_a_document_becomes_its_project() -> None:
    learner = an_office()
    for number in range(1, 7):
        text = f"Lakierowanie frontów zam. ZL{number:03}/2026"
        decide(learner, a_case(text, partner=CARRIER), ORDER.changed(project=f"ZL{number:03}"))
        decide(learner, a_case("Lakierowanie próbne", partner=CARRIER), ORDER.changed(project=""))
    asked = a_case("Lakierowanie frontów zam. ZL042/2026", "Lakierowanie próbne", partner=CARRIER)
    assert [found.project for found in proposed(learner, asked)] == ["ZL042", ""]


def test_a_fact_about_another_row_says_nothing_about_this_one() -> None:
    learner = an_office()
    for number in range(1, 7):
        fact = (ExtraDescription(line_number=1, key="Zlecenie", value=f"ZL{number:03}/2026"),)
        case = a_case("Szlif", "Szlif", partner=CARRIER, facts=fact)
        decide(learner, case, ORDER.changed(project=f"ZL{number:03}"), ORDER.changed(project=""))
    fact = (ExtraDescription(line_number=2, key="Zlecenie", value="ZL077/2026"),)
    asked = a_case("Szlif", "Szlif", partner=CARRIER, facts=fact)
    assert [found.project for found in proposed(learner, asked)] == ["", "ZL077"]


def test_the_reason_counts_the_decisions_it_rests_on() -> None:
    learner = Learner()
    cases = [a_case("ON B7") for _ in range(9)]
    for case in cases:
        decide(learner, case, FUEL)
    (found,) = learner.answers(a_case("ON B7"))
    latest = [f"{case.invoice.number} z 12.10.2026" for case in reversed(cases[-3:])]
    said = "9 z 9 pozycji „ON B7” tego sprzedawcy na 401: "
    assert found.reason == f"{said}{', '.join(latest)}."


def test_others_help_a_client_but_their_accounts_and_words_are_never_told() -> None:
    learner = an_office()
    secret = Treatment("TAJNE-7", "REJESTR-X", 100, None, "MPK-OBCY", "PROJEKT-OBCY")
    for _ in range(5):
        decide(learner, a_case("Etylina 95", client=2, partner=CARRIER, name="Obca Firma"), secret)
        decide(learner, a_case("ON B7", client=2, partner=CARRIER, name="Obca Firma"), secret)
    (found,) = learner.answers(a_case("Etylina 95", partner=CARRIER, name="Nowa Firma"))
    assert found.treatment.account in ("", "401", "330")
    told = f"{found.treatment} {found.reason}"
    assert not [one for one in ("TAJNE", "REJESTR-X", "OBCY", "Obca") if one in told]


def test_the_clients_own_account_is_found_through_what_others_call_it() -> None:
    learner = an_office()
    other = FUEL.changed(account="KAT-07")
    for text in ("ON B7", "Etylina 95", "Koszula damska"):
        for _ in range(4):
            treatment = GOODS if "Koszula" in text else other
            decide(learner, a_case(text, client=3, partner=CARRIER), treatment)
    (found,) = learner.answers(a_case("Etylina 95", partner=CARRIER))
    assert found.treatment.account == "401"
