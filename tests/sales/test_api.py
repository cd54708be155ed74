"""Another program makes, issues and follows invoices by the API, and sees no more than its key."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.test import Client as Visitor

from obieg.core.polish import today
from obieg.office.models import Client, Operator
from obieg.office.rights import OfficeRole
from obieg.sales.api.endpoints import api
from obieg.sales.models import ApiToken, Sale
from obieg.sales.states import SaleState
from obieg.sales.storage import xml_of
from tests.office.units import a_branch
from tests.sales.factories import a_client, a_content, a_sale, an_issuer
from tests.vault.firms import keep_offline
from tests.web import matrix

pytestmark = pytest.mark.django_db

ROOT = "/api/v1"


class Program:
    """A program that calls with a key."""

    def __init__(self, operator: Operator, client: Client | None = None) -> None:
        self.key, text = ApiToken.issue(operator, name="sklep", client=client)
        self.visitor = Visitor(headers={"Authorization": f"Bearer {text}"})

    def get(self, path: str) -> Any:
        return self.visitor.get(ROOT + path)

    def send(self, method: str, path: str, body: Any = None) -> Any:
        call = getattr(self.visitor, method)
        return call(ROOT + path, json.dumps(body or {}), content_type="application/json")


@pytest.fixture
def client() -> Client:
    return a_client()


@pytest.fixture
def program(client: Client) -> Program:
    return Program(an_issuer(client))


def test_a_branch_is_addressed_by_its_identifier() -> None:
    head = a_client()
    branch = a_branch(head)
    program = Program(an_issuer(branch))
    (listed,) = program.get("/clients").json()
    assert (listed["nip"], listed["internal_id"]) == (head.nip, branch.internal_id)
    made = program.send("post", f"/clients/{branch.internal_id}/sales", new())
    assert (made.status_code, made.json()["client"]) == (201, branch.internal_id)
    assert program.get(f"/clients/{head.nip}/sales").status_code == 404  # the head is not his


def new(**more: Any) -> dict[str, Any]:
    return {"content": a_content().model_dump(mode="json"), **more}


def test_a_draft_is_made_checked_issued_and_read_back(program: Program, client: Client) -> None:
    made = program.send("post", f"/clients/{client.nip}/sales", new())
    assert made.status_code == 201
    draft = made.json()
    assert (draft["state"], draft["number"]) == ("draft", "")
    path = f"/sales/{draft['id']}"
    findings = program.get(f"{path}/findings").json()
    codes = [one["code"] for one in findings]
    early = program.send("post", f"{path}/send")
    assert (early.status_code, early.json()["code"]) == (409, "sales.not_sendable")
    assert all(one["severity"] == "warning" for one in findings)

    issued = program.send("post", f"{path}/issue", {"confirmed": codes})
    assert issued.status_code == 200, issued.content
    assert issued.json()["state"] == "ready"
    assert issued.json()["number"]
    assert program.send("post", f"{path}/send").status_code == 202
    assert program.get(f"{path}/xml").content.startswith(b"<?xml")
    assert program.get(f"{path}/pdf").content.startswith(b"%PDF")
    assert program.get(f"{path}/upo").status_code == 404
    assert program.get(f"{path}/content").json()["buyer"]["nip"] == a_content().buyer.nip


def test_it_issues_without_ksef_and_tells_until_when_to_send(
    program: Program, client: Client
) -> None:
    draft = a_sale(SaleState.DRAFT, client=client)
    path = f"/sales/{draft.pk}"
    refused = program.send("post", f"{path}/issue", {"mode": "offline24"})
    assert (refused.status_code, refused.json()["code"]) == (409, "vault.no_offline_certificate")
    assert program.get(path).json()["state"] == "draft"

    keep_offline(client, environment=client.environment)
    issued = program.send("post", f"{path}/issue", {"mode": "offline24"}).json()
    assert (issued["state"], issued["offline_mode"]) == ("waiting", "offline24")
    told = program.get(path).json()["offline_deadline"]
    assert date.fromisoformat(told) > today()
    assert program.send("post", f"{path}/issue", {"mode": "kiedyś"}).status_code == 422


def test_a_repeated_call_with_the_same_key_makes_one_document(
    program: Program, client: Client
) -> None:
    path = f"/clients/{client.nip}/sales"
    first = program.send("post", path, new(external_id="zam-7"))
    second = program.send("post", path, new(external_id="zam-7"))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert Sale.objects.across_clients().count() == 1


def test_a_wrong_document_is_not_issued_and_leaves_nothing(
    program: Program, client: Client
) -> None:
    content = a_content().model_dump(mode="json")
    content["buyer"]["address"]["country"] = "ZZ"
    path = f"/clients/{client.nip}/sales"
    answer = program.send("post", path, {"content": content, "issue": True})
    assert answer.status_code == 422
    assert answer.json()["code"] == "sales.not_issuable"
    assert answer.json()["findings"]
    assert not Sale.objects.across_clients().exists()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "FV"}, "content/kind"),
        ({"lines": [{"price": "dwa"}]}, "content/lines/0/price"),
        ({"lines": [{"prise": "2"}]}, "content/lines/0/prise"),
        ({"issue_date": "31.12.2026"}, "content/issue_date"),
    ],
)
def test_a_mistake_in_the_body_is_told_at_its_place(
    program: Program, client: Client, change: dict[str, Any], place: str
) -> None:
    body = new()
    body["content"] |= change
    answer = program.send("post", f"/clients/{client.nip}/sales", body)
    assert answer.status_code == 422
    places = [one["place"] for one in answer.json()["findings"]]
    assert any(found.endswith(place) for found in places), places


def test_xml_is_taken_byte_for_byte(program: Program, client: Client) -> None:
    ready = a_sale(SaleState.READY, client=client)
    xml = xml_of(ready)
    path = f"{ROOT}/clients/{client.nip}/sales/xml?external_id=x-1"
    for _ in range(2):
        answer = program.visitor.post(path, xml, content_type="application/xml")
        assert answer.status_code == 201, answer.content
    (draft,) = Sale.objects.of_client(client).filter(origin="xml")
    assert xml_of(draft) == xml


def test_a_draft_is_changed_and_thrown_away(program: Program, client: Client) -> None:
    draft = a_sale(SaleState.DRAFT, client=client)
    content = a_content().model_copy(update={"footer": "Dziękujemy"}).model_dump(mode="json")
    assert program.send("put", f"/sales/{draft.pk}/content", content).status_code == 200
    assert program.get(f"/sales/{draft.pk}/content").json()["footer"] == "Dziękujemy"
    assert program.send("delete", f"/sales/{draft.pk}").status_code == 204
    assert program.get(f"/sales/{draft.pk}").status_code == 404


def test_a_list_goes_on_where_it_stopped(program: Program, client: Client) -> None:
    made = [a_sale(SaleState.DRAFT, client=client).pk for _ in range(3)]
    path = f"/clients/{client.nip}/sales"
    first = program.get(f"{path}?limit=2").json()
    rest = program.get(f"{path}?limit=2&after={first['next']}").json()
    assert [one["id"] for one in first["sales"] + rest["sales"]] == made
    assert rest["next"] is None
    assert program.get(f"{path}?state=accepted").json()["sales"] == []


# -- who may ------------------------------------------------------------------------------------


ROUTES = [
    ("get", "/clients/{nip}/sales"),
    ("post", "/clients/{nip}/sales"),
    ("post", "/clients/{nip}/sales/xml"),
    ("get", "/sales/{id}"),
    ("get", "/sales/{id}/content"),
    ("put", "/sales/{id}/content"),
    ("delete", "/sales/{id}"),
    ("get", "/sales/{id}/findings"),
    ("post", "/sales/{id}/issue"),
    ("post", "/sales/{id}/send"),
    ("get", "/sales/{id}/xml"),
    ("get", "/sales/{id}/pdf"),
    ("get", "/sales/{id}/upo"),
]


def call(program: Program, method: str, path: str, sale: Sale) -> int:
    address = path.format(nip=sale.client.nip, id=sale.pk)
    body = a_content().model_dump(mode="json") if method == "put" else new()
    if path.endswith("/issue"):
        body = {}
    answer = program.get(address) if method == "get" else program.send(method, address, body)
    return int(answer.status_code)


def test_every_route_of_the_api_is_in_the_table() -> None:
    described = {
        (method, path.removeprefix(ROOT).replace("{sale_id}", "{id}"))
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert described == {*ROUTES, ("get", "/clients")}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_key_without_the_client_finds_nothing(method: str, path: str) -> None:
    sale = a_sale(SaleState.DRAFT)
    assert call(Program(an_issuer(a_client())), method, path, sale) == 404


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_key_for_another_client_of_the_operator_finds_nothing(method: str, path: str) -> None:
    sale, other = a_sale(SaleState.DRAFT), a_client()
    operator = an_issuer(sale.client, other)
    assert call(Program(operator, other), method, path, sale) == 404


ANSWERS = {  # of a draft, where it is not 200
    "post /clients/{nip}/sales": 201,
    "post /clients/{nip}/sales/xml": 409,  # what is sent is no XML
    "delete /sales/{id}": 204,
    "post /sales/{id}/send": 409,
    "get /sales/{id}/xml": 409,
    "get /sales/{id}/upo": 404,
}


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_each_role_gets_what_the_document_says(method: str, path: str) -> None:
    name, sale, other = f"{method} {path}", a_sale(SaleState.DRAFT), a_client()
    right, outcome, expected = matrix.API[name], {}, {}
    for role in OfficeRole:
        for own, client in ((True, sale.client), (False, other)):
            operator = an_issuer(client)
            Operator.objects.filter(pk=operator.pk).update(role=role)
            with transaction.atomic():
                outcome[role, own] = call(Program(operator), method, path, sale)
                transaction.set_rollback(True)
            allowed = ANSWERS.get(name, 200) if own else 404
            expected[role, own] = allowed if right in matrix.RIGHTS_OF_ROLE[role] else 403
    assert outcome == expected


def test_the_document_has_every_route() -> None:
    assert set(matrix.API) == {f"{m} {p}" for m, p in (*ROUTES, ("get", "/clients"))}


def test_an_address_that_guesses_keys_has_to_wait_and_a_valid_key_does_not() -> None:
    program = Program(an_issuer(a_client()))
    stranger = Visitor(headers={"Authorization": "Bearer obieg_zgadywany"})
    statuses = [stranger.get(f"{ROOT}/clients").status_code for _ in range(31)]
    assert statuses == [401] * 30 + [429]
    told = stranger.get(f"{ROOT}/clients")
    assert told.json()["code"] == "logins.too_many_tries"
    assert 0 < int(told["Retry-After"]) <= 30
    assert program.get("/clients").status_code == 200


@pytest.mark.parametrize(("method", "path"), [*ROUTES, ("get", "/clients")])
def test_without_a_valid_key_there_is_nothing(method: str, path: str) -> None:
    sale = a_sale(SaleState.DRAFT)
    program = Program(an_issuer(sale.client))
    program.visitor = Visitor(headers={"Authorization": "Bearer obieg_zgadywany"})
    assert call(program, method, path, sale) == 401
    program.visitor = Visitor()
    program.visitor.force_login(an_issuer(sale.client))  # a browser's login is no key
    assert call(program, method, path, sale) == 401


def test_a_revoked_key_and_one_of_a_former_operator_are_dead() -> None:
    sale = a_sale(SaleState.DRAFT)
    operator = an_issuer(sale.client)
    program = Program(operator)
    assert program.get("/clients").status_code == 200
    operator.is_active = False
    operator.save()
    assert program.get("/clients").status_code == 401


def test_the_key_itself_is_kept_nowhere(client: Client) -> None:
    key, text = ApiToken.issue(an_issuer(client), name="sklep")
    stored = ApiToken.objects.filter(pk=key.pk).values().get()
    assert text not in str(stored)


def test_the_page_shows_a_new_key_once(client: Client) -> None:
    anna = an_issuer(client)
    visitor = Visitor()
    visitor.force_login(anna)
    page = visitor.post("/sprzedaz/api/", {"name": "sklep", "client": client.pk})
    key = ApiToken.objects.get(operator=anna)
    assert f"<code>{key.shown}" in page.content.decode()
    assert page.context["text"] not in visitor.get("/sprzedaz/api/").content.decode()
    visitor.post(f"/sprzedaz/api/{key.pk}/uniewaznij/")
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_the_description_of_the_api_is_there_for_everybody() -> None:
    described = Visitor().get(f"{ROOT}/openapi.json").json()
    assert "/api/v1/sales/{sale_id}/send" in described["paths"]
