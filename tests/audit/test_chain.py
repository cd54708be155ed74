"""Nothing that was sealed can be changed, cut off or slipped in without being found."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from obieg.audit.models import Seal
from obieg.audit.sealing import anchor_path, seal_new
from obieg.audit.verifying import verify
from obieg.calls.models import KsefCall
from obieg.office.models import Client, Event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def an_event(number: int = 1) -> Event:
    return Event.objects.create(
        thing="office.client", thing_id=number, kind="edit", after={"name": "Łąka"}
    )


def a_call(*, hours_ago: int) -> KsefCall:
    client, _ = Client.objects.across_clients().get_or_create(nip="9990000014", name="Łan")
    at = timezone.now() - timedelta(hours=hours_ago)
    return KsefCall.objects.create(
        environment="test",
        client=client,
        context="9990000014",
        group="other",
        operation="GET /x",
        credential_id=7,
        at=at,
        counted_at=at,
    )


TABLES = ("office_event", "calls_ksefcall", "audit_seal")


@contextmanager
def as_somebody_who_can() -> Iterator[None]:
    """Triggers switched off, as only the owner of the tables can."""
    for table in TABLES:
        execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    try:
        yield
    finally:
        for table in TABLES:
            execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_truncate")  # as conftest


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_untouched_chain_has_no_flaw() -> None:
    for number in range(5):
        an_event(number)
        seal_new()
    assert Seal.objects.count() == 5
    assert list(verify(anchor_path())) == []


def test_nothing_new_makes_no_seal() -> None:
    an_event()
    assert seal_new() is not None
    assert seal_new() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE office_event SET kind = 'x'",
        "DELETE FROM office_event",
        "UPDATE audit_seal SET digest = 'x'",
        "DELETE FROM audit_seal",
        "DELETE FROM calls_ksefcall",
        "UPDATE calls_ksefcall SET credential_id = 8",
    ],
)
def test_the_database_refuses_changes(statement: str) -> None:
    an_event()
    a_call(hours_ago=2)
    seal_new()
    with pytest.raises(ProgrammingError):
        execute(statement)


def test_a_call_takes_its_outcome_once() -> None:
    call = a_call(hours_ago=0)
    own = KsefCall.objects.across_clients().filter(pk=call.pk)
    own.update(status=200, duration_ms=12)
    with pytest.raises(ProgrammingError):
        own.update(status=404, duration_ms=13)


def test_a_call_is_sealed_once_it_can_no_longer_change() -> None:
    a_call(hours_ago=2)
    a_call(hours_ago=0)
    seal = seal_new()
    assert seal is not None
    assert seal.records == 1


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE office_event SET after = '{}' WHERE thing_id = 2", "zmieniono"),
        ("DELETE FROM office_event WHERE thing_id = 2", "wpisów jest 0"),
        ("UPDATE office_event SET at = at + interval '1 second' WHERE thing_id = 2", "zmieniono"),
        ("UPDATE calls_ksefcall SET credential_id = 8", "zmieniono"),
        ("DELETE FROM audit_seal WHERE number = 2", "brakuje plomby 2"),
    ],
)
def test_what_an_administrator_changed_is_found(statement: str, words: str) -> None:
    for number in (1, 2, 3):
        an_event(number)
        if number == 3:
            a_call(hours_ago=2)
        seal_new()
    with as_somebody_who_can():
        execute(statement)
    flaws = list(verify())
    assert flaws
    assert words in flaws[0].text


def test_an_entry_slipped_in_is_found() -> None:
    first = an_event(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('office_event', 'id'))")
    an_event(2)
    seal_new()
    Event.objects.create(pk=first.pk + 1, thing="office.client", thing_id=9, kind="edit")
    (flaw,) = verify()
    assert "wpisów jest 3" in flaw.text


def test_a_chain_cut_off_or_made_anew_is_found_by_the_anchor(tmp_path: Path) -> None:
    an_event(1)
    seal_new()
    an_event(2)
    seal_new()
    copy = tmp_path / "kept-elsewhere"
    copy.write_bytes(anchor_path().read_bytes())
    with as_somebody_who_can():
        execute("DELETE FROM audit_seal")
        execute("UPDATE office_event SET after = '{}'")
    seal_new()
    assert list(verify()) == []  # the new chain is sound in itself
    texts = [flaw.text for flaw in verify(copy)]
    assert texts == [
        "plomba 1 w bazie różni się od pliku kotwicy",
        "plomba 2 jest w pliku kotwicy, a nie ma jej w bazie",
    ]


def test_a_writer_in_the_way_is_not_passed_over() -> None:
    """A transaction that has its id but is not committed yet must not end below a seal."""
    holding, go = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            an_event(1)
            holding.set()
            go.wait(5)
        connection.close()

    writer = threading.Thread(target=slow_writer)
    writer.start()
    holding.wait(5)
    an_event(2)
    assert seal_new() is None
    go.set()
    writer.join()
    seal = seal_new()
    assert seal is not None
    assert seal.records == 2
