"""Every address as every role, at an own and at a foreign client; as a stranger; as the owner."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.test import Client as Visitor
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from obieg.calls.models import Ending, Revocation
from obieg.calls.permissions.models import Acquaintance, Grant
from obieg.logins.models import BrowserSession, Tries
from obieg.office.models import Client, Cover, Event
from obieg.office.proof import FRESH
from obieg.office.rights import GUARDED, RIGHTS_OF_ROLE, OfficeRole
from obieg.posting.models import Account, Dimension, OutsidePurchase, Vehicle
from obieg.retention.models import Erasure, Handover
from obieg.sales.content import SaleContent
from obieg.sales.models import BankAccount, Series, Upo
from obieg.vault.models import Credential, TokenRequest
from tests.posting.factories import OperatorFactory
from tests.reference import REFERENCE
from tests.sales.factories import a_contractor, a_sale, a_session
from tests.web import matrix, offices
from tests.web.conftest import as_operator
from tests.web.offices import Office

LOGIN = 302  # to the login page
ITS_FORMS = ("second-factor-codes", "second-factor-move")  # lead back to their page
FORBIDDEN, NOT_FOUND = 403, 404


@dataclass(frozen=True)
class Rule:
    """What an address answers to who has the right that docs/security.md asks for.

    `key` makes the thing of Bór's that the address names; at a client that is not his, an operator
    gets `foreign`: 404 where there is a thing, what is his own otherwise.
    """

    status: int
    key: Callable[[Office], int] | None = None
    method: str = "get"
    anonymous: int = LOGIN
    foreign: int | None = None

    def expected(self, name: str, role: OfficeRole, *, own: bool) -> int:
        if not matrix.may(role, name):
            return FORBIDDEN
        if own:
            return self.status
        return self.foreign or (NOT_FOUND if self.key else self.status)


def _client(office: Office) -> int:
    return office.bor.pk


def _dekret(office: Office) -> int:
    return offices.unknown_purchase(office.bor).pk


def _invoice(office: Office) -> int:
    return offices.unknown_purchase(office.bor).invoice_id


def _export(office: Office) -> int:
    return offices.exported(office.bor, office.anna).pk


def _operator(office: Office) -> int:
    return office.zofia.pk


def _file(office: Office) -> int:
    return offices.unreadable(office.bor).pk


def _rule(office: Office) -> int:
    return offices.own_rule(office.bor, office.anna).pk


def _account(office: Office) -> int:
    return Account.objects.of_client(office.bor)[0].pk


def _dimension(office: Office) -> int:
    return Dimension.objects.create(client=office.bor, kind="mpk", code="B1", name="Biuro").pk


def _vehicle(office: Office) -> int:
    return Vehicle.objects.create(client=office.bor, plate="WA12345").pk


def _double(office: Office) -> int:
    return offices.double(office.bor).pk


def _outside(office: Office) -> int:
    return OutsidePurchase.objects.create(
        client=office.bor,
        number="1",
        seller_name="Orlik",
        issue_date=timezone.localdate(),
        gross=1,
        entered_by=office.anna,
    ).pk


def _draft(office: Office) -> int:
    return a_sale(client=office.bor).pk


def _unfinished(office: Office) -> int:
    return a_sale(client=office.bor, content=SaleContent()).pk


def _sold(office: Office) -> int:
    return offices.one_sale(office.bor).invoice_id


def _session(office: Office) -> int:
    return a_session(office.bor).pk


def _upo(office: Office) -> int:
    content = min((REFERENCE / "samples/upo").glob("*.xml")).read_bytes()
    return Upo.objects.create(
        client=office.bor, environment="emulator", reference="x", sha256="", content=content
    ).pk


def _contractor(office: Office) -> int:
    return a_contractor(office.bor).pk


def _bank_account(office: Office) -> int:
    return BankAccount.objects.create(client=office.bor, number="73111111111111111111111111").pk


def _series(office: Office) -> int:
    return Series.objects.create(client=office.bor, code="FV", kinds=["VAT"]).pk


def _withdrawn(office: Office) -> int:
    """Its number in KSeF is not known, so that nothing is asked there."""
    values = {"client": office.bor, "kind": "token", "environment": "test", "label": "dawny"}
    return Credential.objects.create(**values, ciphertext=b"x", wrapped_key=b"x", active=False).pk


def _asked_token(office: Office) -> int:
    """One that came to nothing, so that KSeF is not asked."""
    login = Credential.objects.across_clients().get(pk=_withdrawn(office))
    values = {"client": office.bor, "environment": "test", "purpose": "obieg", "login": login}
    return TokenRequest.objects.create(**values, mark="0" * 16, state="refused").pk


def _elsewhere(office: Office) -> int:
    Client.objects.of_client(office.bor.pk).update(environment="emulator")
    return office.bor.pk


def _revocation(office: Office) -> int:
    credential = Credential.objects.of_client(office.bor).get(pk=_withdrawn(office))
    return Revocation.objects.create(client=office.bor, credential=credential, state="failed").pk


def _due(office: Office) -> int:
    values = {"client": office.bor, "kind": "certificate", "label": "kończy się"}
    return Credential.objects.create(
        **values,
        environment=office.bor.environment,
        usage="offline",
        valid_to=timezone.now() + timedelta(days=5),
        ciphertext=b"x",
        wrapped_key=b"x",
    ).pk


def _ending(office: Office) -> int:
    return Ending.objects.create(client=office.bor).client_id


def _broken_off(office: Office) -> int:
    return Ending.objects.create(client=office.bor, state="failed").client_id


def _ended(office: Office) -> int:
    bor = office.bor
    Event.objects.create(client=bor, thing="office.client", thing_id=bor.pk, kind="end_cooperation")
    return bor.pk


def _outage(office: Office) -> int:
    return offices.outage(office.ewa).pk


def _ksef_grant(office: Office) -> int:
    facts = {"holder_kind": "Pesel", "holder_value": "85050512347", "scope": "InvoiceRead"}
    return Grant.objects.create(client=office.bor, **facts, since=timezone.now()).pk


def _acquaintance(office: Office) -> int:
    facts = {"holder_kind": "Pesel", "holder_value": "85050512347", "name": "Anna Próbna"}
    return Acquaintance.objects.create(client=office.bor, **facts).pk


def _browser(office: Office) -> int:
    return BrowserSession.objects.create(operator=office.zofia, session_key="x").pk


def _cover(office: Office) -> int:
    return Cover.objects.create(
        absent=office.anna,
        covering=office.zofia,
        first_day=timezone.localdate(),
        last_day=timezone.localdate(),
        entered_by=office.ewa,
    ).pk


def _handover(office: Office) -> int:
    """Somebody else's: a file is given only to who asked for it."""
    return Handover.objects.create(client=office.bor, asked_by=office.anna).pk


def _erasure(office: Office) -> int:
    return Erasure.objects.create(
        client=office.bor, reach="part", kept_until=timezone.localdate(), asked_by=office.ewa
    ).pk


def _tries(office: Office) -> int:
    return Tries.objects.create(kind=Tries.Kind.LOGIN, digest="0" * 64, shown="anna").pk


SHARED = Rule(200)  # a list: each sees his own part of it
OF_CLIENT = Rule(200, _client)
FORM_OF_CLIENT = Rule(422, _client, "post")  # sent empty
OF_DEKRET = Rule(200, _dekret)
OF_SALE = Rule(200, _draft)

TABLE = {
    "health": Rule(200, anonymous=200),
    "login": Rule(302, anonymous=200),
    "logout": Rule(302, method="post"),
    "theme": Rule(302, method="post"),
    "password": SHARED,
    "login-code": Rule(302),  # without a password before it
    "login-confirm": SHARED,
    "second-factor": SHARED,
    "second-factor-codes": Rule(302, method="post"),
    "second-factor-move": Rule(302, method="post"),
    "sessions": SHARED,
    "sessions-end": Rule(404, _browser, "post", foreign=404),
    "today": SHARED,
    "demo-loading": SHARED,
    "operators": SHARED,
    "operators-add": SHARED,
    "operators-edit": Rule(200, _operator, foreign=200),
    "operators-covers": SHARED,
    "operators-cover-end": Rule(302, _cover, "post", foreign=302),
    "operators-logins": Rule(200, _operator, foreign=200),
    "operators-session-end": Rule(302, _browser, "post", foreign=302),
    "operators-second-factor-off": Rule(302, _operator, "post", foreign=302),
    "operators-waits": SHARED,
    "operators-unlock": Rule(302, _tries, "post", foreign=302),
    "office-access": SHARED,
    "audit": SHARED,
    "audit-sheet": SHARED,
    "mail-letters": SHARED,
    "mail-server": SHARED,
    "mail-trial": Rule(302, method="post"),
    "mail-again": Rule(404, lambda office: 1, "post", foreign=404),
    "retention": SHARED,
    "retention-periods": SHARED,
    "retention-person": SHARED,
    "retention-person-sheet": Rule(422, method="post"),  # sent empty
    "retention-forget": Rule(302, _operator, "post", foreign=302),
    "retention-client": OF_CLIENT,
    "retention-hand-over": Rule(302, _client, "post"),
    "retention-file": Rule(404, _handover, foreign=404),
    "retention-hold": FORM_OF_CLIENT,
    "retention-erase": FORM_OF_CLIENT,
    "retention-protocol": Rule(200, _erasure),
    "watch": SHARED,
    "watch-acknowledge": Rule(302, method="post"),
    "watch-alerts": SHARED,
    "watch-completeness": SHARED,
    "watch-compare": Rule(302, _client, "post"),
    "watch-settings": SHARED,
    "watch-metrics": Rule(404, anonymous=404),  # without its token
    "clients": SHARED,
    "clients-add": SHARED,
    "clients-page": OF_CLIENT,
    "clients-edit": OF_CLIENT,
    "clients-branch": OF_CLIENT,
    "clients-identity": OF_CLIENT,
    "clients-synchronise": Rule(302, _client, "post"),
    "clients-period": FORM_OF_CLIENT,
    "clients-number": FORM_OF_CLIENT,
    "clients-token": FORM_OF_CLIENT,
    "clients-certificate": FORM_OF_CLIENT,
    "credentials-plan": SHARED,
    "credentials-move-all": Rule(302, method="post"),
    "credentials-sheet": SHARED,
    "credentials-review": SHARED,
    "credentials-review-file": SHARED,
    "credentials-review-confirm": Rule(302, method="post"),
    "credentials-retire": Rule(302, _withdrawn, "post"),
    "credentials-revoke": Rule(302, _revocation, "post"),
    "credentials-renewal": SHARED,
    "credentials-renewal-settings": Rule(302, method="post"),
    "credentials-renew": Rule(302, _due, "post"),
    "clients-credentials": OF_CLIENT,
    "clients-credentials-try": Rule(422, _client, "post"),  # without access to KSeF
    "clients-credentials-move": Rule(302, _client, "post"),  # no token: nothing to move
    "clients-credentials-enrol": Rule(422, _client, "post"),
    "clients-credentials-request": Rule(422, _elsewhere, "post"),  # no such environment here
    "clients-credentials-signed": Rule(422, _client, "post"),  # sent empty
    "clients-credentials-choice": FORM_OF_CLIENT,
    "clients-tokens": OF_CLIENT,
    "clients-tokens-generate": FORM_OF_CLIENT,
    "clients-tokens-read": Rule(422, _client, "post"),  # without access to KSeF
    "clients-tokens-revoke": Rule(422, _client, "post"),
    "clients-tokens-search": Rule(302, _asked_token, "post"),
    "own-credentials": SHARED,
    "own-credentials-token": Rule(422, method="post"),
    "own-credentials-certificate": Rule(422, method="post"),
    "own-credentials-retire": Rule(404, lambda office: 1, "post", foreign=404),
    "clients-ending": OF_CLIENT,
    "clients-ending-progress": Rule(200, _ending),
    "clients-ending-repeat": Rule(302, _broken_off, "post"),
    "clients-ending-protocol": Rule(200, _ended),
    "clients-ending-protocol-file": Rule(200, _ended),
    "permissions": SHARED,
    "permissions-read-all": Rule(302, method="post"),
    "permissions-sheet": SHARED,
    "permissions-office": SHARED,
    "permissions-known": SHARED,
    "permissions-known-left": Rule(302, _acquaintance, "post"),
    "permissions-acquaint": Rule(302, _ksef_grant, "post"),
    "permissions-revoke": Rule(200, _ksef_grant),
    "clients-permissions": OF_CLIENT,
    "clients-permissions-read": Rule(422, _client, "post"),  # without access to KSeF
    "clients-permissions-needs": Rule(302, _client, "post"),
    "clients-permissions-settle": Rule(302, _client, "post"),
    "clients-permissions-letter": Rule(422, _client),  # without the office's NIP
    "clients-permissions-office": Rule(422, _client, "post"),
    "clients-permissions-grant": OF_CLIENT,
    "clients-offline": Rule(200, _client),
    "clients-offline-enrol": Rule(422, _client, "post"),  # without access to KSeF
    "clients-offline-file": Rule(422, _client, "post"),  # sent empty
    "clients-quarantine": SHARED,
    "clients-quarantine-retry": Rule(302, _client, "post"),
    "clients-quarantined-file": Rule(200, _file),
    "queue": SHARED,
    "queue-approve": Rule(422, _dekret, "post"),
    "queue-reject": Rule(422, _dekret, "post"),
    "queue-undo": Rule(409, _dekret, "post"),
    "queue-preview": Rule(200, _dekret, "post"),
    "queue-divide": Rule(200, _dekret, "post"),
    "queue-offers": OF_DEKRET,
    "queue-history": OF_DEKRET,
    "queue-heed": Rule(200, _dekret, "post"),
    "queue-alike": OF_DEKRET,
    "queue-bulk": SHARED,
    "queue-bulk-approve": Rule(302, method="post"),
    "purchases": SHARED,
    "purchases-sheet": SHARED,
    "sales": SHARED,
    "sales-sheet": SHARED,
    "sales-import": SHARED,
    "sales-import-template-csv": SHARED,
    "sales-import-template-xlsx": SHARED,
    "sales-api-keys": SHARED,
    "sales-api-keys-revoke": Rule(404, lambda office: 1, "post", foreign=404),
    "sales-selected": Rule(302, method="post"),
    "sales-new": SHARED,
    "sales-rebate": Rule(302, method="post"),  # sent empty
    "sales-one": OF_SALE,
    "sales-edit": OF_SALE,
    "sales-issue": Rule(422, _unfinished, "post"),
    "sales-send": Rule(422, _draft, "post"),
    "sales-reopen": Rule(422, _draft, "post"),
    "sales-cancel": Rule(302, _draft, "post"),
    "sales-delete": Rule(302, _draft, "post"),
    "sales-copy": Rule(302, _draft, "post"),
    "sales-fetch": Rule(409, _draft, "post"),
    "sales-elsewhere": Rule(422, _draft, "post"),
    "sales-correct": Rule(302, _draft, "post"),
    "sales-received": Rule(302, _sold, "post"),
    "sales-pdf": OF_SALE,
    "sales-xml": OF_SALE,
    "sales-upo": Rule(200, _upo),
    "sales-offline": SHARED,
    "sales-offline-one": OF_SALE,
    "sales-offline-outage": Rule(422, method="post"),  # sent empty
    "sales-offline-outage-end": Rule(302, _outage, "post", foreign=302),
    "sales-sessions": SHARED,
    "sales-session": Rule(200, _session),
    "sales-session-close": Rule(302, _session, "post"),
    "sales-session-fetch": Rule(409, _session, "post"),
    "sales-session-free": Rule(422, _session, "post"),
    "sales-totals": Rule(200, _client, "post"),
    "sales-keep": Rule(200, _draft, "post"),
    "sales-keep-new": Rule(200, _client, "post"),
    "sales-buyers": OF_CLIENT,
    "sales-buyer": Rule(200, _contractor),
    "clients-sales": OF_CLIENT,
    "clients-sales-logo": OF_CLIENT,
    "clients-sales-policies": FORM_OF_CLIENT,
    "clients-sales-account": FORM_OF_CLIENT,
    "clients-sales-account-remove": Rule(302, _bank_account, "post"),
    "clients-sales-series": FORM_OF_CLIENT,
    "clients-sales-series-edit": Rule(422, _series, "post"),
    "clients-contractors": OF_CLIENT,
    "clients-contractors-add": OF_CLIENT,
    "clients-contractors-edit": Rule(200, _contractor),
    "clients-contractors-remove": Rule(302, _contractor, "post"),
    "clients-environment": Rule(200, _client),
    "documents-pdf": Rule(200, _sold),
    "documents": SHARED,
    "documents-sheet": SHARED,
    "documents-one": Rule(200, _invoice),
    "documents-xml": Rule(200, _invoice),
    "books": SHARED,
    "books-registers": SHARED,
    "books-journal": SHARED,
    "books-turnover": SHARED,
    "books-columns": SHARED,
    "books-periods": SHARED,
    "books-close": Rule(409, _client, "post"),  # without saying which month
    "books-reopen": Rule(409, _client, "post"),
    "books-office": SHARED,
    "books-doubles": SHARED,
    "books-doubles-answer": Rule(302, _double, "post"),
    "books-rules": SHARED,
    "books-rules-new": SHARED,
    "books-rules-edit": Rule(200, _rule),
    "books-rules-delete": Rule(302, _rule, "post"),
    "books-rules-accept": Rule(302, _client, "post"),
    "books-rules-dismiss": Rule(302, _client, "post"),
    "clients-partners": OF_CLIENT,
    "clients-partner": OF_CLIENT,
    "clients-outside": OF_CLIENT,
    "clients-outside POST": Rule(200, _client, "post"),
    "clients-outside-import": Rule(422, _client, "post"),
    "clients-outside-delete": Rule(302, _outside, "post"),
    "clients-chart": OF_CLIENT,
    "clients-chart POST": Rule(200, _client, "post"),
    "clients-dimensions POST": Rule(200, _client, "post"),
    "clients-vehicles POST": Rule(200, _client, "post"),
    "clients-chart-edit": Rule(200, _account),
    "clients-chart-copy": Rule(302, _client, "post"),
    "clients-chart-import": Rule(302, _client, "post"),
    "clients-chart-export": OF_CLIENT,
    "clients-dimensions": OF_CLIENT,
    "clients-dimensions-edit": Rule(200, _dimension),
    "clients-vehicles": OF_CLIENT,
    "clients-vehicles-edit": Rule(200, _vehicle),
    "clients-registers": OF_CLIENT,
    "exports": SHARED,
    "exports-make": Rule(422, method="post"),
    "exports-file": Rule(200, _export),
}


def names_of(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found: set[str] = set()
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == "api":
            continue  # it knows keys, not logins: tests/sales/test_api.py
        if isinstance(pattern, URLResolver):
            found |= names_of(pattern.url_patterns)
        else:
            found.add(pattern.name or str(pattern.pattern))
    return found


def test_every_address_has_an_entry_here_and_in_the_document() -> None:
    addresses = names_of(get_resolver().url_patterns)
    assert {name.partition(" ")[0] for name in TABLE} == addresses
    assert set(matrix.RIGHT_OF) == set(TABLE)


def test_the_roles_have_the_rights_of_the_document() -> None:
    assert matrix.RIGHTS_OF_ROLE == RIGHTS_OF_ROLE


@pytest.mark.parametrize("name", TABLE)
def test_an_address_answers_each_role_exactly_so(name: str, office: Office) -> None:
    rule, address = TABLE[name], address_of(name, office)
    outcome, expected = {}, {}
    for role in OfficeRole:
        for own, client in ((True, office.bor), (False, office.cis)):
            visitor = as_operator(OperatorFactory(role=role, serving=[client]))
            outcome[role, own] = answer(visitor, rule, address)
            expected[role, own] = rule.expected(name, role, own=own)
    assert outcome == expected
    assert answer(as_operator(office.ewa), rule, address) == rule.status  # sees every client
    response = getattr(Visitor(), rule.method)(address)
    assert response.status_code == rule.anonymous
    if rule.anonymous == LOGIN and name not in ("logout", "theme"):
        assert response["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", TABLE)
def test_an_address_asks_for_the_proof_that_the_document_says(name: str, office: Office) -> None:
    rule, address = TABLE[name], address_of(name, office)
    if rule.anonymous != LOGIN or name in ("logout", "theme"):
        return
    asks = matrix.RIGHT_OF[name] in GUARDED or name in matrix.SECOND_FACTOR or name in ITS_FORMS
    assert led_to(rule, address, office, second_factor=False, fresh=True) == (
        "second-factor" if asks else None
    )
    assert led_to(rule, address, office, second_factor=True, fresh=False) == (
        "login-confirm" if name in matrix.FRESH else None
    )


def led_to(
    rule: Rule, address: str, office: Office, *, second_factor: bool, fresh: bool
) -> str | None:
    """Where the owner is asked for more proof, if at all."""
    visitor = as_operator(office.ewa)
    session = visitor.session
    session["second_factor"] = second_factor
    session["proved_at"] -= 0 if fresh else int(FRESH.total_seconds())
    session.save()
    with transaction.atomic():
        response = getattr(visitor, rule.method)(address)
        transaction.set_rollback(True)
    path = urlsplit(response.headers.get("Location", "")).path
    return next((n for n in ("second-factor", "login-confirm") if path == reverse(n)), None)


def address_of(name: str, office: Office) -> str:
    key = TABLE[name].key
    return reverse(name.partition(" ")[0], args=[key(office)] if key else [])


def answer(visitor: Visitor, rule: Rule, address: str) -> int:
    """The status; what was changed is taken back, so that the next one finds the same."""
    with transaction.atomic():
        response = getattr(visitor, rule.method)(address)
        transaction.set_rollback(True)
    return int(response.status_code)


@pytest.mark.parametrize(
    "name",
    [name for name, rule in TABLE.items() if rule is SHARED and name != "password"],
)
def test_a_list_shows_a_foreign_operator_nothing(name: str, office: Office) -> None:
    offices.sure_purchases(office.bor, 1)
    offices.unknown_purchase(office.bor)
    offices.one_sale(office.bor)
    offices.unreadable(office.bor)
    offices.exported(office.bor, office.anna)

    response = as_operator(office.zofia).get(reverse(name))

    content = b"".join(response) if response.streaming else response.content
    assert b"B\xc3\xb3r" not in content
    assert b"PALIWO/" not in content
    assert b"NIEZNANA/" not in content


def test_a_foreign_client_in_a_filter_is_refused(office: Office) -> None:
    offices.sure_purchases(office.bor, 1)
    zofia = as_operator(office.zofia)
    for name in ("purchases", "queue"):
        response = zofia.get(reverse(name), {"klient": office.bor.pk})
        assert "PALIWO/" not in response.content.decode()


def test_a_foreign_document_in_a_bulk_approval_is_left_alone(office: Office) -> None:
    dekret = offices.sure_purchases(office.bor, 1)[0]
    as_operator(office.zofia).post(reverse("queue-bulk-approve"), {"dekret": [dekret.pk]})
    dekret.refresh_from_db(from_queryset=type(dekret).objects.across_clients())
    assert dekret.state == "to_approve"


def test_a_foreign_client_is_not_exported(office: Office) -> None:
    asked = {"client": office.bor.pk, "period": "2026-11"}
    response = as_operator(office.zofia).post(reverse("exports-make"), asked)
    assert response.status_code == 422
    assert "nie jest do Ciebie przypisany" in response.content.decode()
