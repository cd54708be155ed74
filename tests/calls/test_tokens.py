"""Tokens that Obieg asks KSeF for: kept, shown once, followed, found when lost, listed, revoked."""

import datetime as dt
import re
import secrets

import pytest
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.calls.gateways import open_gateway
from obieg.calls.tokens import asking, following
from obieg.calls.tokens.asking import SURELY_LOST, Made, Wish
from obieg.calls.tokens.listing import read_list
from obieg.ksef.errors import KsefRefused, KsefUnavailable
from obieg.office.models import Client, Event, Operator
from obieg.vault.choice import choose
from obieg.vault.credentials import add_certificate, add_token, credential_for
from obieg.vault.errors import (
    CredentialInUse,
    TokenAnswerLost,
    TokenAskedAlready,
    TokenCannotGenerate,
    TokenNotNeeded,
)
from obieg.vault.models import Credential, TokenPurpose, TokenRequest, Way
from obieg.vault.opening import open_credential
from tests.calls.test_gateways import look
from tests.calls.test_moving import FIRM, OFFICE, READ, WRITE, client, emulator, grant, keep, stored
from tests.ksef_emulator.certificates import seal
from tests.vault.firms import certificate_of, key_of

__all__ = ["client", "emulator"]  # fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ewa(transactional_db: None) -> Operator:
    return Operator.objects.create_user("ewa", name="Ewa Próbna", sees_all_clients=True)


@pytest.fixture
def browser(ewa: Operator) -> Visitor:
    visitor = Visitor()
    visitor.force_login(ewa)
    return visitor


@pytest.fixture
def granted(client: Client, emulator: Emulator) -> Client:
    """A client on a token that has granted the office everything a token may be made for."""
    keep(None, seal(OFFICE))
    grant(emulator, READ, WRITE, "CredentialsManage")
    return client


def wish(purpose: str = "obieg", *permissions: str, mark: str = "") -> Wish:
    return Wish(
        mark=mark or secrets.token_hex(8),
        description="Token próbny",
        permissions=permissions or (READ, WRITE),
        purpose=TokenPurpose(purpose),
    )


def form(purpose: str = "obieg", *permissions: str, **changed: object) -> dict[str, object]:
    return {
        "mark": secrets.token_hex(8),
        "description": "Token próbny",
        "purpose": purpose,
        "permissions": permissions or (READ, WRITE),
        **changed,
    }


def age(request: TokenRequest, by: dt.timedelta) -> None:
    rows = TokenRequest.objects.across_clients().filter(pk=request.pk)
    rows.update(created_at=timezone.now() - by)


def lose(client: Client, ewa: Operator, emulator: Emulator, fault: str, purpose: str) -> None:
    emulator.control.add_fault(fault, path="/tokens", method="POST")
    with pytest.raises(TokenAnswerLost):
        asking.generate(client, wish(purpose), actor=ewa)


def slow(client: Client, ewa: Operator, emulator: Emulator) -> Made:
    """A token for Obieg that takes a minute to be activated."""
    read_list(client, actor=ewa)  # logs in while that is quick
    emulator.control.change_settings(processingDelay=60)
    made = asking.generate(client, wish(), actor=ewa)
    emulator.control.change_settings(processingDelay=0)
    return made


def known(emulator: Emulator, client: Client, ewa: Operator) -> dict[str, str]:
    """Status by number of what KSeF lists."""
    listed = read_list(client, actor=ewa)
    return {one.entry.reference: one.entry.status for one in listed.tokens}


def test_a_token_for_obieg_is_tried_and_takes_over_without_being_shown(
    granted: Client, ewa: Operator
) -> None:
    before = credential_for(granted)
    made = asking.generate(granted, wish(), actor=ewa)
    assert made.token is None
    assert credential_for(granted) == before, "it is only on trial"
    assert ProcrastinateJob.objects.filter(
        queueing_lock=f"token-{made.request.pk}", status="todo", scheduled_at=None
    ).exists()

    assert following.carry(made.request.pk) is None

    used = credential_for(granted)
    assert used != before
    assert used.held == [READ, WRITE]
    assert TokenRequest.objects.of_client(granted).get().state == "done"
    with open_gateway(granted, purpose="próba") as gateway:
        look(gateway)


def test_a_token_is_used_only_once_ksef_has_activated_it(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    before = credential_for(granted)
    made = slow(granted, ewa, emulator)
    assert following.carry(made.request.pk) == following.POLL
    assert credential_for(granted) == before
    emulator.control.advance_clock(dt.timedelta(minutes=2))
    assert following.carry(made.request.pk) is None
    assert credential_for(granted).reference == made.request.reference


def test_a_token_that_ksef_never_activates_is_given_up(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    before = credential_for(granted)
    made = slow(granted, ewa, emulator)
    age(made.request, dt.timedelta(hours=2))
    assert following.carry(made.request.pk) is None
    row = TokenRequest.objects.of_client(granted).get()
    assert (row.state, row.error_text) == ("refused", following.NOT_ACTIVE)
    assert row.credential is not None
    assert row.credential.shredded_at is not None
    assert credential_for(granted) == before


def test_a_token_for_another_program_is_kept_nowhere(granted: Client, ewa: Operator) -> None:
    before = Credential.objects.of_client(granted).count()
    made = asking.generate(granted, wish("program"), actor=ewa)
    assert made.token is not None
    assert made.token not in repr(made)
    assert Credential.objects.of_client(granted).count() == before
    told = Event.objects.of_client(granted).filter(thing="vault.token_request")
    assert list(told.values_list("kind", flat=True)) == ["generate", "show"]
    other = Client.objects.create(nip="9990000035", name="Inna", environment="emulator")
    kept = add_token(other, made.token, environment="emulator", label="x", actor=None)
    with open_credential(kept, actor=None, purpose="próba", client=other) as secret:
        assert secret.token == made.token


@pytest.mark.parametrize("purpose", ["obieg", "program"])
def test_a_token_whose_answer_was_lost_is_found_and_revoked(
    granted: Client, ewa: Operator, emulator: Emulator, purpose: str
) -> None:
    lose(granted, ewa, emulator, "cut_after", purpose)
    row = TokenRequest.objects.of_client(granted).get()
    assert row.state == "asking"
    assert list(known(emulator, granted, ewa).values()).count("Active") == 2, "one more than before"
    wait = following.carry(row.pk)
    assert wait is not None
    assert wait > dt.timedelta(minutes=1), "not before it surely is on the list"

    age(row, SURELY_LOST)
    assert following.carry(row.pk) is None

    row = TokenRequest.objects.of_client(granted).get()
    assert row.state == "lost"
    assert known(emulator, granted, ewa)[row.reference] == "Revoked"
    assert following.carry(row.pk) is None, "nothing is left to do"


def test_what_never_reached_ksef_is_known_not_to_be(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    lose(granted, ewa, emulator, "cut_before", "program")
    row = TokenRequest.objects.of_client(granted).get()
    age(row, SURELY_LOST)
    assert following.carry(row.pk) is None
    row = TokenRequest.objects.of_client(granted).get()
    assert (row.state, row.error_text) == ("refused", following.NOTHING_MADE)


def test_killed_between_answer_and_writing_the_token_is_revoked(
    granted: Client, ewa: Operator, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(asking, "_receive", killed)
    with pytest.raises(SystemExit):
        asking.generate(granted, wish(), actor=ewa)
    row = TokenRequest.objects.of_client(granted).get()
    assert ProcrastinateJob.objects.filter(queueing_lock=f"token-{row.pk}", status="todo").exists()
    age(row, SURELY_LOST)
    following.carry(row.pk)
    assert TokenRequest.objects.of_client(granted).get().state == "lost"


def test_the_search_waits_while_ksef_is_out(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    lose(granted, ewa, emulator, "cut_after", "program")
    row = TokenRequest.objects.of_client(granted).get()
    age(row, SURELY_LOST)
    emulator.control.announce_outage()
    assert following.carry(row.pk) == dt.timedelta(seconds=10)
    emulator.control.end_outage()
    assert following.carry(row.pk, failures=1) is None
    assert TokenRequest.objects.of_client(granted).get().state == "lost"


def test_a_login_that_fails_made_nothing(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    emulator.control.announce_outage()
    with pytest.raises(KsefUnavailable):
        asking.generate(granted, wish(), actor=ewa)
    assert TokenRequest.objects.of_client(granted).get().state == "refused"


def test_the_same_form_makes_one_token(granted: Client, ewa: Operator) -> None:
    asked = wish("program")
    asking.generate(granted, asked, actor=ewa)
    with pytest.raises(TokenAskedAlready):
        asking.generate(granted, asked, actor=ewa)
    assert TokenRequest.objects.of_client(granted).count() == 1


def test_a_permission_that_one_has_not_is_refused_in_ksef_s_words(
    granted: Client, ewa: Operator
) -> None:
    with pytest.raises(KsefRefused, match="26001"):
        asking.generate(granted, wish("program", READ, "SubunitManage"), actor=ewa)
    row = TokenRequest.objects.of_client(granted).get()
    assert row.state == "refused"
    assert "SubunitManage" in row.error_text


def test_a_token_makes_no_token(client: Client, ewa: Operator) -> None:
    with pytest.raises(TokenCannotGenerate):
        asking.generate(client, wish(), actor=ewa)


def test_a_token_does_not_take_the_place_of_a_certificate(client: Client, ewa: Operator) -> None:
    keep(client, seal(FIRM))
    with pytest.raises(TokenNotNeeded):
        asking.generate(client, wish(), actor=ewa)
    assert asking.generate(client, wish("program"), actor=ewa).token


def own_seal(ewa: Operator, client: Client) -> Credential:
    identity = seal(FIRM)
    return add_certificate(
        client, certificate_of(identity), key_of(identity),
        environment="emulator", label="pieczęć Ewy", actor=ewa, operator=ewa,
    )  # fmt: skip


def test_by_hand_an_operator_s_own_seal_makes_it_and_the_background_never_uses_that(
    client: Client, ewa: Operator, emulator: Emulator
) -> None:
    own = own_seal(ewa, client)
    made = asking.generate(client, wish(), actor=ewa)
    assert made.request.login == own
    assert following.carry(made.request.pk) is None, "the token itself is asked"
    assert credential_for(client).reference == made.request.reference

    lose(client, ewa, emulator, "cut_after", "program")
    row = TokenRequest.objects.of_client(client).order_by("-pk")[0]
    age(row, SURELY_LOST)
    assert following.carry(row.pk) is None
    row = TokenRequest.objects.of_client(client).order_by("-pk")[0]
    assert row.state == "asking"
    assert "Ewa Próbna" in row.error_text
    assert following.search(row, actor=ewa).state == "lost"


def test_tokens_are_listed_with_what_obieg_knows_of_them(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    foreign = emulator.control.make_token(FIRM, [READ])["referenceNumber"]
    made = asking.generate(granted, wish("program"), actor=ewa)
    listed = read_list(granted, actor=ewa)
    places = {one.entry.reference: one.place for one in listed.tokens}
    used = credential_for(granted).reference
    assert places == {foreign: "foreign", made.request.reference: "program", used: "used"}
    assert listed.sees_all
    revocable = {one.entry.reference for one in listed.tokens if one.may_be_revoked}
    assert revocable == {foreign, made.request.reference}
    (one,) = [one for one in listed.tokens if one.place == "foreign"]
    assert one.names == ["przeglądanie faktur"]
    assert one.entry.last_use is None


def test_a_long_list_comes_page_by_page(granted: Client, ewa: Operator, emulator: Emulator) -> None:
    for _ in range(105):
        emulator.control.make_token(FIRM, [READ])
    first = read_list(granted, actor=ewa)
    second = read_list(granted, actor=ewa, after=first.more)
    assert (len(first.tokens), len(second.tokens), second.more) == (100, 6, "")
    assert not {one.entry.reference for one in first.tokens} & {
        one.entry.reference for one in second.tokens
    }


def test_who_may_not_read_permissions_is_told_that_he_sees_a_part(
    client: Client, ewa: Operator, emulator: Emulator
) -> None:
    keep(None, seal(OFFICE))
    grant(emulator, READ, WRITE)
    choose(client, Way.OFFICE, actor=ewa)
    listed = read_list(client, actor=ewa)
    assert listed.tokens == []
    assert not listed.sees_all


def test_a_foreign_token_is_revoked_and_one_in_use_is_not(
    granted: Client, ewa: Operator, emulator: Emulator
) -> None:
    foreign = emulator.control.make_token(FIRM, [READ])["referenceNumber"]
    asking.revoke(granted, foreign, actor=ewa)
    assert known(emulator, granted, ewa)[foreign] == "Revoked"
    event = Event.objects.of_client(granted).get(kind="revoke_token")
    assert (event.actor, event.after["reference"]) == (ewa, foreign)
    used = credential_for(granted)
    with pytest.raises(CredentialInUse):
        asking.revoke(granted, used.reference, actor=ewa)
    keep(granted, seal(FIRM))
    asking.revoke(granted, used.reference, actor=ewa)
    assert stored(used).revoked_at is not None


def test_the_page_shows_a_token_for_another_program_once(granted: Client, browser: Visitor) -> None:
    address = reverse("clients-tokens-generate", args=[granted.pk])
    response = browser.post(address, form("program"))
    shown = response.content.decode()
    (token,) = re.findall(r"<textarea[^>]*>([^<]+)</textarea>", shown)
    assert token.startswith(TokenRequest.objects.of_client(granted).get().reference + "|")
    assert "no-store" in response["Cache-Control"]
    assert "widoczny tylko teraz" in shown
    page = browser.get(reverse("clients-tokens", args=[granted.pk])).content.decode()
    assert token not in page
    assert "dla innego programu" in page


def test_the_page_keeps_what_was_typed_and_offers_the_certificate_first(
    granted: Client, browser: Visitor
) -> None:
    address = reverse("clients-tokens-generate", args=[granted.pk])
    response = browser.post(
        address, form("program", READ, "SubunitManage", description="Do sklepu")
    )
    assert response.status_code == 422
    shown = response.content.decode()
    assert 'value="Do sklepu"' in shown
    assert re.search(r'value="SubunitManage"[^>]* checked', shown)
    assert "zamów certyfikat" in shown
    assert "Token można" not in shown
    refused = browser.post(address, form("obieg", WRITE))
    assert refused.status_code == 422
    assert "Obieg potrzebuje przeglądania faktur" in refused.content.decode()


def test_the_page_reads_the_list_and_revokes(
    granted: Client, browser: Visitor, emulator: Emulator
) -> None:
    foreign = emulator.control.make_token(FIRM, [READ])["referenceNumber"]
    listed = browser.post(reverse("clients-tokens-read", args=[granted.pk])).content.decode()
    assert foreign in listed
    assert "! obcy" in listed
    assert "✓ w użyciu w Obiegu" in listed
    address = reverse("clients-tokens-revoke", args=[granted.pk])
    assert browser.post(address, {"numer": foreign}).status_code == 302
    listed = browser.post(reverse("clients-tokens-read", args=[granted.pk])).content.decode()
    assert "unieważniony" in listed
    assert browser.post(address, {"numer": "nie-ma"}).status_code == 422


def test_made_is_told_without_its_secret() -> None:
    assert "sekret" not in repr(Made(TokenRequest(), "sekret"))
