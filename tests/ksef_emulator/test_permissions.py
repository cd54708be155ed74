"""Permissions: grants of every kind, what follows from them, lists, revocations."""

import pytest

from tests.ksef_emulator.certificates import nameless, person, seal
from tests.ksef_emulator.invoices import nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.signing import auth_request, sign

PERSON = {
    "subjectDetailsType": "PersonByIdentifier",
    "personById": {"firstName": "Anna", "lastName": "Próbna"},
}
ENTITY = {
    "subjectDetailsType": "EntityByFingerprint",
    "entityByFp": {"fullName": "Probe GmbH", "address": "Berlin"},
}


def granted(user, path, body):
    """Grant and tell the operation's status code."""
    answer = user.post(f"/permissions/{path}", {"description": "Próbne nadanie", **body})
    assert answer.status_code == 202, answer.text
    reference = answer.json()["referenceNumber"]
    return user.get(f"/permissions/operations/{reference}").json()["status"]["code"]


def to_person(kind, value, *permissions, **more):
    return {
        "subjectIdentifier": {"type": kind, "value": value},
        "permissions": list(permissions),
        "subjectDetails": PERSON,
        **more,
    }


def to_office(value, *, delegate):
    return {
        "subjectIdentifier": {"type": "Nip", "value": value},
        "permissions": [{"type": "InvoiceRead", "canDelegate": delegate}],
        "subjectDetails": {"fullName": "Biuro próbne"},
    }


def outcome(user, value, identity, **request):
    xml = auth_request(user.challenge()["challenge"], value, **request)
    return user.outcome(user.submit_signed(sign(xml, identity)).json())["code"]


def test_a_person_works_until_the_permission_is_taken_back(user):
    firm, pesel = nip(5000), "85050512345"
    user.log_in(firm)
    assert granted(user, "persons/grants", to_person("Pesel", pesel, "InvoiceRead")) == 200
    listed = user.post(
        "/permissions/query/persons/grants", {"queryType": "PermissionsInCurrentContext"}
    ).json()["permissions"]
    assert [entry["permissionScope"] for entry in listed] == ["InvoiceRead"]
    assert listed[0]["subjectPersonDetails"]["firstName"] == "Anna"
    worker = KsefUser(user.emulator).log_in(firm, person(f"PNOPL-{pesel}"))
    own = worker.post("/permissions/query/personal/grants").json()["permissions"]
    assert [entry["id"] for entry in own] == [listed[0]["id"]]
    answer = user.call("DELETE", f"/permissions/common/grants/{listed[0]['id']}")
    assert answer.status_code == 202
    assert outcome(worker, firm, person(f"PNOPL-{pesel}")) == 415
    worker.close()


def test_an_offices_employee_works_for_the_client_who_let_the_office_delegate(user):
    client, other, office = nip(5010), nip(5011), nip(5012)
    employee, at_all = "85050512346", "85050512347"
    selective = {"targetIdentifier": {"type": "Nip", "value": client}}
    user.log_in(office)
    body = to_person("Pesel", employee, "InvoiceRead", **selective)
    assert granted(user, "indirect/grants", body) == 430, "nobody trusted the office yet"
    user.log_in(client)
    assert granted(user, "entities/grants", to_office(office, delegate=True)) == 200
    user.log_in(other)
    assert granted(user, "entities/grants", to_office(office, delegate=False)) == 200
    user.log_in(office)
    assert granted(user, "indirect/grants", body) == 200
    everywhere = {"targetIdentifier": {"type": "AllPartners"}}
    body = to_person("Pesel", at_all, "InvoiceRead", **everywhere)
    assert granted(user, "indirect/grants", body) == 200
    assert outcome(user, client, person(f"PNOPL-{employee}")) == 200
    assert outcome(user, client, person(f"PNOPL-{at_all}")) == 200
    assert outcome(user, other, person(f"PNOPL-{at_all}")) == 415, "not delegated"
    assert outcome(user, other, seal(office)) == 200
    received = user.post("/permissions/query/entities/grants").json()["permissions"]
    contexts = {entry["contextIdentifier"]["value"] for entry in received}
    assert contexts == {client, other}
    given = user.post(
        "/permissions/query/persons/grants", {"queryType": "PermissionsGrantedInCurrentContext"}
    ).json()["permissions"]
    assert {entry["targetIdentifier"]["type"] for entry in given} == {"Nip", "AllPartners"}


def test_authorizations_are_listed_on_both_sides_and_taken_back(user):
    seller, buyer = nip(5020), nip(5021)
    user.log_in(seller)
    body = {
        "subjectIdentifier": {"type": "Nip", "value": buyer},
        "permission": "SelfInvoicing",
        "subjectDetails": {"fullName": "Nabywca próbny"},
    }
    assert granted(user, "authorizations/grants", body) == 200
    path = "/permissions/query/authorizations/grants"
    given = user.post(path, {"queryType": "Granted"}).json()["authorizationGrants"]
    user.log_in(buyer)
    received = user.post(path, {"queryType": "Received"}).json()["authorizationGrants"]
    assert given == received
    assert received[0]["authorizationScope"] == "SelfInvoicing"
    user.log_in(seller)
    url = f"/permissions/authorizations/grants/{given[0]['id']}"
    assert user.call("DELETE", url).status_code == 202
    assert user.post(path, {"queryType": "Granted"}).json()["authorizationGrants"] == []


def test_a_unit_gets_an_administrator_who_grants_further(user):
    firm, admin = nip(5030), "85050512348"
    unit = internal_id(firm, "0001")
    user.log_in(firm)
    body = {
        "subjectIdentifier": {"type": "Pesel", "value": admin},
        "contextIdentifier": {"type": "InternalId", "value": unit},
        "subunitName": "Oddział próbny",
        "subjectDetails": PERSON,
    }
    assert granted(user, "subunits/grants", body) == 200
    wrong = {**body, "contextIdentifier": {"type": "InternalId", "value": unit[:-1] + "x"}}
    wrong["contextIdentifier"]["value"] = unit[:-1] + str((int(unit[-1]) + 1) % 10)
    assert granted(user, "subunits/grants", wrong) == 410
    listed = user.post("/permissions/query/subunits/grants").json()["permissions"]
    assert listed[0]["subunitName"] == "Oddział próbny"
    user.log_in(unit, person(f"PNOPL-{admin}"), context="InternalId")
    clerk = "85050512349"
    assert granted(user, "persons/grants", to_person("Pesel", clerk, "InvoiceWrite")) == 200
    assert outcome(user, unit, person(f"PNOPL-{clerk}"), context="InternalId") == 200


def internal_id(firm, digits):
    """An internal identifier with its check digit (weights 1 and 3 by turns)."""
    text = firm + digits
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(text))
    return f"{firm}-{digits}{total % 10}"


def test_an_eu_entity_gets_an_administrator_and_a_representative(user):
    firm = nip(5040)
    composite = f"{firm}-DE123456789"
    admin, helper = nameless(), nameless()
    user.log_in(firm)
    body = {
        "subjectIdentifier": {"type": "Fingerprint", "value": admin.fingerprint},
        "contextIdentifier": {"type": "NipVatUe", "value": composite},
        "euEntityName": "Probe GmbH, Berlin",
        "subjectDetails": ENTITY,
        "euEntityDetails": {"fullName": "Probe GmbH", "address": "Berlin"},
    }
    assert granted(user, "eu-entities/administration/grants", body) == 200
    user.log_in(composite, admin, context="NipVatUe", by="certificateFingerprint")
    body = {
        "subjectIdentifier": {"type": "Fingerprint", "value": helper.fingerprint},
        "permissions": ["InvoiceRead"],
        "subjectDetails": ENTITY,
    }
    assert granted(user, "eu-entities/grants", body) == 200
    listed = user.post("/permissions/query/eu-entities/grants").json()["permissions"]
    assert len(listed) == 5
    by_fingerprint = {"context": "NipVatUe", "by": "certificateFingerprint"}
    assert outcome(user, composite, helper, **by_fingerprint) == 200


def test_roles_of_a_vat_group_and_its_member(user):
    group, member = nip(5050), nip(5051)
    body = {
        "subjectNip": group,
        "subjectType": "VatGroup",
        "description": "Grupa VAT",
        "subunits": [{"subjectNip": member, "description": "Członek grupy"}],
    }
    assert user.post("/testdata/subject", body).status_code == 200
    user.log_in(group)
    roles = user.get("/permissions/query/entities/roles").json()["roles"]
    assert [entry["role"] for entry in roles] == ["VatGroupUnit"]
    below = user.post("/permissions/query/subordinate-entities/roles").json()["roles"]
    assert below[0]["subordinateEntityIdentifier"]["value"] == member
    user.log_in(member)
    roles = user.get("/permissions/query/entities/roles").json()["roles"]
    assert roles[0]["parentEntityIdentifier"]["value"] == group


def test_only_bailiffs_let_others_enforce(user):
    firm, bailiff = nip(5060), nip(5061)
    grant = to_person("Pesel", "85050512350", "EnforcementOperations")
    user.log_in(firm)
    assert granted(user, "persons/grants", grant) == 430
    body = {
        "nip": bailiff,
        "pesel": "85050512351",
        "isBailiff": True,
        "description": "Komornik próbny",
    }
    assert user.post("/testdata/person", body).status_code == 200
    user.log_in(bailiff)
    assert granted(user, "persons/grants", grant) == 200


def test_details_must_be_those_that_are_announced(user):
    user.log_in(nip(5070))
    body = to_person("Pesel", "85050512352", "InvoiceRead")
    body["subjectDetails"] = {"subjectDetailsType": "PersonByFingerprintWithIdentifier"}
    answer = user.post("/permissions/persons/grants", {**body, "description": "Próba"})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["common", "authorizations"])
def test_nobody_takes_back_what_another_firm_granted(user, kind):
    owner, thief = nip(5080), nip(5081)
    user.log_in(owner)
    granted(user, "persons/grants", to_person("Pesel", "85050512353", "InvoiceRead"))
    query = {"queryType": "PermissionsInCurrentContext"}
    listed = user.post("/permissions/query/persons/grants", query).json()["permissions"]
    user.log_in(thief)
    answer = user.call("DELETE", f"/permissions/{kind}/grants/{listed[0]['id']}").json()
    path = f"/permissions/operations/{answer['referenceNumber']}"
    assert user.get(path).json()["status"]["code"] in {400, 420}
    user.log_in(owner)
    again = user.post("/permissions/query/persons/grants", query).json()["permissions"]
    assert listed == again
