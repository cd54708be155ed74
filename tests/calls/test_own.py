"""An operator's own credential: by hand and by him alone; and which one serves a client."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client as Visitor
from django.urls import reverse

from ksef_emulator.testing import Emulator
from obieg.calls.gateways import open_gateway, open_with
from obieg.calls.models import KsefCall
from obieg.calls.needed import compare
from obieg.calls.tokens.asking import login_for
from obieg.calls.trial import READ, WRITE, try_credential
from obieg.core.errors import UserFixable
from obieg.inbox.by_hand import fetch_by_number
from obieg.office.models import Assignment, Client, Event, Operator
from obieg.office.rights import OfficeRole
from obieg.vault import rotation
from obieg.vault.choice import choice_of, choices_of, choose
from obieg.vault.credentials import add_certificate, add_token, credential_for
from obieg.vault.errors import (
    CertificateExpired,
    ChosenMissing,
    CredentialWithdrawn,
    NoCredential,
    OperatorsOwn,
    SecretTampered,
)
from obieg.vault.master import MasterKey
from obieg.vault.models import AccessGrant, Credential, CredentialUse, Way, WayChoice
from obieg.vault.opening import open_credential
from tests.calls.test_gateways import look
from tests.calls.test_moving import FIRM, OFFICE, client, emulator, grant, keep, stored
from tests.ksef_emulator.certificates import Identity, seal
from tests.vault.firms import certificate_of, key_of, pkcs12_of
from tests.vault.test_rotation import start_with

__all__ = ["client", "emulator"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = "9990000029-20261101-0123456789AB-F8"


def operator(login: str, role: OfficeRole = OfficeRole.ACCOUNTANT, **fields: object) -> Operator:
    return Operator.objects.create_user(login, name=login.title(), role=role, **fields)


@pytest.fixture
def anna(client: Client) -> Operator:
    anna = operator("anna")
    Assignment.objects.create(operator=anna, client=client)
    return anna


@pytest.fixture
def ewa(transactional_db: None) -> Operator:
    return operator("ewa", OfficeRole.OWNER, sees_all_clients=True)


def own(
    whose: Operator, client: Client | None, identity: Identity | None = None, **more: object
) -> Credential:
    identity = identity or seal(FIRM)
    return add_certificate(
        client, certificate_of(identity), key_of(identity),
        environment="emulator", label="pieczęć Anny", actor=whose, operator=whose, **more,
    )  # fmt: skip


def browser(whose: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(whose)
    return visitor


def used_by(operation: str) -> list[int | None]:
    """The credentials of the calls of one operation, in their order."""
    calls = KsefCall.objects.across_clients().filter(operation=operation).order_by("pk")
    return list(calls.values_list("credential_id", flat=True))


def test_by_hand_his_own_goes_first_and_in_the_background_never(
    client: Client, anna: Operator
) -> None:
    shared, his = credential_for(client), own(anna, client)
    assert credential_for(client, operator=anna) == his
    assert credential_for(client) == shared
    for by_hand, expected in ((True, his), (False, shared)):
        with open_gateway(client, purpose="próba", actor=anna, by_hand=by_hand) as gateway:
            look(gateway)
        last = CredentialUse.objects.of_client(client).order_by("-pk")[0]
        assert last.credential == expected


def test_one_for_every_client_gives_way_to_one_for_this_client(
    client: Client, anna: Operator
) -> None:
    everywhere = own(anna, None, seal(OFFICE))
    assert credential_for(client, operator=anna) == everywhere
    here = own(anna, client)
    assert credential_for(client, operator=anna) == here


def test_one_of_an_operator_is_not_the_office_s(emulator: Emulator, ewa: Operator) -> None:
    own(ewa, None, seal(OFFICE))
    other = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
    with pytest.raises(NoCredential):
        credential_for(other)
    assert choice_of(other).office is None


def test_an_invoice_by_its_number_is_fetched_by_hand_with_his_own(
    client: Client, anna: Operator, emulator: Emulator
) -> None:
    shared, his = credential_for(client), own(anna, client)
    with pytest.raises(UserFixable):  # there is no such invoice
        fetch_by_number(client, NUMBER, anna)
    assert set(used_by("POST /invoices/query/metadata")) == {his.pk}
    with pytest.raises(UserFixable):
        fetch_by_number(client, NUMBER, None)  # as the nightly comparison does
    assert used_by("POST /invoices/query/metadata")[-1] == shared.pk


def test_nobody_else_opens_it_nor_the_access_that_it_opened(
    client: Client, anna: Operator, ewa: Operator
) -> None:
    his = own(anna, client)
    with open_gateway(client, purpose="próba", actor=anna, by_hand=True) as gateway:
        look(gateway)
    assert AccessGrant.objects.of_client(client).filter(credential=his).exists()
    for actor, by_hand in ((ewa, True), (None, False), (anna, False)):
        with (
            pytest.raises(OperatorsOwn, match="Anna"),
            open_with(his, client, purpose="próba", actor=actor, by_hand=by_hand),
        ):
            pass
    for actor in (ewa, None):
        with (
            pytest.raises(OperatorsOwn),
            open_credential(his, actor=actor, purpose="próba", client=client),
        ):
            pass


def test_a_row_moved_to_another_operator_does_not_open(
    client: Client, anna: Operator, ewa: Operator
) -> None:
    his = own(anna, client)
    Credential.objects.of_client(client).filter(pk=his.pk).update(operator=ewa)
    with (
        pytest.raises(SecretTampered),
        open_credential(stored(his), actor=ewa, purpose="próba", client=client),
    ):
        pass
    Credential.objects.of_client(client).filter(active=True, operator=None).update(active=False)
    Credential.objects.of_client(client).filter(pk=his.pk).update(operator=None)
    with (
        pytest.raises(SecretTampered),
        open_credential(stored(his), actor=None, purpose="próba", client=client),
    ):
        pass


def test_the_rotation_of_the_master_key_covers_it(
    client: Client, anna: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    his, new = own(anna, client), MasterKey(bytes(range(32)))
    list(rotation.rotate(new))
    start_with(monkeypatch, new)
    list(rotation.finish())
    with open_credential(stored(his), actor=anna, purpose="próba", client=client) as secret:
        assert secret


def test_each_operator_has_one_at_a_client(client: Client, anna: Operator, ewa: Operator) -> None:
    first, others = own(anna, client), own(ewa, client)
    second = own(anna, client)
    assert [stored(one).active for one in (first, others, second)] == [False, True, True]
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.across_clients().filter(pk=first.pk).update(active=True)


def test_his_expired_certificate_is_told_and_not_passed_over(
    client: Client, anna: Operator
) -> None:
    his = own(anna, client)
    rows = Credential.objects.of_client(client).filter(pk=his.pk)
    rows.update(valid_to="2026-01-01T00:00:00Z")
    with pytest.raises(CertificateExpired):
        credential_for(client, operator=anna)
    assert credential_for(client).operator is None
    with pytest.raises(UserFixable):
        login_for(client, anna)


def test_who_is_switched_off_loses_the_use_of_his_own(
    client: Client, anna: Operator, ewa: Operator
) -> None:
    his = own(anna, client)
    with open_gateway(client, purpose="próba", actor=anna, by_hand=True) as gateway:
        look(gateway)
    sent = {"login": "anna", "name": "Anna", "role": "accountant", "served": [client.pk]}
    answer = browser(ewa).post(reverse("operators-edit", args=[anna.pk]), sent)
    assert answer.status_code == 302
    assert not stored(his).active
    assert not AccessGrant.objects.of_client(client).filter(credential=his).exists()
    event = Event.objects.of_client(client).get(thing_id=his.pk, kind="withdraw")
    assert event.actor == ewa
    with (
        pytest.raises(OperatorsOwn),
        open_credential(stored(his), actor=anna, purpose="próba", client=client),
    ):
        pass
    anna.refresh_from_db()
    assert credential_for(client, operator=anna).operator is None


def test_an_operator_keeps_tries_and_ends_his_own(
    client: Client, anna: Operator, emulator: Emulator
) -> None:
    page = browser(anna)
    upload = SimpleUploadedFile("pieczęć.p12", pkcs12_of(seal(FIRM), "hasło pieczęci"))
    sent = {
        "client": client.pk, "label": "mój", "environment": "production",
        "certificate": upload, "password": "hasło pieczęci",
    }  # fmt: skip
    assert page.post(reverse("own-credentials-certificate"), sent).status_code == 302
    his = Credential.objects.of_operator(anna).get()
    assert (his.environment, his.created_by, his.client) == ("emulator", anna, client)
    assert "mój" in page.get(reverse("own-credentials")).content.decode()

    token = emulator.control.make_token(FIRM)
    sent = {"client": client.pk, "label": "mój token", "token": token["token"]}
    assert page.post(reverse("own-credentials-token"), sent).status_code == 302
    his = Credential.objects.of_operator(anna).get(active=True)
    assert try_credential(his, client, actor=anna, by_hand=True).may_read

    answer = page.post(reverse("own-credentials-retire", args=[his.pk]), follow=True)
    assert "unieważniono w KSeF" in answer.content.decode()
    assert stored(his).revoked_at is not None
    assert stored(his).shredded_at is not None
    assert credential_for(client, operator=anna).operator is None


def test_others_see_it_only_to_end_it_here(
    client: Client, anna: Operator, ewa: Operator, emulator: Emulator
) -> None:
    his = own(anna, client)
    zofia = operator("zofia")
    Assignment.objects.create(operator=zofia, client=client)
    address = reverse("own-credentials-retire", args=[his.pk])
    assert "pieczęć Anny" not in browser(zofia).get(reverse("own-credentials")).content.decode()
    assert browser(zofia).post(address).status_code == 404
    listed = browser(ewa).get(reverse("own-credentials")).content.decode()
    assert "Własne poświadczenia innych operatorów" in listed
    calls = len(emulator.control.requests())
    answer = browser(ewa).post(address, follow=True)
    assert "w KSeF pozostaje" in answer.content.decode()
    assert stored(his).shredded_at is not None
    assert len(emulator.control.requests()) == calls, "nobody logged in with it"


def test_a_form_that_fails_says_why_and_forgets_the_secrets(client: Client, anna: Operator) -> None:
    sent = {"client": client.pk, "label": "mój", "token": "to nie jest token"}
    answer = browser(anna).post(reverse("own-credentials-token"), sent)
    assert answer.status_code == 422
    assert "Skopiuj go w całości" in answer.content.decode()
    assert "to nie jest token" not in answer.content.decode()


def test_a_foreign_client_cannot_be_chosen(client: Client, anna: Operator) -> None:
    other = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
    sent = {"client": other.pk, "label": "x", "token": "20261121-EC-1|nip-9990000035|" + "a" * 64}
    assert browser(anna).post(reverse("own-credentials-token"), sent).status_code == 422
    assert not Credential.objects.of_operator(anna).exists()


def test_it_is_said_which_of_two_serves_a_client(
    client: Client, ewa: Operator, emulator: Emulator
) -> None:
    token, office = credential_for(client), keep(None, seal(OFFICE))
    page, address = browser(ewa), reverse("clients-credentials-choice", args=[client.pk])
    shown = page.get(reverse("clients-credentials", args=[client.pk])).content.decode()
    assert "ono idzie przed certyfikatem biura" in shown

    assert page.post(address, {"way": "office"}).status_code == 302
    assert credential_for(client) == office
    shown = page.get(reverse("clients-credentials", args=[client.pk])).content.decode()
    assert "Tak wybrano dla tego klienta" in shown
    event = Event.objects.of_client(client).get(kind="choose_credential")
    assert (event.actor, event.before, event.after) == (ewa, {"way": "auto"}, {"way": "office"})

    page.post(address, {"way": "own"})
    assert credential_for(client) == token
    assert page.post(address, {"way": "byle jak"}).status_code == 422
    assert WayChoice.objects.of_client(client).get().way == "own"


def test_what_was_chosen_and_is_not_there_is_not_replaced(client: Client, ewa: Operator) -> None:
    choose(client, Way.OFFICE, actor=ewa)
    with pytest.raises(ChosenMissing, match="Tylko certyfikat biura"):
        credential_for(client)
    other = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
    keep(None, seal(OFFICE))
    choose(other, Way.OWN, actor=ewa)
    with pytest.raises(ChosenMissing, match="Tylko własne"):
        credential_for(other)
    choices = choices_of([client, other])
    assert [choices[one.pk].credential is None for one in (client, other)] == [False, True]
    assert "innego Obieg nie użyje" in choices[other.pk].why


def test_the_list_reads_no_secrets(client: Client) -> None:
    used = choices_of([client])[client.pk].credential
    assert used is not None
    assert used.get_deferred_fields() == {"ciphertext", "wrapped_key"}


def test_a_withdrawn_own_one_is_not_used_by_hand(client: Client, anna: Operator) -> None:
    first = own(anna, client)
    own(anna, client)
    with (
        pytest.raises(CredentialWithdrawn),
        open_credential(stored(first), actor=anna, purpose="próba", client=client),
    ):
        pass


def test_what_is_missing_is_told_with_who_gives_it(
    client: Client, ewa: Operator, emulator: Emulator
) -> None:
    assert compare(client, credential_for(client)).held is None
    reading = emulator.control.make_token(FIRM, ["InvoiceRead"])["token"]
    token = add_token(client, reading, environment="emulator", label="czyta", actor=None)
    page = browser(ewa)
    shown = page.post(reverse("clients-credentials-try", args=[client.pk])).content.decode()
    assert "Wygeneruj nowy z tym prawem albo przejdź na certyfikat" in shown
    told = compare(client, token)
    assert (told.is_stopped, next(need.code for need in told.missing)) == (False, WRITE)

    office = keep(None, seal(OFFICE))
    grant(emulator, WRITE)
    choose(client, Way.OFFICE, actor=ewa)
    shown = page.post(reverse("clients-credentials-try", args=[client.pk])).content.decode()
    assert "Brakuje uprawnienia, bez którego nic się nie pobierze" in shown
    assert "Klient nadaje je w KSeF na NIP biura" in shown
    told = compare(client, office)
    assert told.is_stopped
    assert READ in {need.code for need in told.missing}


def test_what_the_office_may_at_one_client_says_nothing_of_another(
    client: Client, emulator: Emulator
) -> None:
    office = keep(None, seal(OFFICE))
    grant(emulator, READ)
    try_credential(office, client, actor=None)
    other = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
    assert compare(client, office).held == {READ}
    assert compare(other, office).held is None
