"""An operator decides: everything or nothing is written, and every decision teaches."""

from datetime import date
from decimal import Decimal

import pytest

from obieg.office.models import Client, Event, Operator
from obieg.office.states import IllegalTransition
from obieg.posting.decisions import approve, approve_many, change_lines, reject, undo
from obieg.posting.errors import AlreadyExported, InvalidDekret, NoteMissing, NothingToUndo
from obieg.posting.models import Dekret, DekretLine, Lesson
from obieg.posting.states import DekretState
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row
from tests.posting.typing_in import line

pytestmark = pytest.mark.django_db
FUEL = Row("Olej napędowy", Decimal("200.00"))
SERVICE = Row("Usługa doradcza", Decimal("100.00"))


def fresh(dekret: Dekret) -> Dekret:
    return Dekret.objects.of_client(dekret.client_id).get(pk=dekret.pk)


def stored_lines(dekret: Dekret) -> list[DekretLine]:
    return list(DekretLine.objects.of_client(dekret.client_id).filter(dekret=dekret))


def memory(client: Client) -> list[object]:
    """What the client's decisions teach whoever reads them."""
    live = Lesson.objects.of_client(client).filter(withdrawn=False).order_by("dekret")
    return list(live.values_list("direction", "dekret", "taught"))


def events(dekret: Dekret) -> list[Event]:
    return list(
        Event.objects.of_client(dekret.client_id).filter(thing_id=dekret.pk, thing=Dekret.THING)
    )


def codes(refusal: pytest.ExceptionInfo[InvalidDekret]) -> set[str]:
    return {finding.code for finding in refusal.value.findings}


def test_approving_as_proposed_writes_lines_state_and_trail(
    client_firm: Client, anna: Operator
) -> None:
    dekret = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    (only,) = stored_lines(dekret)
    assert (only.account, only.net, only.vat, only.gross, only.deductible_percent) == (
        "401-04",
        Decimal("200.00"),
        Decimal("46.00"),
        Decimal("246.00"),
        50,
    )
    assert (fresh(dekret).state, fresh(dekret).decided_by_id) == (DekretState.APPROVED, anna.pk)
    (event,) = events(dekret)
    assert (event.kind, event.actor_id) == ("approve", anna.pk)
    assert event.before["state"] == DekretState.TO_APPROVE
    assert event.after["period"] == "2026-11-01"


def test_the_trail_keeps_what_was_changed_in_the_proposal(
    client_firm: Client, anna: Operator
) -> None:
    dekret = purchase(client_firm, rows=[FUEL])
    approve(dekret, [line(dekret, deductible_percent=100)], operator=anna)
    correction, _ = events(dekret)
    assert correction.before["lines"][0]["deductible_percent"] == 50
    assert correction.after["lines"][0]["deductible_percent"] == 100


def test_a_line_may_be_split(client_firm: Client, anna: Operator) -> None:
    dekret = purchase(client_firm, rows=[FUEL])
    halves = [
        line(dekret, net="150.00", vat="34.50"),
        line(
            dekret, net="50.00", vat="11.50", account="234", vat_register="", deductible_percent=0
        ),
    ]
    approve(dekret, halves, operator=anna)
    assert [(one.position, one.account) for one in stored_lines(dekret)] == [
        (1, "401-04"),
        (2, "234"),
    ]


def test_the_column_of_the_kpir_follows_the_category() -> None:
    client = ClientFactory(kpir=True)
    dekret = purchase(client)
    approve(dekret, [line(dekret, account="TOWAR")], operator=OperatorFactory(serving=[client]))
    assert [one.kpir_column for one in stored_lines(dekret)] == [12]


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_written(
    client_firm: Client, anna: Operator
) -> None:
    dekret = purchase(client_firm, rows=[SERVICE], currency="EUR")
    wrong = line(
        dekret,
        account="999",
        vat_register="INNY",
        deductible_percent=101,
        cost_centre="B9",
        project="P9",
        kpir_column=20,
        net="99.00",
        vat="22.00",
    )
    before = memory(client_firm)
    with pytest.raises(InvalidDekret) as refusal:
        approve(
            dekret,
            [wrong, line(dekret, account="", net="0", vat="0")],
            operator=anna,
            period=date(2026, 10, 31),
        )
    assert codes(refusal) == {
        "posting.unknown_account",
        "posting.account_missing",
        "posting.unknown_register",
        "posting.deductible_percent",
        "posting.unknown_cost_centre",
        "posting.unknown_project",
        "posting.kpir_column",
        "posting.net_differs",
        "posting.vat_differs",
        "posting.exchange_rate_missing",
        "posting.period_too_early",
    }
    assert "w planie kont klienta nie ma konta „999”" in str(refusal.value)
    assert fresh(dekret).state == DekretState.TO_CLASSIFY
    assert (stored_lines(dekret), events(dekret), memory(client_firm)) == ([], [], before)


def test_vat_that_is_settled_needs_a_register(client_firm: Client, anna: Operator) -> None:
    bought, sold = purchase(client_firm, rows=[FUEL]), sale(client_firm)
    for dekret in (bought, sold):
        with pytest.raises(InvalidDekret) as refusal:
            approve(dekret, [line(dekret, vat_register="")], operator=anna)
        assert codes(refusal) == {"posting.register_missing"}
    approve(bought, [line(bought, vat_register="", deductible_percent=0)], operator=anna)


def test_a_dekret_without_lines_is_refused(client_firm: Client, anna: Operator) -> None:
    with pytest.raises(InvalidDekret) as refusal:
        approve(purchase(client_firm), [], operator=anna)
    assert codes(refusal) == {"posting.no_lines"}


def test_a_document_whose_total_disagrees_may_follow_its_sums_or_its_total(
    client_firm: Client, anna: Operator
) -> None:
    rows, total = [FUEL], Decimal("250.00")  # 4.00 above 246.00
    by_sums = purchase(client_firm, rows=rows, total=total)
    approve(by_sums, [line(by_sums)], operator=anna)
    by_total = purchase(client_firm, rows=rows, total=total)
    extra = line(by_total, 2, account="409-09")
    approve(by_total, [line(by_total), extra], operator=anna)
    assert sum(one.gross for one in stored_lines(by_total)) == total


def test_a_purchase_is_posted_in_the_month_of_receipt_but_not_before_its_issue(
    client_firm: Client, anna: Operator
) -> None:  # received on 19 November
    earlier = purchase(client_firm, rows=[FUEL], issued=date(2026, 10, 31))
    assert approve(earlier, operator=anna).period == date(2026, 11, 1)
    later = purchase(client_firm, rows=[FUEL], issued=date(2026, 12, 1))
    assert approve(later, operator=anna).period == date(2026, 12, 1)
    chosen = purchase(client_firm, rows=[FUEL])
    approved = approve(chosen, operator=anna, period=date(2026, 12, 24))
    assert approved.period == date(2026, 12, 1)


def test_a_sale_is_posted_in_the_month_of_supply_and_its_correction_in_that_of_issue(
    client_firm: Client, anna: Operator
) -> None:
    days = {"issued": date(2026, 11, 2), "sold": date(2026, 10, 31)}
    assert approve(sale(client_firm, **days), operator=anna).period == date(2026, 10, 1)
    correction = sale(client_firm, kind="KOR", **days)
    assert approve(correction, operator=anna).period == date(2026, 11, 1)


def test_a_rate_given_by_hand_makes_a_foreign_invoice_postable(
    client_firm: Client, anna: Operator
) -> None:
    dekret = purchase(client_firm, rows=[FUEL], currency="EUR")
    with pytest.raises(InvalidDekret) as refusal:
        approve(dekret, operator=anna, exchange_rate=Decimal(0))
    assert codes(refusal) == {"posting.exchange_rate"}
    approve(dekret, operator=anna, exchange_rate=Decimal("4.2512"))
    assert fresh(dekret).exchange_rate == Decimal("4.251200")
    assert fresh(undo(dekret, operator=anna)).exchange_rate is None


def test_undo_brings_back_the_queue_and_exactly_what_was_known_before(
    client_firm: Client, anna: Operator
) -> None:
    known = purchase(client_firm, rows=[SERVICE])
    approve(known, [line(known, account="402-12")], operator=anna)
    before = memory(client_firm)
    dekret = purchase(client_firm, rows=[SERVICE, FUEL, SERVICE])
    state, proposal = dekret.state, dekret.proposal
    approve(dekret, [line(dekret, number, account="402-07") for number in (1, 2)], operator=anna)
    assert memory(client_firm) != before
    undone = undo(dekret, operator=anna)
    assert (undone.state, fresh(undone).proposal) == (state, proposal)
    assert (undone.period, undone.decided_by, stored_lines(undone)) == (None, None, [])
    assert memory(client_firm) == before
    assert [event.kind for event in events(dekret)] == ["correct", "approve", "remove", "undo"]


def test_what_was_taught_twice_is_known_once_after_an_undo(
    client_firm: Client, anna: Operator
) -> None:
    first, second = (purchase(client_firm, rows=[FUEL]) for _ in range(2))
    approve(first, operator=anna)
    once = memory(client_firm)
    approve(second, operator=anna)
    undo(second, operator=anna)
    assert memory(client_firm) == once
    undo(first, operator=anna)
    assert memory(client_firm) == []


def test_a_rejection_says_why_and_can_be_taken_back(client_firm: Client, anna: Operator) -> None:
    dekret = purchase(client_firm)
    with pytest.raises(NoteMissing):
        reject(dekret, operator=anna, note="  ")
    reject(dekret, operator=anna, note="To nie nasz zakup")
    assert (fresh(dekret).state, fresh(dekret).note) == (DekretState.REJECTED, "To nie nasz zakup")
    undo(dekret, operator=anna)
    assert (fresh(dekret).state, fresh(dekret).note) == (DekretState.TO_CLASSIFY, "")
    with pytest.raises(NothingToUndo):
        undo(dekret, operator=anna)


def test_an_exported_dekret_cannot_be_undone(client_firm: Client, anna: Operator) -> None:
    dekret = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    dekret.advance(DekretState.EXPORTED, actor=anna, kind="export")
    with pytest.raises(AlreadyExported, match="FV/1/2026"):
        undo(dekret, operator=anna)


def test_an_approved_dekret_cannot_be_approved_again_but_changed(
    client_firm: Client, anna: Operator
) -> None:
    dekret = purchase(client_firm, rows=[FUEL])
    approve(dekret, operator=anna, period=date(2026, 12, 1))
    with pytest.raises(IllegalTransition):
        approve(dekret, operator=anna)
    change_lines(dekret, [line(dekret, account="401-05")], operator=anna)
    assert [one.account for one in stored_lines(dekret)] == ["401-05"]
    assert fresh(dekret).period == date(2026, 12, 1)


def test_approval_in_bulk_takes_what_it_can_and_names_the_rest(
    client_firm: Client, anna: Operator
) -> None:
    good = [purchase(client_firm, rows=[FUEL]) for _ in range(3)]
    unknown = purchase(client_firm, rows=[SERVICE], seller="9990000024")
    done = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    foreign = purchase(ClientFactory(), rows=[FUEL])
    outcome = approve_many([*good, unknown, done.pk, foreign.pk], operator=anna)
    assert outcome.approved == good
    assert [dekret for dekret, _ in outcome.refused] == [unknown, done]
    reasons = [reason for _, reason in outcome.refused]
    assert reasons[0] == "Wiersz 1: wpisz konto."
    assert reasons[1].startswith("Dokument jest już w stanie „Zatwierdzony”")
    assert fresh(foreign).state == DekretState.TO_APPROVE


def test_a_strangers_decision_reaches_nothing(client_firm: Client) -> None:
    dekret, stranger = purchase(client_firm, rows=[FUEL]), OperatorFactory()
    for act in (
        lambda: approve(dekret, operator=stranger),
        lambda: reject(dekret, operator=stranger, note="nie"),
        lambda: undo(dekret, operator=stranger),
    ):
        with pytest.raises(Dekret.DoesNotExist):
            act()
    outcome = approve_many([dekret], operator=stranger)
    assert (outcome.approved, outcome.refused) == ([], [])


def test_a_decision_helps_the_documents_that_already_wait(
    client_firm: Client, anna: Operator
) -> None:
    first, waits, elsewhere = (
        purchase(client_firm, rows=[SERVICE], seller=nip)
        for nip in ("9990000018", "9990000018", "9990000024")
    )
    approve(first, [line(first, account="402-12")], operator=anna)
    assert (fresh(waits).state, fresh(waits).proposal[0]["account"]) == ("to_approve", "402-12")
    assert fresh(elsewhere).proposal == elsewhere.proposal
    (event,) = events(waits)
    assert (event.kind, event.actor, event.before["confidence"]) == ("propose", None, 0)
