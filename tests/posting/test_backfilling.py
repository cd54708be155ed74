"""Dekrets older than the journal are entered into the books once, in their own month."""

from datetime import date
from decimal import Decimal
from io import StringIO
from unittest.mock import patch

import pytest
from django.core.management import call_command

from obieg.office.models import Client, Operator
from obieg.posting import journal
from obieg.posting.backfilling import enter_missing
from obieg.posting.closing import close_period
from obieg.posting.decisions import approve, undo
from obieg.posting.models import Dekret, RegisterEntry, Voucher
from obieg.posting.registers import control
from tests.posting.factories import purchase
from tests.posting.papers import Row

FUEL = Row("Olej napędowy", Decimal("200.00"))
NOVEMBER = date(2026, 11, 1)


def approved_long_ago(client: Client, operator: Operator, number: str) -> Dekret:
    """An approval as it was before there was a journal."""
    with patch.object(journal, "post"):
        return approve(purchase(client, number=number, rows=[FUEL]), operator=operator)


@pytest.mark.django_db
def test_what_was_approved_before_the_journal_is_entered_once(
    client_firm: Client, anna: Operator
) -> None:
    approved_long_ago(client_firm, anna, "S/1")
    approve(purchase(client_firm, number="S/2", rows=[FUEL]), operator=anna)
    taken_back = approved_long_ago(client_firm, anna, "S/3")
    undo(taken_back, operator=anna)
    assert not control(client_firm, NOVEMBER).agrees

    told = []
    assert enter_missing(client_firm, lambda done, count: told.append((done, count))) == 1
    assert told == [(1, 1)]
    assert control(client_firm, NOVEMBER).agrees
    assert list(Voucher.objects.of_client(client_firm).values_list("number", "made_by")) == [
        (1, anna.pk),
        (2, anna.pk),
    ]
    assert enter_missing(client_firm) == 0


@pytest.mark.django_db
def test_a_month_closed_since_gets_its_old_vouchers_all_the_same(
    client_firm: Client, anna: Operator
) -> None:
    dekret = approved_long_ago(client_firm, anna, "S/1")
    close_period(client_firm, NOVEMBER, operator=anna)
    output = StringIO()
    call_command("journal", stdout=output)
    assert f"{client_firm.name}: 1 z 1" in output.getvalue()
    (row,) = RegisterEntry.objects.of_client(client_firm)
    assert row.voucher.period == dekret.period == NOVEMBER
