"""A client is erased when the law allows it, whole, once, and the trail still proves itself."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.db.utils import InternalError, ProgrammingError
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.audit.sealing import anchor_path, seal_new
from obieg.audit.verifying import verify
from obieg.inbox.models import Invoice
from obieg.office.models import Client, Event, Operator
from obieg.posting.models import Dekret, Lesson, Voucher
from obieg.retention import erasing, fates
from obieg.retention.erasing import ask, carry_out
from obieg.retention.errors import (
    AlreadyErased,
    BranchesFirst,
    MustStay,
    NeedsEverySight,
    StillServed,
    UnderWay,
)
from obieg.retention.fates import FATES, Fate, rows_of, tables
from obieg.retention.models import Erasure, Hold
from obieg.sales.models import Contractor, SaleXml
from tests.posting.factories import ClientFactory, OperatorFactory, purchase
from tests.retention.conftest import end

pytestmark = pytest.mark.django_db(transaction=True)
ALL, PART = Erasure.Reach.ALL, Erasure.Reach.PART


@pytest.fixture
def old(bor: Client) -> Client:
    """Bór, whose documents are of 2018 and whose cooperation ended eight years ago."""
    Invoice.objects.of_client(bor).update(issue_date="2018-03-01")
    Dekret.objects.of_client(bor).exclude(period=None).update(period="2018-03-01")
    rows_of(erasing.SaleXml.sale.field.related_model, bor).update(issue_date="2018-03-02")
    end(bor, years_ago=8)
    return bor


def erased(client: Client, reach: str, ewa: Operator) -> Erasure:
    erasure = ask(client, reach, reference="RODO/1", actor=ewa)
    carry_out(erasure.pk)
    return Erasure.objects.of_client(client).get(pk=erasure.pk)


def left(client: Client) -> dict[str, int]:
    """How many rows of the client are in each table that should have none."""
    gone = {label for label, fate in FATES.items() if fate in (Fate.AT_END, Fate.AFTER_PERIODS)}
    counts = {t._meta.label: rows_of(t, client).count() for t in tables() if t._meta.label in gone}
    return {label: count for label, count in counts.items() if count}


def test_a_served_client_is_not_erased(bor: Client, ewa: Operator) -> None:
    with pytest.raises(StillServed):
        ask(bor, PART, reference="", actor=ewa)


def test_documents_stay_until_their_tax_is_barred(bor: Client, ewa: Operator) -> None:
    end(bor, years_ago=8)
    with pytest.raises(MustStay) as refusal:
        ask(bor, ALL, reference="", actor=ewa)
    year = Invoice.objects.of_client(bor).latest("issue_date").issue_date.year
    assert refusal.value.facts["until"].isoformat() == f"{year + 6}-12-31"


def test_a_hold_keeps_what_the_law_no_longer_does(old: Client, ewa: Operator) -> None:
    until = timezone.localdate() + timedelta(days=1)
    Hold.objects.create(client=old, until=until, reason="kontrola")
    with pytest.raises(MustStay, match="kontrola"):
        ask(old, ALL, reference="", actor=ewa)


def test_a_head_goes_after_its_branches(old: Client, ewa: Operator) -> None:
    branch = Client.objects.create(
        nip="9990000018", name="x", branch_of=old, unit_kind="own", unit_name="Oddział"
    )
    with pytest.raises(BranchesFirst, match="Oddział"):
        ask(old, ALL, reference="", actor=ewa)
    end(branch, years_ago=8)
    erased(branch, ALL, ewa)
    assert erased(old, ALL, ewa).state == "done"


def test_only_who_sees_everybody_erases(old: Client, ewa: Operator) -> None:
    part = OperatorFactory(role="owner", serving=[old])
    with pytest.raises(NeedsEverySight):
        ask(old, PART, reference="", actor=part)


def test_what_may_go_now_goes_and_the_books_stay(bor: Client, ewa: Operator) -> None:
    end(bor)
    erasure = erased(bor, PART, ewa)
    assert erasure.counts["kontrahenci"] == 1
    assert not Contractor.objects.of_client(bor).exists()
    assert not Lesson.objects.of_client(bor).exists()
    assert Invoice.objects.of_client(bor).count() == 3
    assert Voucher.objects.of_client(bor).count() == 1
    assert Client.objects.of_client(bor.pk).get().name == "Bór Jan Bór"


def test_everything_goes_and_others_stay(old: Client, ewa: Operator) -> None:
    other = ClientFactory()
    purchase(other)
    before = {t: rows_of(t, other).count() for t in tables() if t._meta.label in FATES}
    erasure = erased(old, ALL, ewa)
    assert left(old) == {}
    assert erasure.counts["faktury"] == 3
    assert erasure.counts["zapisy na kontach"] > 0
    after = {t: rows_of(t, other).count() for t in tables() if t._meta.label in FATES}
    assert after == before
    shell = Client.objects.of_client(old.pk).get()
    assert (shell.name, shell.active) == (f"Klient nr {old.pk} (dane usunięte)", False)


def test_nothing_in_the_database_names_the_client_any_more(old: Client, ewa: Operator) -> None:
    nip = old.nip
    erased(old, ALL, ewa)
    with connection.cursor() as cursor:
        for table in tables():
            name = table._meta.db_table
            cursor.execute(
                f"SELECT count(*) FROM {name} t WHERE t::text LIKE %s OR t::text LIKE %s",
                [f"%{nip}%", "%Bór Jan%"],
            )
            assert cursor.fetchone() == (0,), name


def test_the_trail_keeps_who_and_when_and_its_seals(old: Client, ewa: Operator) -> None:
    seal_new()
    entries = Event.objects.of_client(old).values_list("pk", "actor", "at", "kind")
    before = list(entries)
    erasure = erased(old, ALL, ewa)
    assert list(entries)[: len(before)] == before
    said = Event.objects.of_client(old).exclude(before={}, after={})
    assert set(said.values_list("thing", flat=True)) == {"retention.erasure"}
    assert erasure.counts["wpisy śladu, z których usunięto treść"] > 0
    seal_new()
    assert list(verify(anchor_path())) == []


def test_the_trail_s_page_says_what_was_emptied(old: Client, ewa: Operator) -> None:
    erased(old, ALL, ewa)
    visitor = Visitor()
    visitor.force_login(ewa)
    page = visitor.get(reverse("audit"), {"klient": old.pk}).content.decode()
    assert "treść usunięta z danymi osoby" in page


def test_what_an_emptied_entry_still_says_cannot_be_changed(old: Client, ewa: Operator) -> None:
    erased(old, ALL, ewa)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE office_event DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE office_event SET kind = 'x'"
            " WHERE id = (SELECT min(event_id) FROM audit_redaction)"
        )
        cursor.execute("ALTER TABLE office_event ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE office_event DISABLE TRIGGER office_event_no_truncate")
    assert list(verify())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM posting_journalentry",
        "DELETE FROM posting_voucher",
        "UPDATE posting_voucher SET number = 9",
        "UPDATE office_event SET before = '{}', after = '{}'",
    ],
)
def test_outside_an_erasure_the_database_refuses(
    old: Client, ewa: Operator, statement: str
) -> None:
    seal_new()
    ask(old, ALL, reference="", actor=ewa)  # asked for, not begun
    with pytest.raises((ProgrammingError, InternalError)), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_database_refuses_before_the_day_even_within_an_erasure(
    old: Client, ewa: Operator
) -> None:
    erasure = ask(old, ALL, reference="", actor=ewa)
    Erasure.objects.of_client(old).update(state="erasing", kept_until=timezone.localdate())
    with pytest.raises(ProgrammingError):
        carry_out(erasure.pk)
    assert Invoice.objects.of_client(old).count() == 3


def test_cut_in_the_middle_it_is_done_again_and_ends(
    old: Client, ewa: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = ask(old, ALL, reference="", actor=ewa)

    def killed(client: Client) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(erasing, "_empty_client", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_out(erasure.pk)
    assert Invoice.objects.of_client(old).count() == 3
    assert Erasure.objects.of_client(old).get().state == "erasing"
    carry_out(erasure.pk)
    carry_out(erasure.pk)
    assert left(old) == {}
    assert Erasure.objects.of_client(old).get().state == "done"


def test_it_waits_for_the_seal_of_the_newest_entries(
    old: Client, ewa: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = ask(old, ALL, reference="", actor=ewa)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    monkeypatch.setattr(erasing, "seal_new", lambda: None)
    carry_out(erasure.pk)
    row = Erasure.objects.of_client(old).get()
    assert (row.state, Invoice.objects.of_client(old).count()) == ("erasing", 3)
    assert "plombowane" in row.error_text
    assert ProcrastinateJob.objects.filter(task_name=erasing.JOB).count() == 1


def test_files_of_the_client_go_too(
    old: Client, ewa: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OBIEG_DOCUMENTS", str(tmp_path))
    own = tmp_path / "2018/03/02" / old.nip
    foreign = tmp_path / "2018/03/02/9990000018"
    for folder in (own, foreign):
        folder.mkdir(parents=True)
        (folder / "1.xml").write_bytes(b"<x/>")
    erasure = erased(old, ALL, ewa)
    assert not own.exists()
    assert (foreign / "1.xml").exists()
    assert erasure.counts["pliki na dysku"] == 1


def test_a_client_is_erased_once(old: Client, ewa: Operator) -> None:
    erased(old, ALL, ewa)
    with pytest.raises(AlreadyErased):
        ask(old, PART, reference="", actor=ewa)


def test_two_are_not_under_way_at_once(old: Client, ewa: Operator) -> None:
    ask(old, PART, reference="", actor=ewa)
    with pytest.raises(UnderWay):
        ask(old, PART, reference="", actor=ewa)


def test_a_client_who_came_back_is_not_erased(old: Client, ewa: Operator) -> None:
    erasure = ask(old, PART, reference="", actor=ewa)
    with transaction.atomic():
        Client.objects.of_client(old.pk).update(active=True)
    carry_out(erasure.pk)
    assert Contractor.objects.of_client(old).exists()
    assert Erasure.objects.of_client(old).get().state == "refused"
    Client.objects.of_client(old.pk).update(active=False)
    assert erased(old, ALL, ewa).state == "done"  # once he has left again


def test_what_broke_is_taken_up_again_at_night(old: Client, ewa: Operator) -> None:
    erasure = ask(old, ALL, reference="", actor=ewa)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert erasing.resume() == 1
    assert erasing.resume() == 0  # it waits already
    carry_out(erasure.pk)
    assert erasing.resume() == 0


def test_the_protocol_does_not_name_the_client(old: Client, ewa: Operator) -> None:
    erasure = erased(old, ALL, ewa)
    assert "Bór" not in str(erasure.counts) + erasure.reference
    assert fates.rows_of(SaleXml, old).count() == 0
