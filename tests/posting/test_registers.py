"""The books of a month: the sum of its registers is the sum of its documents, always."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from python_calamine import CalamineWorkbook

from obieg.core.money import ZERO
from obieg.office.models import Client, Event, Operator
from obieg.posting.decisions import LineInput, approve, undo
from obieg.posting.models import JournalEntry, OfficeBooks, Profile, RegisterEntry
from obieg.posting.registers import control, register_rows, sums_by_rate, turnover
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row
from tests.posting.typing_in import proposed

NOVEMBER = date(2026, 11, 1)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["purchase", "sale"]),
        st.lists(
            st.tuples(
                st.decimals(min_value=-500, max_value=500, places=2).filter(bool),
                st.sampled_from(["23", "8", "5", "zw"]),
            ),
            min_size=1,
            max_size=3,
        ),
        st.integers(0, 100),  # deduction, per cent
        st.booleans(),  # taken back afterwards
    ),
    min_size=1,
    max_size=4,
)


def enter(client: Client, operator: Operator, acts: list[tuple]) -> None:
    for number, (side, amounts, percent, is_undone) in enumerate(acts):
        make = purchase if side == "purchase" else sale
        rows = [Row(f"Rzecz {place}", net, rate) for place, (net, rate) in enumerate(amounts)]
        dekret = make(client, number=f"{side}/{number}/{id(acts)}", rows=rows)
        register = "ZAKUP" if side == "purchase" else "SPRZEDAŻ"
        lines = [
            LineInput.from_dict(
                {
                    **LineInput.of(line).to_dict(),
                    "account": "402-12" if side == "purchase" else "702",
                    "vat_register": register if percent or side == "sale" else "",
                    "deductible_percent": percent,
                }
            )
            for line in proposed(dekret)
        ]
        approve(dekret, lines, operator=operator, period=NOVEMBER)
        if is_undone:
            undo(dekret, operator=operator)


class TestBooks(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(ACTS)
    def test_registers_are_the_sum_of_documents_and_the_journal_balances(
        self, acts: list[tuple]
    ) -> None:
        client, ewa = ClientFactory(), OperatorFactory(owner=True)
        enter(client, ewa, acts)
        found = control(client, NOVEMBER)
        assert found.agrees
        assert found.documents == sum(not is_undone for *_, is_undone in acts)
        sides = turnover(client, NOVEMBER)
        assert sum((one.balance for one in sides), ZERO) == 0
        rates = sums_by_rate(register_rows(client, NOVEMBER))
        assert sum((one.net for one in rates), ZERO) == found.register_net


@pytest.mark.django_db
def test_the_control_notices_a_register_that_lacks_a_document(
    client_firm: Client, anna: Operator
) -> None:
    approve(purchase(client_firm, rows=[Row("Olej napędowy", Decimal("5.00"))]), operator=anna)
    entered = RegisterEntry.objects.of_client(client_firm).get()
    entered.pk, entered.net = None, Decimal("0.01")
    entered.save(force_insert=True)
    assert not control(client_firm, NOVEMBER).agrees


@pytest.fixture
def page(client_firm: Client, anna: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(anna)
    dekret = purchase(client_firm, number="=PALIWO", rows=[Row("Olej napędowy", Decimal("200.00"))])
    approve(dekret, operator=anna)
    return visitor


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("books-registers", ["rejestry są sumą dokumentów", "ZAKUP", "-23,00"]),
        ("books-journal", ["401-04", "223,00", "246,00", "✓ równe"]),
        ("books-turnover", ["401-04", "221-1", "✓ równe"]),
        ("books-periods", ["Zamknij 11.2026"]),
    ],
)
def test_a_page_of_the_books_shows_the_month(
    page: Visitor, client_firm: Client, name: str, words: list[str]
) -> None:
    asked = {"klient": client_firm.pk, "okres": "2026-11"}
    text = page.get(reverse(name), asked).content.decode()
    assert [word for word in words if word not in text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["books-registers", "books-journal", "books-turnover"])
def test_the_same_is_a_spreadsheet_with_figures(
    page: Visitor, client_firm: Client, name: str
) -> None:
    asked = {"klient": client_firm.pk, "okres": "2026-11", "arkusz": "1"}
    answer = page.get(reverse(name), asked)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    heading, *cells = rows.to_python()
    assert 23.0 in [value for row in cells for value in row]
    assert len(heading) == len(cells[0])
    assert b"<f>" not in answer.content


@pytest.mark.django_db
def test_the_filters_are_the_address(page: Visitor, client_firm: Client) -> None:
    asked = {"klient": client_firm.pk, "okres": "2026-11", "konto": "401"}
    shown = page.get(reverse("books-journal"), asked).context["rows"]
    assert [row.account for row in shown] == ["401-04"]
    empty = page.get(reverse("books-journal"), {**asked, "okres": "2026-10"})
    assert "W tym okresie nic jeszcze nie ma" in empty.content.decode()


@pytest.mark.django_db
def test_closing_and_opening_by_the_page(page: Visitor, client_firm: Client) -> None:
    form = {"okres": "2026-11"}
    closed = page.post(reverse("books-close", args=[client_firm.pk]), form, follow=True)
    assert "zamknięty" in closed.content.decode()
    refused = page.post(reverse("books-reopen", args=[client_firm.pk]), form)
    assert refused.status_code == 403


@pytest.mark.django_db
def test_a_kpir_clients_book_has_its_columns(anna: Operator) -> None:
    firm = ClientFactory(kpir=True)
    ewa = OperatorFactory(owner=True)
    approve(purchase(firm, rows=[Row("Olej napędowy", Decimal("200.00"))]), operator=ewa)
    visitor = Visitor()
    visitor.force_login(ewa)
    asked = {"klient": firm.pk, "okres": "2026-11"}
    text = visitor.get(reverse("books-columns"), asked).content.decode()
    assert "15. Pozostałe wydatki" in text
    assert not JournalEntry.objects.of_client(firm).exists()


@pytest.mark.django_db
def test_the_office_decides_for_all_clients_by_its_page(client_firm: Client) -> None:
    page, address = Visitor(), reverse("books-office")
    page.force_login(OperatorFactory(owner=True))
    page.post(address, {"deducts_before_filing": "on"})
    assert OfficeBooks.present().deducts_before_filing
    assert Event.objects.across_clients().get(thing="posting.office").after == {
        "deducts_before_filing": True
    }
    assert client_firm.name not in page.get(address).content.decode()
    Profile.objects.of_client(client_firm).update(deducts_before_filing=False)
    assert client_firm.name in page.get(address).content.decode()
    page.post(address, {})
    assert not OfficeBooks.present().deducts_before_filing
