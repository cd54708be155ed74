"""The client and the buyer are told, once, where they wish it."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.mail.models import Attachment, Letter
from obieg.sales.models import Sale
from obieg.sales.notices import TELL, write_letters
from obieg.sales.signals import sales_accepted, sales_rejected
from obieg.sales.states import SaleState
from tests.sales.factories import a_contractor, a_profile, a_sale

pytestmark = pytest.mark.django_db


def letters() -> list[Letter]:
    return list(Letter.objects.across_clients().order_by("pk"))


def an_accepted(**wishes: object) -> Sale:
    sale = a_sale(SaleState.ACCEPTED)
    a_profile(sale.client, email="biuro@lan.example", **wishes)
    return sale


def test_the_client_gets_the_invoice_with_its_pdf() -> None:
    sale = an_accepted(notify_client=True)
    write_letters(sale.pk)
    (letter,) = letters()
    assert letter.recipients == ["biuro@lan.example"]
    assert sale.ksef_number in letter.text
    attached = Attachment.objects.across_clients().get(letter=letter)
    assert bytes(attached.content).startswith(b"%PDF")
    assert "/" not in attached.name


def test_the_buyer_gets_it_where_that_is_wished() -> None:
    sale = an_accepted(notify_buyer=True)
    contractor = a_contractor(sale.client)
    contractor.email = "faktury@bor.example"
    contractor.save()
    Sale.objects.of_client(sale.client).filter(pk=sale.pk).update(contractor=contractor)
    write_letters(sale.pk)
    assert [letter.recipients for letter in letters()] == [["faktury@bor.example"]]


def test_nobody_is_told_who_did_not_wish_it() -> None:
    sale = an_accepted()
    write_letters(sale.pk)
    assert letters() == []


def test_a_repeated_job_writes_no_second_letter() -> None:
    sale = an_accepted(notify_client=True)
    write_letters(sale.pk)
    write_letters(sale.pk)
    assert len(letters()) == 1


def test_a_rejection_is_told_with_ksefs_own_words() -> None:
    sale = a_sale(SaleState.REJECTED)
    a_profile(sale.client, email="biuro@lan.example", notify_client=True)
    write_letters(sale.pk)
    (letter,) = letters()
    assert sale.ksef_text in letter.text
    assert "odrzucił" in letter.subject


@pytest.mark.parametrize("signal", [sales_accepted, sales_rejected])
def test_the_answer_of_ksef_queues_the_letters(signal: object) -> None:
    wished, other = an_accepted(notify_client=True), an_accepted()
    for sale in (wished, other):
        signal.send(sender=Sale, client=sale.client, sales=[sale])  # type: ignore[attr-defined]
    (job,) = ProcrastinateJob.objects.filter(task_name=TELL)
    assert job.args == {"sale_id": wished.pk}
