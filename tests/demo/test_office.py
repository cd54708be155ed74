"""The office's people and its certificate."""

from collections import Counter

import pytest
from cryptography import x509

from obieg.demo.certificate import make_certificate
from obieg.demo.logins import LOGINS
from obieg.demo.staff import deal, hire
from obieg.ksef.signature import subject_identifier

pytestmark = pytest.mark.django_db


def test_everybody_can_log_in_with_the_printed_password() -> None:
    staff = hire()
    for person in LOGINS:
        assert staff[person.login].check_password(person.password)


def test_hiring_twice_hires_once() -> None:
    assert {it.pk for it in hire().values()} == {it.pk for it in hire().values()}


def test_each_accountant_gets_as_many_clients_as_announced() -> None:
    served = Counter(person.login for _, person in deal(range(150)))
    assert served == {person.login: person.clients for person in LOGINS if person.clients}


def test_with_few_clients_everybody_gets_a_share() -> None:
    served = Counter(person.login for _, person in deal(range(6)))
    assert sorted(served.values()) == [1, 1, 2, 2]


def test_the_certificate_is_known_by_its_nip() -> None:
    certificate, key = make_certificate("9991310685", "Biuro „Łąka”")
    assert subject_identifier(x509.load_pem_x509_certificate(certificate)) == "certificateSubject"
    assert b"PRIVATE KEY" in key
