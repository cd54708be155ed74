"""Old records may go, and the chain still proves the rest; nothing goes by another door."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db.utils import ProgrammingError
from django.utils import timezone

from obieg.audit.models import Pruning
from obieg.audit.pruning import prune
from obieg.audit.sealing import anchor_path, seal_new
from obieg.audit.verifying import verify
from obieg.calls.models import KsefCall
from obieg.office.models import Client, Event
from obieg.vault.models import Credential, CredentialUse
from tests.audit.test_chain import an_event, as_somebody_who_can, execute

pytestmark = pytest.mark.django_db(transaction=True)

TWO_YEARS = timedelta(days=730)


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings: pytest.FixtureRequest) -> Path:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def calls(count: int, *, days_ago: int) -> None:
    client, _ = Client.objects.across_clients().get_or_create(nip="9990000014", name="Łan")
    at = timezone.now() - timedelta(days=days_ago)
    KsefCall.objects.bulk_create(
        KsefCall(
            environment="test",
            client=client,
            context=client.nip,
            group="other",
            operation="GET /x",
            at=at,
            counted_at=at,
            status=200,
            duration_ms=3,
        )
        for _ in range(count)
    )
    an_event()
    seal_new()


def uses(*, days_ago: int) -> None:
    credential = Credential.objects.create(
        kind="token", environment="test", label="x", ciphertext=b"x", wrapped_key=b"x", active=False
    )
    CredentialUse.objects.create(
        credential=credential, purpose="test", at=timezone.now() - timedelta(days=days_ago)
    )
    seal_new()


def two_years_ago() -> datetime:
    return timezone.now() - TWO_YEARS


def test_old_calls_go_and_leave_their_numbers_in_the_trail() -> None:
    calls(3, days_ago=800)
    calls(2, days_ago=760)
    calls(4, days_ago=30)
    pruning = prune("calls", two_years_ago())
    assert pruning is not None
    assert (pruning.records, KsefCall.objects.across_clients().count()) == (5, 4)
    assert sum(pruning.months.values()) == 5
    entry = Event.objects.across_clients().get(thing="audit.pruning")
    assert entry.after["count"] == 5
    assert entry.after["digest"] == pruning.digest
    assert list(verify(anchor_path())) == []


def test_uses_of_credentials_go_the_same_way() -> None:
    uses(days_ago=800)
    uses(days_ago=1)
    assert prune("uses", two_years_ago()) is not None
    assert CredentialUse.objects.across_clients().count() == 1
    assert list(verify()) == []


def test_only_the_seals_go_whose_calls_are_all_old() -> None:
    calls(1, days_ago=800)
    calls(1, days_ago=700)
    prune("calls", two_years_ago())
    assert KsefCall.objects.across_clients().count() == 1


def test_nothing_old_is_nothing_done() -> None:
    calls(1, days_ago=30)
    assert prune("calls", two_years_ago()) is None
    calls(1, days_ago=800)  # after a younger one: it waits for it
    assert prune("calls", two_years_ago()) is None


def test_the_second_pruning_goes_on_where_the_first_ended() -> None:
    calls(2, days_ago=900)
    first = prune("calls", timezone.now() - timedelta(days=850))
    calls(3, days_ago=800)
    second = prune("calls", two_years_ago())
    assert first is not None
    assert second is not None
    assert (second.from_id, second.records) == (first.to_id, 3)
    assert prune("calls", two_years_ago()) is None
    assert list(verify()) == []


def test_the_database_refuses_what_is_younger_than_a_year() -> None:
    calls(1, days_ago=300)
    with pytest.raises(ProgrammingError, match="younger than a year"):
        Pruning.objects.create(source="calls", seal=1)
    assert KsefCall.objects.across_clients().count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM calls_ksefcall",
        "DELETE FROM vault_credentialuse",
        "DELETE FROM audit_pruning",
        "UPDATE audit_pruning SET records = 0",
        "UPDATE office_event SET before = '{}', after = '{}'",
    ],
)
def test_the_database_refuses_every_other_way(statement: str) -> None:
    calls(1, days_ago=900)
    prune("calls", timezone.now() - timedelta(days=850))
    calls(1, days_ago=800)
    uses(days_ago=800)
    with pytest.raises(ProgrammingError):
        execute(statement)


def test_calls_removed_by_another_hand_are_found() -> None:
    calls(2, days_ago=800)
    with as_somebody_who_can():
        execute("DELETE FROM calls_ksefcall")
    (flaw,) = verify()
    assert "wpisów jest 1, zaplombowano 3" in flaw.text


def test_a_pruning_that_the_trail_does_not_know_is_found() -> None:
    calls(2, days_ago=800)
    with as_somebody_who_can():
        execute("ALTER TABLE audit_pruning DISABLE TRIGGER USER")
        execute("DELETE FROM calls_ksefcall")
        execute(
            "INSERT INTO audit_pruning (source, seal, from_id, to_id, records, months, digest, at)"
            " VALUES ('calls', 1, 0, 1000000, 2, '{}', '', now())"
        )
        execute("ALTER TABLE audit_pruning ENABLE TRIGGER USER")
        execute("ALTER TABLE audit_pruning DISABLE TRIGGER audit_pruning_no_truncate")
    assert any("ślad nie mówi" in flaw.text for flaw in verify())


def test_a_call_slipped_into_what_was_pruned_is_found() -> None:
    calls(1, days_ago=800)
    gone = KsefCall.objects.across_clients().get().pk
    prune("calls", two_years_ago())
    at = timezone.now()
    KsefCall.objects.create(
        pk=gone,
        environment="test",
        context="",
        group="other",
        operation="GET /y",
        at=at,
        counted_at=at,
    )
    assert list(verify())
