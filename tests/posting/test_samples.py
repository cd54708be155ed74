"""Documents that others wrote go the whole way: stored, proposed, approved, posted."""

from decimal import Decimal
from pathlib import Path

import pytest

from obieg.inbox.models import Direction
from obieg.office.models import Client, Operator
from obieg.posting.decisions import LineInput, approve
from obieg.posting.entries import balance, entries
from obieg.posting.models import DekretLine, Profile
from tests.posting.factories import store_xml
from tests.posting.typing_in import proposed
from tests.reference import needs_reference, samples

pytestmark = [pytest.mark.django_db, needs_reference]


@pytest.mark.parametrize("path", samples("fa3", "fa2"), ids=lambda path: path.name)
@pytest.mark.parametrize("direction", [Direction.PURCHASE, Direction.SALE])
def test_a_sample_can_be_approved_as_soon_as_it_has_accounts(
    path: Path, direction: str, client_firm: Client, anna: Operator
) -> None:
    (dekret,) = store_xml(client_firm, path.read_bytes(), direction=direction)
    account = "402-12" if direction == Direction.PURCHASE else "702"
    lines = [
        LineInput.from_dict(
            {**LineInput.of(line).to_dict(), "account": account, "vat_register": "ZAKUP"}
        )
        for line in proposed(dekret)
    ]
    rate = dekret.exchange_rate or Decimal("4.25")
    approved = approve(dekret, lines, operator=anna, exchange_rate=rate)
    stored = list(DekretLine.objects.of_client(client_firm).filter(dekret=dekret))
    found = entries(approved, stored, Profile.objects.of_client(client_firm).get())
    assert balance(found) == 0
    rounding = sum(abs(entry.amount) for entry in found if entry.account in ("760", "761"))
    assert rounding <= Decimal("0.05") * rate * (len(stored) + 1)
