"""A person is found wherever his data are, at the clients of who asks and nowhere else."""

import pytest
from django.test import Client as Visitor
from django.urls import reverse

from obieg.mail.models import Letter
from obieg.office.models import Client, Event, Operator
from obieg.retention.persons import found, rows
from obieg.sales.models import Contractor
from tests.posting.factories import ClientFactory, OperatorFactory, purchase

pytestmark = pytest.mark.django_db


def counts(words: str, operator: Operator) -> dict[str, int]:
    return {row.what: row.count for row in found(words, operator=operator)}


@pytest.fixture
def jan(bor: Client) -> Contractor:
    Letter.objects.create(
        client=bor, occasion="1", recipients=["jan@example.pl"], subject="Faktura", text="Dla Jana"
    )
    return Contractor.objects.create(
        client=bor,
        name="Jan Żółw",
        search="jan żółw 90010112345",
        email="jan@example.pl",
        content={"name": "Jan Żółw", "id_number": "90010112345", "phone": "600700800"},
    )


@pytest.mark.parametrize("words", ["Jan Żółw", "żółw jan", "90010112345", "600700800"])
def test_a_contractor_is_found_by_name_number_and_telephone(
    words: str, jan: Contractor, ewa: Operator
) -> None:
    assert counts(words, ewa)["kontrahenci"] == 1


def test_an_e_mail_finds_letters_too(jan: Contractor, ewa: Operator) -> None:
    assert counts("jan@example.pl", ewa) == {"kontrahenci": 1, "listy": 1}


def test_a_seller_is_found_by_name_and_by_nip_as_people_write_it(
    bor: Client, ewa: Operator
) -> None:
    assert counts("anna malinowska", ewa) == {"faktury": 1}
    dashed = f"PL {bor.nip[:3]}-{bor.nip[3:6]}-{bor.nip[6:8]}-{bor.nip[8:]}"
    assert counts(dashed, ewa)["faktury"] == 3


def test_other_people_s_clients_are_not_searched(bor: Client) -> None:
    foreign = OperatorFactory(role="owner", serving=[ClientFactory()])
    assert counts("malinowska", foreign) == {}
    assert list(rows("malinowska", operator=foreign)) == []


def test_the_file_has_the_rows_and_the_trail_not_the_name(bor: Client, ewa: Operator) -> None:
    purchase(bor, number="=1+1", seller_name="Anna Malinowska Usługi")
    visitor = Visitor()
    visitor.force_login(ewa)
    page = visitor.post(reverse("retention-person"), {"words": "Malinowska"})
    assert "faktury" in page.content.decode()
    sheet = visitor.post(reverse("retention-person-sheet"), {"words": "Malinowska"})
    text = b"".join(sheet.streaming_content).decode("utf-8-sig")
    assert text.count("Anna Malinowska Usługi") == 2
    assert "ZAKUP/2" in text
    entries = Event.objects.across_clients().filter(thing="retention.person").order_by("pk")
    assert [(one.kind, one.after) for one in entries] == [
        ("search", {"found": 2}),
        ("export", {"found": 2}),
    ]


def test_two_signs_are_too_few(ewa: Operator) -> None:
    visitor = Visitor()
    visitor.force_login(ewa)
    assert visitor.post(reverse("retention-person"), {"words": "Ja"}).status_code == 422
