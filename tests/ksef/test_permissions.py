"""Permissions over HTTP: what is granted is listed, and what is taken back is gone."""

from datetime import UTC, datetime

import pytest

from ksef_emulator.testing import Emulator
from obieg.ksef.errors import AccessDenied
from obieg.ksef.granted import Granted, Identifier
from obieg.ksef.permissions import OperationStatus, Permissions
from tests.ksef.office import CLIENT, certificate_secret, gateway_of
from tests.ksef_emulator.certificates import seal
from tests.ksef_emulator.ksef_user import KsefUser

OFFICE, CUSTOMER = "9990000041", "9990000064"
ANNA = Identifier("Pesel", "85050512345")


def done(permissions: Permissions, reference: str) -> OperationStatus:
    status = permissions.operation(reference)
    assert status.is_done, status
    return status


def to_anna(permissions: Permissions, *scopes: str) -> str:
    return permissions.grant_to_person(
        ANNA, scopes, first_name="Anna", last_name="Próbna", description="Księgowa"
    )


def to_office(permissions: Permissions, *scopes: str, can_delegate: bool = False) -> str:
    return permissions.grant_to_firm(
        OFFICE, scopes, name="Biuro próbne", description="Obsługa faktur",
        can_delegate=can_delegate,
    )  # fmt: skip


def said(found: list[Granted]) -> set[tuple[str, str, str]]:
    return {(one.holder.value, one.holder_name, one.scope) for one in found}


def test_what_is_granted_to_persons_and_firms_is_listed_with_its_author(
    emulator: Emulator,
) -> None:
    with gateway_of(emulator) as gateway:
        permissions = gateway.permissions
        done(permissions, to_anna(permissions, "InvoiceRead", "CredentialsRead"))
        done(permissions, to_office(permissions, "InvoiceRead", can_delegate=True))
        found = permissions.of_persons()
        assert said(found) == {
            (ANNA.value, "Anna Próbna", "InvoiceRead"),
            (ANNA.value, "Anna Próbna", "CredentialsRead"),
            (OFFICE, "Biuro próbne", "InvoiceRead"),
        }
        firm = next(one for one in found if one.is_firm)
        assert firm.can_delegate
        assert firm.is_active
        assert firm.author == Identifier("Nip", CLIENT)
        assert firm.description == "Obsługa faktur"
        assert abs((datetime.now(UTC) - firm.since).total_seconds()) < 60
        assert said(permissions.of_persons(ANNA)) == {
            one for one in said(found) if one[1][0] == "A"
        }


def test_every_page_is_read(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("obieg.ksef.permissions.PAGE_SIZE", 10)
    with gateway_of(emulator) as gateway:
        for place in range(23):
            holder = Identifier("Pesel", f"850505123{place:02}")
            gateway.permissions.grant_to_person(
                holder,
                ["InvoiceRead"],
                first_name="Jan",
                last_name="Próbny",
                description="Księgowy",
            )
        assert len(gateway.permissions.of_persons()) == 23


def test_an_authorization_is_listed_and_taken_back_apart(emulator: Emulator) -> None:
    with gateway_of(emulator) as gateway:
        permissions = gateway.permissions
        reference = permissions.authorize(
            CUSTOMER, "SelfInvoicing", name="Nabywca", description="Samofakturowanie"
        )
        done(permissions, reference)
        [found] = permissions.authorizations()
        assert (found.holder.value, found.scope) == (CUSTOMER, "SelfInvoicing")
        done(permissions, permissions.revoke_authorization(found.id))
        assert permissions.authorizations() == []


def test_a_unit_has_its_administrator_and_an_eu_entity_its_own(emulator: Emulator) -> None:
    user = KsefUser(emulator)
    user.log_in(CLIENT)
    details = {
        "subjectDetailsType": "PersonByIdentifier",
        "personById": {"firstName": "Ewa", "lastName": "Próbna"},
    }
    answer = user.post(
        "/permissions/subunits/grants",
        {
            "subjectIdentifier": {"type": "Pesel", "value": ANNA.value},
            "contextIdentifier": {"type": "InternalId", "value": unit(CLIENT)},
            "subunitName": "Oddział w Pile",
            "description": "Oddział",
            "subjectDetails": details,
        },
    )
    assert answer.status_code == 202, answer.text
    firm = {"fullName": "Probe GmbH", "address": "Berlin"}
    answer = user.post(
        "/permissions/eu-entities/administration/grants",
        {
            "subjectIdentifier": {"type": "Fingerprint", "value": "A" * 64},
            "contextIdentifier": {"type": "NipVatUe", "value": f"{CLIENT}-DE123456789"},
            "description": "Samofakturowanie",
            "euEntityName": "Probe GmbH, Berlin",
            "subjectDetails": {"subjectDetailsType": "EntityByFingerprint", "entityByFp": firm},
            "euEntityDetails": firm,
        },
    )
    assert answer.status_code == 202, answer.text
    user.close()
    with gateway_of(emulator) as gateway:
        [one] = gateway.permissions.of_subunits()
        assert (one.place.value, one.place_name) == (unit(CLIENT), "Oddział w Pile")
        assert (one.holder, one.scope) == (ANNA, "CredentialsManage")
        european = gateway.permissions.of_eu_entities()
        assert {one.scope for one in european} >= {"VatUeManage", "InvoiceRead"}
        assert european[0].holder_name == "Probe GmbH"
        assert european[0].place.value.endswith("DE123456789")


def test_who_was_granted_reading_sees_only_himself(emulator: Emulator) -> None:
    with gateway_of(emulator) as gateway:
        done(gateway.permissions, to_office(gateway.permissions, "InvoiceRead", can_delegate=True))
    with gateway_of(emulator, secret=certificate_secret(seal(OFFICE))) as gateway:
        [own], owned = gateway.permissions.own()
        assert (own.scope, own.can_delegate, owned) == ("InvoiceRead", True, frozenset())
        assert gateway.permissions.held() == {"InvoiceRead"}
        with pytest.raises(AccessDenied):
            gateway.permissions.of_persons()
        with pytest.raises(AccessDenied):
            to_anna(gateway.permissions, "InvoiceRead")


def test_what_is_taken_back_is_gone_and_cannot_be_taken_twice(emulator: Emulator) -> None:
    with gateway_of(emulator) as gateway:
        permissions = gateway.permissions
        done(permissions, to_anna(permissions, "InvoiceRead"))
        [found] = permissions.of_persons()
        done(permissions, permissions.revoke(found.id))
        assert permissions.of_persons() == []
        status = permissions.operation(permissions.revoke(found.id))
        assert status.is_refused
        assert status.code == 400
    with gateway_of(emulator, secret=certificate_secret(seal(CLIENT))) as gateway:
        assert "CredentialsManage" in gateway.permissions.held(), "an owner's are not to be taken"


def unit(nip: str) -> str:
    """An internal identifier with its check digit (KSeF API 2.9, /permissions/subunits/grants)."""
    body = f"{nip}0001"
    total = sum(int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(body))
    return f"{nip}-0001{total % 10}"
