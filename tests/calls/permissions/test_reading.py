"""Reading: who may do what, what came and went elsewhere, and who is a stranger."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from ksef_emulator.testing import Emulator
from obieg.calls.models import ToldRates
from obieg.calls.permissions import asking
from obieg.calls.permissions.comparison import Comparison
from obieg.calls.permissions.knowing import acquaint, grants_of, part, strangers
from obieg.calls.permissions.models import Change, Grant, OfficeFirm, Reading
from obieg.calls.permissions.reading import read
from obieg.calls.permissions.storing import reading_of
from obieg.office.models import Client, Event
from tests.calls.permissions.conftest import (
    ANNA,
    CUSTOMER,
    FIRM,
    OFFICE,
    a_client,
    elsewhere,
    keep,
    keep_token,
    to_anna,
    to_office,
)
from tests.ksef.office import gateway_of
from tests.ksef_emulator.certificates import seal

pytestmark = pytest.mark.django_db(transaction=True)


def changes(client: Client) -> list[tuple[str, str, str]]:
    rows = Change.objects.of_client(client).order_by("pk")
    return [(row.kind, row.who, row.scope) for row in rows]


def compared(client: Client) -> Comparison:
    return Comparison(reading_of(client), OfficeFirm.present())


def test_an_owner_reads_who_may_do_what(client: Client, emulator: Emulator) -> None:
    to_anna(emulator, "InvoiceRead", "CredentialsRead")
    to_office(emulator, "InvoiceRead", can_delegate=True)
    elsewhere(
        emulator, "authorize", CUSTOMER, "SelfInvoicing",
        name="Nabywca", description="Samofakturowanie",
    )  # fmt: skip
    reading = read(client)
    assert reading.reach == "full"
    found = {(row.family, row.holder, row.scope_name) for row in grants_of(client)}
    assert found == {
        ("person", "Anna Próbna, PESEL 85050512345", "przeglądanie faktur"),
        ("person", "Anna Próbna, PESEL 85050512345", "przeglądanie uprawnień"),
        ("person", "Biuro próbne, NIP 999-000-00-43", "przeglądanie faktur"),
        ("authorization", "Nabywca, NIP 999-000-00-66", "samofakturowanie"),
    }
    [office] = [row for row in grants_of(client) if row.holder_value == OFFICE]
    assert (office.can_delegate, office.author) == (True, "NIP 999-000-00-29")
    assert reading.by_office == reading.passed_on == ["InvoiceRead"]
    assert changes(client) == [], "the first reading is no change"


def test_what_somebody_did_elsewhere_is_told_once(client: Client, emulator: Emulator) -> None:
    to_office(emulator, "InvoiceRead")
    read(client)
    to_anna(emulator, "InvoiceWrite")
    [office] = grants_of(client)
    elsewhere(emulator, "revoke", office.ksef_id)
    read(client)
    read(client)
    assert changes(client) == [
        ("appeared", "Anna Próbna, PESEL 85050512345", "InvoiceWrite"),
        ("vanished", "Biuro próbne, NIP 999-000-00-43", "InvoiceRead"),
    ]
    assert [row.is_ours for row in Change.objects.of_client(client).order_by("pk")] == [False, True]
    [event, _] = Event.objects.of_client(client).filter(thing="permissions.grant").order_by("pk")
    assert event.kind == "appeared"
    assert event.after["holder"] == "PESEL *******2345", "a trail is never erased"
    assert Grant.objects.of_client(client).exclude(gone_at=None).count() == 1


def test_a_token_for_reading_sees_itself_only(emulator: Emulator, office: OfficeFirm) -> None:
    client = a_client()
    keep_token(client, emulator, "InvoiceRead")
    reading = read(client)
    assert (reading.reach, reading.held, reading.by_office) == ("own", ["InvoiceRead"], None)
    assert compared(client).missing == ["InvoiceWrite"]
    assert compared(client).to_ask_for == ["InvoiceRead", "InvoiceWrite"]
    assert not compared(client).by_button


def test_the_offices_certificate_is_tried_where_a_token_sees_too_little(
    emulator: Emulator, office: OfficeFirm
) -> None:
    client = a_client()
    keep_token(client, emulator, "InvoiceRead", "InvoiceWrite")
    keep(None, seal(OFFICE))
    assert read(client).by_office == [], "KSeF does not let it in"
    to_office(emulator, "InvoiceRead")
    assert read(client).by_office == ["InvoiceRead"]
    assert compared(client).missing == []
    assert compared(client).missing_for_office == ["InvoiceWrite"]


def test_the_office_loses_its_own_permission(emulator: Emulator, office: OfficeFirm) -> None:
    client = a_client()
    keep(None, seal(OFFICE))
    to_office(emulator, "InvoiceRead")
    to_office(emulator, "InvoiceWrite")
    assert read(client).by_office == ["InvoiceRead", "InvoiceWrite"]
    theirs = _id_in_ksef(emulator, "InvoiceWrite")
    elsewhere(emulator, "revoke", theirs)
    assert read(client).held == ["InvoiceRead"]
    assert changes(client) == [("vanished", "poświadczenie „certyfikat”", "InvoiceWrite")]
    assert compared(client).missing == ["InvoiceWrite"]
    Reading.objects.of_client(client).update(issues=False)
    assert compared(client).missing == []


def test_a_failure_keeps_what_was_read_and_says_why(client: Client, emulator: Emulator) -> None:
    to_anna(emulator, "InvoiceRead")
    read_at = read(client).read_at
    emulator.control.add_fault("status", path="/permissions/query/personal/grants", status=403)
    assert asking.ask_for(client.pk) is None
    reading = reading_of(client)
    assert (reading.read_at, len(grants_of(client))) == (read_at, 1)
    assert "odmówił" in reading.error_text


def test_a_failure_of_ksef_is_tried_again(client: Client, emulator: Emulator) -> None:
    emulator.control.add_fault("status", path="/permissions/query/personal/grants", status=503)
    wait = asking.ask_for(client.pk)
    assert wait == timedelta(minutes=2)
    assert reading_of(client).read_at is None


def test_strangers_are_those_whom_nobody_noted_and_who_have_left(
    client: Client, emulator: Emulator
) -> None:
    to_anna(emulator, "InvoiceRead")
    to_office(emulator, "InvoiceRead")
    read(client)
    [anna] = strangers(client)
    assert (anna.grant.holder_value, anna.former) == (ANNA.value, None)
    known = acquaint(anna.grant, everywhere=True, actor=None)
    assert strangers(client) == []
    part(known, day=timezone.localdate(), actor=None)
    [anna] = strangers(client)
    assert anna.former == known
    part(known, day=None, actor=None)
    assert strangers(client) == []
    kinds = Event.objects.across_clients().filter(thing="permissions.known").order_by("pk")
    assert [event.kind for event in kinds] == ["know", "depart", "return"]


def test_whom_one_client_knows_is_a_stranger_at_another(client: Client, emulator: Emulator) -> None:
    to_anna(emulator, "InvoiceRead")
    read(client)
    [anna] = strangers(client)
    acquaint(anna.grant, everywhere=False, actor=None)
    assert strangers(client) == []
    other = Client.objects.create(nip=CUSTOMER, name="Inna", environment="emulator")
    row = Grant.objects.of_client(client).get()
    row.pk, row.client = None, other
    row.save()
    assert len(strangers(other)) == 1


def test_each_night_every_served_client_is_read(client: Client, emulator: Emulator) -> None:
    Client.objects.create(nip=CUSTOMER, name="Dawna", environment="emulator", active=False)
    assert asking.ask_for_all() == 1
    assert asking.ask_for_all() == 0, "one waits already"


def _id_in_ksef(emulator: Emulator, scope: str) -> str:
    with gateway_of(emulator, FIRM) as gateway:
        return next(one.id for one in gateway.permissions.of_persons() if one.scope == scope)


def test_a_limit_puts_the_reading_off_until_it_may_run(client: Client, emulator: Emulator) -> None:
    ToldRates.objects.filter(context=FIRM).update(per_second=1)
    wait = asking.ask_for(client.pk)
    assert wait is not None
    assert wait >= timedelta(seconds=1)
    assert reading_of(client).error_text == "", "nothing is wrong: it will be read later"
    assert ProcrastinateJob.objects.filter(queueing_lock=f"permissions-{client.pk}").exists()
