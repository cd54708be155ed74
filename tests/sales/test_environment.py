"""A client moves between environments until production has accepted an invoice of it."""

import pytest
from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.inbox.models import Channel
from obieg.office.models import Event
from obieg.sales.environment import change_environment
from obieg.sales.sending import send
from obieg.vault.credentials import add_token
from obieg.vault.models import AccessGrant, Credential
from tests.sales.factories import a_ksef_number, an_issuer
from tests.sales.seller import Seller

pytestmark = pytest.mark.django_db(transaction=True)


def refused(seller: Seller, to: str, *, confirmed: bool = False) -> str:
    with pytest.raises(UserFixable) as told:
        change_environment(seller.client, to, confirmed=confirmed, actor=None)
    return told.value.code


def test_production_asks_for_a_confirmation(seller: Seller) -> None:
    assert refused(seller, "production") == "sales.production_unconfirmed"
    changed = change_environment(seller.client, "production", confirmed=True, actor=None)
    assert changed.environment == seller.client.environment == "production"


def test_credentials_of_other_environments_are_withdrawn(seller: Seller) -> None:
    seller.sends(seller.issue())
    kept = add_token(seller.client, "t" * 40, environment="test", label="test", actor=None)
    operator = an_issuer(seller.client)
    change_environment(seller.client, "test", confirmed=False, actor=operator)
    active = Credential.objects.of_client(seller.client).filter(active=True)
    assert list(active) == [kept]
    assert not AccessGrant.objects.of_client(seller.client).exists()
    event = Event.objects.of_client(seller.client).filter(kind="withdraw").get()
    assert event.actor == operator


def test_drafts_lose_what_the_other_environment_gave(seller: Seller) -> None:
    number = a_ksef_number(seller.client.nip)
    content = {
        "correction": {"corrected": [{"number": "FV/1", "ksef_number": number}]},
        "advances": [{"ksef_number": number, "gross": "10.00"}],
    }
    draft = seller.issue(state="draft", content=content, ksef_code=440, ksef_text="Duplikat")
    change_environment(seller.client, "test", confirmed=False, actor=None)
    draft = seller.sale(draft)
    assert number not in str(draft.content)
    assert draft.content["correction"]["corrected"][0]["number"] == "FV/1"
    assert (draft.environment, draft.ksef_code, draft.ksef_text) == ("", None, "")


def test_what_waits_has_to_be_asked_for_again(seller: Seller) -> None:
    sale = seller.issue()
    send([sale], actor=None)
    change_environment(seller.client, "test", confirmed=False, actor=None)
    seller.passes()
    assert (seller.sale(sale).state, seller.sale(sale).queued_version) == ("ready", None)


def test_open_sessions_are_left_and_channels_follow(seller: Seller) -> None:
    seller.sends(seller.issue())
    change_environment(seller.client, "demo", confirmed=False, actor=None)
    assert seller.session_states() == ["failed"]
    assert seller.states() == ["accepted"]
    channels = Channel.objects.of_client(seller.client).filter(environment="demo")
    assert channels.count() == 4
    assert all(channel.is_followed for channel in channels.select_related("client"))


def test_nothing_may_be_under_way(seller: Seller) -> None:
    seller.sends(seller.issue())
    session = seller.sessions().get()
    seller.issue(state="sending", session=session, claimed_at=timezone.now())
    assert refused(seller, "test") == "sales.sending_under_way"


def test_there_is_no_way_back_after_the_first_accepted_invoice(seller: Seller) -> None:
    change_environment(seller.client, "production", confirmed=True, actor=None)
    change_environment(seller.client, "test", confirmed=False, actor=None)
    change_environment(seller.client, "production", confirmed=True, actor=None)
    seller.issue(state="accepted", ksef_number=a_ksef_number(seller.client.nip))
    assert refused(seller, "test") == "sales.no_way_back"
    change_environment(seller.client, "production", confirmed=False, actor=None)


def test_asking_for_the_present_one_changes_nothing(seller: Seller) -> None:
    change_environment(seller.client, "emulator", confirmed=False, actor=None)
    assert Credential.objects.of_client(seller.client).filter(active=True).exists()
