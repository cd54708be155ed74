"""Every stored purchase and sale waits with a proposal, whatever the document is like."""

from decimal import Decimal

import pytest

from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.posting import attention, intake, proposing
from obieg.posting.decisions import approve
from obieg.posting.models import Dekret
from obieg.posting.states import DekretState
from obieg.posting.suggestion import ProposedLine
from tests.posting.factories import ClientFactory, purchase, sale, store
from tests.posting.papers import Paper, Row
from tests.posting.typing_in import line

pytestmark = pytest.mark.django_db
FUEL = Row("Olej napędowy", Decimal("200.00"))


def lines_of(dekret: Dekret) -> list[ProposedLine]:
    return [ProposedLine.from_dict(stored) for stored in dekret.proposal]


def test_what_nobody_has_decided_yet_waits_to_be_classified(client_firm: Client) -> None:
    dekret = purchase(client_firm)
    (only,) = lines_of(dekret)
    assert dekret.state == DekretState.TO_CLASSIFY
    assert (dekret.confidence, only.account, only.vat_register) == (0, "", "ZAKUP")
    assert dekret.reason == "Nie wiem: brak podobnych decyzji tego klienta."


def test_an_office_rule_proposes_for_every_chart_its_own_account() -> None:
    for client, account, column in (
        (ClientFactory(), "401-04", None),
        (ClientFactory(kpir=True), "PALIWO", 15),
    ):
        dekret = purchase(client, rows=[FUEL])
        (only,) = lines_of(dekret)
        assert dekret.state == DekretState.TO_APPROVE
        assert (only.account, only.deductible_percent, only.kpir_column) == (account, 50, column)
        assert (dekret.confidence, dekret.reason) == (95, "Reguła biura „Olej napędowy”.")


def test_a_client_without_vat_deducts_nothing() -> None:
    (only,) = lines_of(purchase(ClientFactory(exempt=True), rows=[FUEL]))
    assert (only.vat_register, only.deductible_percent) == ("", 0)


def test_rows_posted_the_same_way_are_one_line(client_firm: Client) -> None:
    rows = [Row(f"Olej napędowy {number}", Decimal("10.01")) for number in range(60)]
    dekret = purchase(client_firm, rows=[*rows, Row("Hot dog", Decimal("9.00"), "8")])
    fuel, food = lines_of(dekret)
    assert fuel.source_lines == tuple(range(1, 61))
    assert (fuel.net, fuel.description) == (
        Decimal("600.60"),
        "Olej napędowy 0 i 59 innych pozycji",
    )
    assert (food.vat_rate, food.account, food.source_lines) == ("8", "", (61,))
    assert dekret.state == DekretState.TO_CLASSIFY


def test_the_next_invoice_of_a_seller_is_proposed_as_the_last_one_was_decided(
    client_firm: Client, anna: Operator
) -> None:
    first = purchase(client_firm, rows=[Row("Abonament 10/2026", Decimal("50.00"))])
    approve(first, [line(first, account="402-01")], operator=anna)
    following = purchase(client_firm, rows=[Row("Abonament 11/2026", Decimal("60.00"))])
    assert following.state == DekretState.TO_APPROVE
    assert following.reason == (
        "1 z 1 pozycji „Abonament 11/2026” tego sprzedawcy na 402-01: FV/1/2026 z 03.11.2026."
    )
    other = purchase(client_firm, rows=[Row("Coś nowego", Decimal("60.00"))])
    assert other.reason == "1 z 1 pozycji tego sprzedawcy na 402-01: FV/1/2026 z 03.11.2026."
    assert other.confidence < following.confidence < 95, "one decision is little proof"


def test_one_client_learns_nothing_from_another(client_firm: Client, anna: Operator) -> None:
    decided = purchase(client_firm)
    approve(decided, [line(decided, account="402-01")], operator=anna)
    assert purchase(ClientFactory()).confidence == 0


def test_a_sale_goes_to_the_revenue_account_of_the_form() -> None:
    for client, account in (
        (ClientFactory(), "702"),
        (ClientFactory(kpir=True), "SPRZEDAŻ"),
        (ClientFactory(ryczalt=True), "RYCZAŁT"),
    ):
        dekret = sale(client)
        assert [found.account for found in lines_of(dekret)] == [account]
        assert dekret.state == DekretState.TO_APPROVE


def test_a_third_partys_document_gets_no_dekret(client_firm: Client) -> None:
    assert store(client_firm, Paper(), direction=Direction.OTHER) == []


def test_a_document_that_comes_twice_is_queued_once(client_firm: Client) -> None:
    dekret = purchase(client_firm)
    arrival = intake.Arrival(dekret.invoice_id, Direction.PURCHASE, None)
    intake.queue_arrivals(client=client_firm, arrivals=[arrival], received_at=dekret.queued_at)
    assert Dekret.objects.of_client(client_firm).count() == 1


@pytest.mark.parametrize("broken", ["parts_of", "_line"])
def test_a_document_that_cannot_be_proposed_does_not_stop_the_others(
    client_firm: Client, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    real = getattr(proposing, broken)

    def fail_on_cement(*given: object) -> object:
        if "Cement" in repr(given):
            raise ValueError("a defect of our own")
        return real(*given)

    monkeypatch.setattr(proposing, broken, fail_on_cement)
    papers = [Paper(rows=[Row(text, Decimal("10.00"))]) for text in ("Cement", "Papier")]
    first, second = store(client_firm, *papers)
    assert (first.state, first.warnings) == (DekretState.TO_CLASSIFY, [attention.FAILED])
    assert first.reason == attention.TEXTS[attention.FAILED]
    assert lines_of(second)[0].description == "Papier"


def test_warnings_say_what_to_look_at(client_firm: Client) -> None:
    plain = purchase(client_firm)
    assert plain.warnings == [attention.FIRST_INVOICE]
    assert purchase(client_firm, number="FV/2/2026").warnings == []
    corrected = purchase(client_firm, number="FV/3/2026", kind="KOR")
    assert corrected.warnings == [attention.CORRECTION]
    due = purchase(client_firm, number="FV/4/2026", to_pay=Decimal("99.00"))
    assert due.warnings == [attention.AMOUNT_DUE]
    assert attention.explain(attention.AMOUNT_DUE, due.invoice) == (
        "Do zapłaty jest 99,00\N{NO-BREAK SPACE}zł, a kwota faktury to 123,00\N{NO-BREAK SPACE}zł."
    )
    (renamed,) = store(
        client_firm, Paper(number="FV/5/2026", buyer=client_firm.nip, buyer_name="Dąb S.A.")
    )
    assert renamed.warnings == [attention.CLIENT_DATA]
    spelled = Paper(
        number="FV/6/2026",
        buyer=client_firm.nip,
        buyer_name="BÓR Spółka z ograniczoną odpowiedzialnością",
    )
    assert store(client_firm, spelled)[0].warnings == []


def test_only_the_first_invoice_of_a_package_is_the_first_of_its_seller(
    client_firm: Client,
) -> None:
    own = Paper(buyer=client_firm.nip, buyer_name=client_firm.name)
    first, second = store(client_firm, own, own.but(number="FV/2/2026"))
    assert [first.warnings, second.warnings] == [[attention.FIRST_INVOICE], []]


def test_the_rate_of_a_foreign_invoice_is_taken_from_its_rows(client_firm: Client) -> None:
    row = Row("Lizenz", Decimal("100.00"), exchange_rate=Decimal("4.2512"))
    sums = {"P_13_1": Decimal("100.00"), "P_14_1": Decimal("23.00"), "P_14_1W": Decimal("97.78")}
    dekret = purchase(client_firm, rows=[row], currency="EUR", sums=sums, total=Decimal("123.00"))
    assert (dekret.exchange_rate, dekret.tax_pln) == (Decimal("4.2512"), Decimal("97.78"))
    assert attention.NO_RATE not in dekret.warnings
    assert attention.NO_RATE in purchase(client_firm, currency="EUR").warnings
