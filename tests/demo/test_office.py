"""The office's people and its certificate."""

from collections import Counter

import pytest
from cryptography import x509

from obieg.demo.certificate import make_certificate
from obieg.demo.logins import LOGINS
from obieg.demo.staff import assign, hire
from obieg.ksef.signature import subject_identifier
from obieg.office.models import Assignment, Client

pytestmark = pytest.mark.django_db


def clients(count: int) -> list[Client]:
    return [
        Client.objects.create(nip=f"{9_990_000_000 + number}", name=f"Firma {number}")
        for number in range(count)
    ]


def test_everybody_can_log_in_with_the_printed_password() -> None:
    for operator, person in zip(hire(), LOGINS, strict=True):
        assert operator.check_password(person.password)


def test_hiring_twice_hires_once() -> None:
    assert [operator.pk for operator in hire()] == [operator.pk for operator in hire()]


def test_each_accountant_gets_as_many_clients_as_announced() -> None:
    assign(hire(), clients(150))
    served = Counter(Assignment.objects.values_list("operator__login", flat=True))
    assert served == {person.login: person.clients for person in LOGINS if person.clients}


def test_with_few_clients_everybody_gets_a_share() -> None:
    assign(hire(), clients(6))
    served = Counter(Assignment.objects.values_list("operator__login", flat=True))
    assert sorted(served.values()) == [1, 1, 2, 2]


def test_the_certificate_is_known_by_its_nip() -> None:
    certificate, key = make_certificate("9991310685", "Biuro „Łąka”")
    assert subject_identifier(x509.load_pem_x509_certificate(certificate)) == "certificateSubject"
    assert b"PRIVATE KEY" in key
