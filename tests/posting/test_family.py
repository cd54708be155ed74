"""One document at a head and at its branch: told at the later one, posted at one of them."""

from decimal import Decimal
from functools import partial

import pytest

from obieg.inbox.models import Direction, Invoice
from obieg.inbox.signals import invoices_stored
from obieg.office.models import Client
from obieg.posting import attention
from obieg.posting.charts import apply_template
from obieg.posting.decisions import approve, approve_many, undo
from obieg.posting.errors import PostedElsewhere
from obieg.posting.heeding import heed
from obieg.posting.models import Dekret
from obieg.posting.queue import QueueFilters, above
from tests.office.units import a_branch
from tests.posting.factories import RECEIVED, ClientFactory, OperatorFactory, arrival_of
from tests.posting.papers import Paper, Row
from tests.posting.together import at_once

FUEL = Row("Olej napędowy", Decimal("200.00"))


def stored(client: Client, ksef_number: str, direction: str = Direction.PURCHASE) -> Dekret:
    """The same document of KSeF, received by `client`."""
    head = client.taxpayer
    paper = Paper(rows=[FUEL], buyer=head.nip, buyer_name=head.name)
    arrival = arrival_of(client, paper.xml(), direction)
    Invoice.objects.of_client(client).filter(pk=arrival.invoice_id).update(ksef_number=ksef_number)
    invoices_stored.send(sender=None, client=client, arrivals=[arrival], received_at=RECEIVED)
    return (
        Dekret.objects.of_client(client).select_related("invoice").get(invoice=arrival.invoice_id)
    )


@pytest.fixture
def firm(db: None) -> tuple[Client, Client]:
    head = ClientFactory()
    branch = a_branch(head)
    apply_template(branch)
    return head, branch


@pytest.mark.parametrize("first", ["head", "branch"])
def test_the_later_of_the_two_is_warned_of_and_kept_out_of_bulk_approval(
    firm: tuple[Client, Client], first: str
) -> None:
    places = firm if first == "head" else firm[::-1]
    earlier, later = (stored(place, "9990000018-20261120-0000000000AA-00") for place in places)
    ewa = OperatorFactory(owner=True)
    assert attention.RELATIVE not in earlier.warnings
    assert attention.RELATIVE in later.warnings
    assert above(ewa, QueueFilters(), 0) == [earlier.pk]


def test_what_one_has_posted_the_other_cannot(firm: tuple[Client, Client]) -> None:
    head, branch = (stored(place, "9990000018-20261120-0000000000AB-00") for place in firm)
    ewa = OperatorFactory(owner=True)
    approve(head, operator=ewa)
    heed(branch, attention.RELATIVE, operator=ewa)  # looking does not make it two documents
    with pytest.raises(PostedElsewhere, match="u centrali"):
        approve(branch, operator=ewa)
    undo(head, operator=ewa)
    approve(branch, operator=ewa)
    with pytest.raises(PostedElsewhere, match="w oddziale"):
        approve(head, operator=ewa)


def test_an_approval_in_bulk_takes_one_of_the_two(firm: tuple[Client, Client]) -> None:
    both = [stored(place, "9990000018-20261120-0000000000AC-00") for place in firm]
    outcome = approve_many(both, operator=OperatorFactory(owner=True))
    assert len(outcome.approved) == 1
    ((refused, why),) = outcome.refused
    assert refused in both
    assert "ten sam dokument w KSeF" in why


def test_two_sides_of_a_sale_to_the_own_branch_are_two_postings(
    firm: tuple[Client, Client],
) -> None:
    sold = stored(firm[0], "9990000018-20261120-0000000000AD-00", Direction.SALE)
    bought = stored(firm[1], "9990000018-20261120-0000000000AD-00")
    assert attention.RELATIVE not in bought.warnings
    outcome = approve_many([sold, bought], operator=OperatorFactory(owner=True))
    assert [str(why) for _, why in outcome.refused if "ten sam dokument" in why] == []


def test_clients_that_are_not_related_share_numbers_freely(db: None) -> None:
    one, other = ClientFactory(), ClientFactory()
    stored(one, "9990000018-20261120-0000000000AE-00")
    second = stored(other, "9990000018-20261120-0000000000AE-00")
    assert attention.RELATIVE not in second.warnings


@pytest.mark.django_db(transaction=True)
def test_a_head_and_a_branch_that_approve_at_once_post_it_once() -> None:
    head = ClientFactory()
    branch = a_branch(head)
    apply_template(branch)
    ewa, anna = OperatorFactory(owner=True), OperatorFactory(owner=True)
    for place in range(5):
        both = [
            stored(one, f"9990000018-20261120-00000000{place:04X}-00") for one in (head, branch)
        ]
        results = at_once(
            partial(approve, both[0], operator=ewa), partial(approve, both[1], operator=anna)
        )
        assert sorted(isinstance(result, PostedElsewhere) for result in results) == [False, True]
