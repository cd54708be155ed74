"""Approved dekrets become books: nothing is deleted, everything balances, closed months refuse."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.db import InternalError, ProgrammingError, connection
from django.db.models import Sum

from obieg.core.money import ZERO
from obieg.office.models import Client, Event, Operator
from obieg.posting.closing import close_period, readiness, reopen_period
from obieg.posting.decisions import approve, approve_many, change_lines, undo
from obieg.posting.errors import InvalidDekret, NotToReopen, PeriodClosed, PeriodWaits
from obieg.posting.models import (
    Account,
    BookEntry,
    Dekret,
    Dimension,
    JournalEntry,
    RegisterEntry,
    Voucher,
)
from tests.posting.factories import ClientFactory, OperatorFactory, purchase, sale
from tests.posting.papers import Row
from tests.posting.together import at_once
from tests.posting.typing_in import line

FUEL = Row("Olej napędowy", Decimal("200.00"))
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def numbers(client: Client) -> list[int]:
    rows = Voucher.objects.of_client(client).order_by("number")
    return list(rows.values_list("number", flat=True))


def total(client: Client, side: str) -> Decimal:
    rows = JournalEntry.objects.of_client(client).filter(side=side)
    return rows.aggregate(sum=Sum("amount"))["sum"] or ZERO


@pytest.mark.django_db
def test_an_approval_enters_the_journal_and_the_register(
    client_firm: Client, anna: Operator
) -> None:
    dekret = approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    voucher = Voucher.objects.of_client(client_firm).get(dekret=dekret)
    assert (voucher.number, voucher.period) == (1, NOVEMBER)
    entered = JournalEntry.objects.of_client(client_firm).filter(voucher=voucher)
    assert {(row.account, row.side, row.amount) for row in entered} == {
        ("401-04", "Wn", Decimal("223.00")),
        ("221-1", "Wn", Decimal("23.00")),
        ("202", "Ma", Decimal("246.00")),
    }
    (row,) = RegisterEntry.objects.of_client(client_firm)
    assert (row.register, row.vat_rate, row.net, row.vat, row.deducted) == (
        "ZAKUP",
        "23",
        Decimal("200.00"),
        Decimal("46.00"),
        Decimal("23.00"),
    )


@pytest.mark.django_db
def test_taking_back_reverses_and_deletes_nothing(client_firm: Client, anna: Operator) -> None:
    dekret = purchase(client_firm, rows=[FUEL])
    approve(dekret, operator=anna)
    change_lines(dekret, [line(dekret, account="401-05")], operator=anna)
    assert numbers(client_firm) == [1, 2, 3]
    first, reversal, second = Voucher.objects.of_client(client_firm).order_by("number")
    assert (reversal.reverses, second.reverses) == (first, None)
    assert total(client_firm, "Wn") == total(client_firm, "Ma") == Decimal("246.00")
    undo(dekret, operator=anna)
    assert total(client_firm, "Wn") == ZERO
    assert RegisterEntry.objects.of_client(client_firm).aggregate(sum=Sum("vat"))["sum"] == ZERO


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
@pytest.mark.parametrize("model", [Voucher, JournalEntry, RegisterEntry, BookEntry])
def test_the_database_refuses_to_change_the_books(statement: str, model: type) -> None:
    ewa = OperatorFactory(owner=True)
    for firm in (ClientFactory(), ClientFactory(kpir=True)):
        approve(purchase(firm, rows=[FUEL]), operator=ewa)
    assert model._base_manager.exists()
    with (
        pytest.raises((InternalError, ProgrammingError), match="append-only"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(model._meta.db_table))


@pytest.mark.django_db
def test_a_kpir_client_gets_columns_and_a_ryczalt_client_rates() -> None:
    kpir, ryczalt = ClientFactory(kpir=True), ClientFactory(ryczalt=True)
    Account.objects.of_client(ryczalt).filter(number="RYCZAŁT-8,5").update(ryczalt_rate="8.5")
    ewa = OperatorFactory(owner=True)
    approve(purchase(kpir, rows=[FUEL]), operator=ewa)
    sold = sale(ryczalt)
    approve(sold, [line(sold, account="RYCZAŁT-8,5")], operator=ewa)
    assert [(row.kpir_column, row.amount) for row in BookEntry.objects.of_client(kpir)] == [
        (15, Decimal("167.25"))  # 75% of 200.00 and of 23.00 of VAT that is not deducted
    ]
    assert [(row.ryczalt_rate, row.amount) for row in BookEntry.objects.of_client(ryczalt)] == [
        (Decimal("8.5"), Decimal("100.00"))
    ]
    assert not JournalEntry.objects.of_client(kpir).exists()


@pytest.mark.django_db
def test_a_closed_month_refuses_decisions_and_offers_the_next_one(
    client_firm: Client, anna: Operator
) -> None:
    decided, waiting = (purchase(client_firm, number=f"F/{n}", rows=[FUEL]) for n in (1, 2))
    approve(decided, operator=anna)
    assert readiness(client_firm, NOVEMBER).waiting == 1
    close_period(client_firm, date(2026, 11, 21), operator=anna)

    with pytest.raises(InvalidDekret, match=r"11\.2026 jest zamknięty. Wybierz 12\.2026") as found:
        approve(waiting, operator=anna, period=NOVEMBER)
    assert [(one.code, one.field) for one in found.value.findings] == [
        ("posting.period_closed", "period")
    ]
    with pytest.raises(PeriodClosed, match=r"Wybierz 12\.2026"):
        undo(decided, operator=anna)
    (moved,) = approve_many([waiting], operator=anna).approved
    assert moved.period == DECEMBER
    assert moved.period_reason == "Okres 11.2026 jest zamknięty, więc 12.2026, najbliższy otwarty."


@pytest.mark.django_db
def test_a_sale_of_a_closed_month_goes_to_the_next_open_one_and_says_why(
    client_firm: Client, anna: Operator
) -> None:
    close_period(client_firm, NOVEMBER, operator=anna)
    sold = approve(sale(client_firm, rows=[FUEL]), operator=anna)
    assert (sold.period, sold.period_reason) == (
        DECEMBER,
        "Okres 11.2026 jest zamknięty, więc 12.2026, najbliższy otwarty.",
    )
    assert undo(sold, operator=anna).period_reason == ""


@pytest.mark.django_db
def test_only_who_may_change_what_was_approved_opens_a_closed_month(
    client_firm: Client, anna: Operator
) -> None:
    ewa = OperatorFactory(owner=True)
    close_period(client_firm, NOVEMBER, operator=anna)
    with pytest.raises(PeriodWaits, match="już zamknięty"):
        close_period(client_firm, NOVEMBER, operator=ewa)
    with pytest.raises(NotToReopen):
        reopen_period(client_firm, NOVEMBER, operator=anna)
    reopen_period(client_firm, NOVEMBER, operator=ewa)
    with pytest.raises(PeriodWaits, match="nie jest zamknięty"):
        reopen_period(client_firm, NOVEMBER, operator=ewa)
    approve(purchase(client_firm, rows=[FUEL]), operator=anna)
    trail = Event.objects.of_client(client_firm).filter(thing="posting.period")
    assert [event.kind for event in trail] == ["close", "reopen"]


@pytest.mark.django_db
def test_a_stranger_closes_nothing(client_firm: Client) -> None:
    stranger = OperatorFactory(serving=[ClientFactory()])
    with pytest.raises(Client.DoesNotExist):
        close_period(client_firm, NOVEMBER, operator=stranger)


@pytest.mark.django_db
def test_a_cost_centre_is_refused_outside_its_days(client_firm: Client, anna: Operator) -> None:
    Dimension.objects.create(
        client=client_firm, kind="mpk", code="B1", name="Budowa", valid_to=date(2026, 10, 31)
    )
    dekret = purchase(client_firm, rows=[FUEL])
    with pytest.raises(InvalidDekret, match=r"„B1” nie jest ważny dnia 03\.11\.2026"):
        approve(dekret, [line(dekret, cost_centre="B1")], operator=anna)


@pytest.mark.django_db(transaction=True)
def test_approvals_at_once_number_the_journal_without_gaps() -> None:
    client = ClientFactory()
    operators = [OperatorFactory(serving=[client]) for _ in range(3)]
    for lot in range(3):
        dekrets = [purchase(client, number=f"F/{lot}/{place}", rows=[FUEL]) for place in range(3)]
        at_once(
            *(
                partial(approve, dekret, operator=who)
                for dekret, who in zip(dekrets, operators, strict=True)
            )
        )
    assert numbers(client) == list(range(1, 10))


@pytest.mark.django_db(transaction=True)
def test_closing_and_approving_at_once_never_leaves_a_voucher_in_a_closed_month() -> None:
    for _ in range(5):
        client = ClientFactory()
        who = OperatorFactory(serving=[client])
        dekret = purchase(client, rows=[FUEL])
        close, decided = at_once(
            partial(close_period, client, NOVEMBER, operator=who),
            partial(approve, dekret, operator=who),
        )
        assert not isinstance(close, Exception)
        refused = isinstance(decided, InvalidDekret | PeriodClosed)
        assert Voucher.objects.of_client(client).exists() is not refused
        state = Dekret.objects.of_client(client).get(pk=dekret.pk).state
        assert state == ("to_approve" if refused else "approved")
