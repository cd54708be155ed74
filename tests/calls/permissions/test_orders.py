"""Orders: granted once and never lost, whatever dies on the way; told in KSeF's own words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ksef_emulator.testing import Emulator
from obieg.calls.permissions import carrying
from obieg.calls.permissions.carrying import carry
from obieg.calls.permissions.errors import AlreadyHeld, GrantGone, NotManaging, OrderUnderWay
from obieg.calls.permissions.knowing import grants_of
from obieg.calls.permissions.models import Change, Grant, OfficeFirm, Order
from obieg.calls.permissions.ordering import (
    authorize,
    grant_firm,
    grant_office,
    grant_person,
    revoke,
)
from obieg.calls.permissions.reading import read
from obieg.ksef.permissions import Permissions
from obieg.office.models import Client, Event
from tests.calls.permissions.conftest import (
    ANNA,
    CUSTOMER,
    FIRM,
    OFFICE,
    a_client,
    elsewhere,
    in_ksef,
    keep,
    keep_token,
    to_anna,
    to_office,
)
from tests.ksef_emulator.certificates import seal

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process died here."""


def to_the_office(client: Client, **more: Any) -> Order:
    read(client)
    return grant_office(client, actor=None, **more)


def stored(order: Order) -> Order:
    return Order.objects.of_client(order.client_id).get(pk=order.pk)


def dies(monkeypatch: pytest.MonkeyPatch, what: str, *, after: bool) -> None:
    """The process dies once at the call `what`, before it was sent or before its answer came."""
    real: Callable[..., Any] = getattr(Permissions, what)

    def call(self: Permissions, *args: Any, **more: Any) -> Any:
        monkeypatch.setattr(Permissions, what, real)
        if after:
            real(self, *args, **more)
        raise Killed

    monkeypatch.setattr(Permissions, what, call)


def test_the_office_is_granted_reading_and_issuing(client: Client, emulator: Emulator) -> None:
    order = to_the_office(client)
    assert carry(order.pk) is None
    assert stored(order).state == "done"
    assert in_ksef(emulator) == [(OFFICE, "InvoiceRead"), (OFFICE, "InvoiceWrite")]
    read(client)
    assert {row.description for row in grants_of(client)} == {"Biuro rachunkowe: obsługa faktur"}
    assert not Change.objects.of_client(client).exists(), "it was ordered here"
    kinds = Event.objects.of_client(client).filter(thing="permissions.order").order_by("pk")
    assert [event.kind for event in kinds] == ["order", "ask", "sent", "done"]


def test_a_person_is_granted_and_loses_it_again(client: Client, emulator: Emulator) -> None:
    read(client)
    order = grant_person(
        client, kind=ANNA.kind, value=ANNA.value, first_name="Anna", last_name="Próbna",
        scopes=["InvoiceRead", "CredentialsRead"], description="Księgowa klienta", actor=None,
    )  # fmt: skip
    carry(order.pk)
    read(client)
    assert {row.holder for row in grants_of(client)} == {"Anna Próbna, PESEL 85050512345"}
    gone = revoke(next(row for row in grants_of(client) if row.scope == "InvoiceRead"), actor=None)
    carry(gone.pk)
    assert in_ksef(emulator) == [(ANNA.value, "CredentialsRead")]
    read(client)
    assert not Change.objects.of_client(client).exists()
    trail = Event.objects.of_client(client).filter(thing="permissions.order")
    assert not any(ANNA.value in str(event.after) + str(event.before) for event in trail)
    assert not any("Anna" in str(event.after) for event in trail)


def test_a_firm_is_authorized_to_invoice_itself_and_that_is_taken_back(
    client: Client, emulator: Emulator
) -> None:
    read(client)
    order = authorize(
        client, nip=CUSTOMER, name="Nabywca", scope="SelfInvoicing",
        description="Samofakturowanie", actor=None,
    )  # fmt: skip
    carry(order.pk)
    read(client)
    [row] = grants_of(client)
    assert (row.family, row.scope) == ("authorization", "SelfInvoicing")
    gone = revoke(row, actor=None)
    carry(gone.pk)
    assert stored(gone).state == "done"
    read(client)
    assert grants_of(client) == []


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_granting_nothing_is_lost_or_doubled(
    client: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    order = to_the_office(client)
    dies(monkeypatch, "grant_to_firm", after=after)
    with pytest.raises(Killed):
        carry(order.pk)
    assert stored(order).state == "asking", "the claim was committed before the call"
    if not after:
        assert carry(order.pk) == carrying.POLL, "it may still be at work in KSeF"
        Order.objects.of_client(client).update(claimed_at=timezone.now() - timedelta(hours=1))
    assert carry(order.pk) is None
    assert stored(order).state == "done"
    assert in_ksef(emulator) == [(OFFICE, "InvoiceRead"), (OFFICE, "InvoiceWrite")]


@pytest.mark.parametrize("after", [False, True])
def test_killed_while_taking_back_it_is_taken_back_all_the_same(
    client: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, *, after: bool
) -> None:
    to_anna(emulator, "InvoiceRead")
    read(client)
    order = revoke(grants_of(client)[0], actor=None)
    dies(monkeypatch, "revoke", after=after)
    with pytest.raises(Killed):
        carry(order.pk)
    if not after:
        assert carry(order.pk) == carrying.POLL
        Order.objects.of_client(client).update(claimed_at=timezone.now() - timedelta(hours=1))
    assert carry(order.pk) is None
    assert stored(order).state == "done"
    assert in_ksef(emulator) == []


def test_killed_while_asking_for_the_outcome_it_asks_again(
    client: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = to_the_office(client)
    dies(monkeypatch, "operation", after=True)
    with pytest.raises(Killed):
        carry(order.pk)
    assert stored(order).state == "sent"
    assert carry(order.pk) is None
    assert stored(order).state == "done"


def test_a_lost_answer_is_looked_for_and_not_sent_again(client: Client, emulator: Emulator) -> None:
    order = to_the_office(client)
    emulator.control.add_fault("cut_after", path="/permissions/entities/grants")
    carry(order.pk)
    assert stored(order).state == "asking"
    assert carry(order.pk) is None
    assert stored(order).state == "done"
    assert in_ksef(emulator) == [(OFFICE, "InvoiceRead"), (OFFICE, "InvoiceWrite")]


def test_what_ksef_refuses_is_told_with_its_code_and_what_to_do(
    client: Client, emulator: Emulator
) -> None:
    read(client)
    order = grant_person(
        client, kind=ANNA.kind, value=ANNA.value, first_name="Anna", last_name="Próbna",
        scopes=["EnforcementOperations"], description="Komornik", actor=None,
    )  # fmt: skip
    carry(order.pk)
    order = stored(order)
    assert order.state == "refused"
    assert "(kod 430)" in order.error_text
    assert "Kontekst identyfikatora nie odpowiada" in order.error_text
    assert "wymaga innej roli klienta" in order.error_text


def test_what_is_there_already_is_not_asked_for(client: Client, emulator: Emulator) -> None:
    to_office(emulator, "InvoiceRead")
    order = to_the_office(client)
    assert order.scopes == ["InvoiceWrite"]
    to_office(emulator, "InvoiceWrite")  # meanwhile, by the client himself
    assert carry(order.pk) is None
    assert (stored(order).state, stored(order).reference) == ("done", "")
    read(client)
    with pytest.raises(AlreadyHeld):
        grant_office(client, actor=None)


def test_what_went_meanwhile_counts_as_taken_back(client: Client, emulator: Emulator) -> None:
    to_anna(emulator, "InvoiceRead")
    read(client)
    [row] = grants_of(client)
    order = revoke(row, actor=None)
    elsewhere(emulator, "revoke", row.ksef_id)
    assert carry(order.pk) is None
    assert stored(order).state == "done"
    read(client)
    row = Grant.objects.of_client(client).get()
    with pytest.raises(GrantGone):
        revoke(row, actor=None)


def test_the_same_is_not_ordered_twice_at_once(client: Client) -> None:
    to_the_office(client)
    with pytest.raises(OrderUnderWay):
        grant_office(client, actor=None)


def test_who_may_not_grant_is_told_so_before_ksef_is_asked(
    emulator: Emulator, office: OfficeFirm
) -> None:
    client = a_client()
    keep_token(client, emulator, "InvoiceRead")
    read(client)
    with pytest.raises(NotManaging, match="zarządzanie uprawnieniami"):
        grant_office(client, actor=None)


def test_a_credential_that_lost_the_right_meanwhile_fails_the_order(
    client: Client, emulator: Emulator
) -> None:
    order = to_the_office(client)
    keep_token(client, emulator, "InvoiceRead")
    assert carry(order.pk) is None
    assert stored(order).state == "refused"
    assert "odmówił" in stored(order).error_text
    assert in_ksef(emulator) == []


def test_without_access_what_is_at_work_in_ksef_is_not_given_up(
    client: Client, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = to_the_office(client)
    dies(monkeypatch, "grant_to_firm", after=True)
    with pytest.raises(Killed):
        carry(order.pk)
    keep_token(client, emulator, "InvoiceRead")  # may not look at permissions
    assert carry(order.pk) == carrying.WITHOUT_ACCESS
    assert stored(order).state == "asking"
    keep(client, seal(FIRM))
    assert carry(order.pk) is None
    assert stored(order).state == "done"


def test_a_slow_operation_is_asked_for_until_it_ends(emulator: Emulator, client: Client) -> None:
    order = to_the_office(client)
    emulator.control.change_settings(processingDelay=3600)
    assert carry(order.pk) == carrying.POLL
    assert stored(order).state == "sent"


def test_an_interrupted_operation_says_to_try_again(client: Client, emulator: Emulator) -> None:
    order = to_the_office(client)
    emulator.control.change_settings(processingFailure=550)
    assert carry(order.pk) is None
    assert "(kod 550). Przerwano po stronie KSeF. Zleć ponownie" in stored(order).error_text


def test_with_the_right_to_pass_on(client: Client, emulator: Emulator) -> None:
    read(client)
    order = grant_firm(
        client, nip=OFFICE, name="Biuro próbne", scopes=["InvoiceRead"], can_delegate=True,
        description="Obsługa faktur", actor=None,
    )  # fmt: skip
    carry(order.pk)
    assert read(client).passed_on == ["InvoiceRead"]
