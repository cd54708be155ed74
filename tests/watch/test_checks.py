"""Each fault is found as exactly itself, and an office without faults is green."""

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.calls.models import KsefCall
from obieg.calls.permissions.knowing import acquaint
from obieg.calls.permissions.models import Acquaintance, Change, Grant, Order, Reading
from obieg.calls.review import review_of
from obieg.calls.reviewed import confirm
from obieg.inbox.models import Channel, Package, Role
from obieg.mail.models import Letter
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.posting.models import Dekret
from obieg.sales.models import Outage, Sale
from obieg.sales.states import SaleState
from obieg.vault.credentials import TOKENS_END
from obieg.vault.models import Credential, CredentialKind, CredentialUsage
from obieg.watch.checks.table import CHECKS, findings
from obieg.watch.models import Comparison, Post, Tally, WatchSettings
from tests.sales.factories import a_profile, a_sale
from tests.watch.conftest import a_client, a_credential, a_worker, look, told
from tests.web import offices

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def _channels(client: Client) -> Any:
    return Channel.objects.of_client(client)


def _late(client: Client, hours: int = 5) -> None:
    _channels(client).filter(role=Role.BUYER).update(last_ok_at=timezone.now() - hours * HOUR)


def _never(client: Client) -> None:
    _channels(client).update(last_ok_at=None)
    Client.objects.across_clients().update(created_at=timezone.now() - 30 * HOUR)


def _failing(client: Client) -> None:
    _channels(client).filter(role=Role.BUYER).update(failures=1, error_text="KSeF nie odpowiada")


def _failing_for_long(client: Client) -> None:
    _channels(client).filter(role=Role.BUYER).update(failures=3, error_text="Brak uprawnień")


def _package(client: Client, **changes: Any) -> None:
    Package.objects.create(
        channel=_channels(client)[0],
        window_from=timezone.now(),
        sealed_key=b"",
        changed_at=timezone.now() - 7 * HOUR,
        **changes,
    )


def _unclassified(client: Client) -> None:
    dekret = offices.unknown_purchase(client)
    Dekret.objects.of_client(client).filter(pk=dekret.pk).update(
        queued_at=timezone.now() - 25 * HOUR
    )


def _sale(client: Client, state: str, **changes: Any) -> Sale:
    a_profile(client)
    return a_sale(state, client=client, **changes)


def _offline(client: Client, issued: date) -> None:
    _sale(client, SaleState.WAITING, issue_date=issued)


def _token(client: Client) -> None:
    a_credential(client, kind=CredentialKind.TOKEN, valid_to=TOKENS_END)


def _no_access(client: Client) -> None:
    Credential.objects.of_client(client).update(active=False)


def _outage(client: Client) -> None:
    Outage.objects.create(
        environment=client.environment,
        kind=Outage.Kind.FAILURE,
        started_at=timezone.now() - HOUR,
        source=Outage.Source.LIGHTHOUSE,
    )


def _calls(client: Client, good: int, bad: int, lost: int = 0) -> None:
    moment = timezone.now() - timedelta(minutes=5)
    for status in (*[200] * good, *[503] * bad, *[None] * lost):
        KsefCall.objects.create(
            environment=client.environment,
            client=client,
            context=client.nip,
            group="others",
            operation="GET /x",
            at=moment,
            counted_at=moment,
            status=status,
        )


def _tally(client: Client, fetched: int) -> None:
    Tally.objects.create(
        client=client,
        environment=client.environment,
        role=Role.BUYER,
        day=timezone.localdate() - timedelta(days=1),
        expected=5,
        missing=2,
        fetched=fetched,
        stored=3 + fetched,
        compared_at=timezone.now(),
    )


def _not_compared(client: Client) -> None:
    Comparison.objects.create(
        client=client,
        environment=client.environment,
        role=Role.BUYER,
        date_from=date(2026, 11, 14),
        date_to=date(2026, 11, 20),
        position=timezone.now(),
        state="failed",
        error_text="KSeF odmówił dostępu",
        ended_at=timezone.now(),
    )


def _dead_worker(_: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
    a_worker(timezone.now() - timedelta(minutes=2))


def _job(status: str = "todo") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args, status) "
            "VALUES ('inbox.store', 'default', '{}', 'doing'::procrastinate_job_status) "
            "RETURNING id"
        )
        (key,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
            [status, key],
        )


def _queue(_: Client) -> None:
    settings = WatchSettings.present()
    settings.queue_depth = 2
    settings.save()
    for _place in range(3):
        _job()


def _full_disk(_: Client) -> None:
    settings = WatchSettings.present()
    settings.free_gb = shutil.disk_usage("/").free // 1024**3 * 2 + 1000
    settings.save()


def _unsealed(client: Client) -> None:
    Event.objects.create(
        client=client, thing="x", thing_id=1, kind="x", at=timezone.now() - 4 * HOUR
    )


def _letter(_: Client) -> None:
    Letter.objects.create(
        occasion="x", recipients=["a@b.example"], subject="s", text="t", state="failed"
    )


def _post(_: Client) -> None:
    Post.objects.create(body="{}", state="failed", error_text="odpowiedział 500")


def _held_for_long(client: Client) -> None:
    long_ago = timezone.now() - timedelta(days=100)
    Credential.objects.of_client(client).update(created_at=long_ago)


def _read(client: Client, *held: str) -> None:
    Reading.objects.create(
        client=client, environment=client.environment, read_at=timezone.now(), held=[*held]
    )


def _ksef_grant(client: Client) -> Grant:
    who = {"holder_kind": "Pesel", "holder_value": "85050512347", "holder_name": "Anna Próbna"}
    return Grant.objects.create(
        client=client,
        environment=client.environment,
        scope="InvoiceRead",
        since=timezone.now(),
        **who,
    )


def _former(client: Client) -> None:
    acquaint(_ksef_grant(client), everywhere=True, actor=None)
    Acquaintance.objects.across_clients().update(left_on=timezone.localdate())


def _changed(client: Client, kind: str, *, is_ours: bool = False) -> None:
    Change.objects.create(
        client=client, environment=client.environment, kind=kind, scope="InvoiceRead",
        who="Anna Próbna", is_ours=is_ours,
    )  # fmt: skip


def _slow_order(client: Client) -> None:
    Order.objects.create(
        client=client, environment=client.environment, act="firm", family="person",
        holder_kind="Nip", holder_value="9990000043", scopes=["InvoiceRead"], state="sent",
        created_at=timezone.now() - 3 * HOUR,
    )  # fmt: skip


class Fault(NamedTuple):
    code: str
    severity: str
    words: str
    make: Callable[[Client], object]


FAULTS = [
    Fault("sync.late", "watch", "ostatnia udana", lambda c: _late(c, hours=5)),
    Fault("sync.late", "stop", "ostatnia udana", lambda c: _late(c, hours=25)),
    Fault("sync.late", "stop", "jeszcze nie wszystko", _never),
    Fault("sync.failing", "watch", "1 kanał z błędem: KSeF nie odpowiada", _failing),
    Fault("sync.failing", "stop", "Brak uprawnień", _failing_for_long),
    Fault("packages.stuck", "watch", "1 paczka stoi", lambda c: _package(c, state="ordered")),
    Fault("packages.stuck", "stop", "1 paczka stoi", lambda c: _package(c, state="unreadable")),
    Fault("files.quarantined", "stop", "1 plik", offices.unreadable),
    Fault("documents.unclassified", "stop", "1 dokument", _unclassified),
    Fault("sales.rejected", "stop", "1 faktura odrzucona", lambda c: _sale(c, "rejected")),
    Fault(
        "sales.unanswered",
        "stop",
        "1 faktura bez odpowiedzi",
        lambda c: _sale(c, "sending", claimed_at=timezone.now() - 2 * HOUR),
    ),
    Fault(
        "sales.offline",
        "watch",
        "1 faktura offline",
        lambda c: _offline(c, timezone.localdate()),
    ),
    Fault("sales.offline", "stop", "1 faktura offline", lambda c: _offline(c, date(2026, 10, 1))),
    *(
        Fault("credentials.expiring", severity, "wygasa", lambda c, d=days: a_credential(c, days=d))
        for days, severity in [(59, "watch"), (29, "watch"), (7, "stop"), (1, "stop")]
    ),
    Fault("credentials.expiring", "stop", "wygasło", lambda c: a_credential(c, days=-2)),
    Fault("credentials.office", "watch", "wygasa", lambda c: a_credential(None, days=20)),
    Fault("credentials.review", "watch", "czeka na przegląd właściciela", _held_for_long),
    Fault("credentials.missing", "stop", "brak dostępu", _no_access),
    Fault("permissions.missing", "stop", "brakuje: wystawianie", lambda c: _read(c, "InvoiceRead")),
    Fault("permissions.changed", "watch", "1 zmiana", lambda c: _changed(c, "appeared")),
    Fault(
        "permissions.changed",
        "stop",
        "odebrano biuru",
        lambda c: _changed(c, "vanished", is_ours=True),
    ),
    Fault("permissions.strangers", "watch", "1 nieznany", _ksef_grant),
    Fault("permissions.strangers", "stop", "już nie pracuje", _former),
    Fault("permissions.unanswered", "watch", "bez odpowiedzi", _slow_order),
    Fault("ksef.outage", "stop", "Awaria KSeF", _outage),
    Fault("ksef.calls", "watch", "2 z 20 wywołań", lambda c: _calls(c, 18, 2)),
    Fault("ksef.calls", "stop", "10 z 20 wywołań", lambda c: _calls(c, 10, 5, lost=5)),
    Fault("completeness.missing", "stop", "brakuje 1 faktury", lambda c: _tally(c, 1)),
    Fault("completeness.failed", "watch", "KSeF odmówił", _not_compared),
    Fault("jobs.worker", "stop", "żaden proces", _dead_worker),
    Fault("jobs.failed", "watch", "inbox.store", lambda c: _job("failed")),
    Fault("disk.free", "stop", "wolne", _full_disk),
    Fault("audit.seal", "watch", "bez plomby", _unsealed),
    Fault("mail.failed", "watch", "1 list", _letter),
    Fault("webhook.failed", "watch", "odpowiedział 500", _post),
]


def test_an_office_without_faults_is_green(bor: Client) -> None:
    assert list(findings(look())) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code}-{fault.severity}")
def test_a_fault_is_found_as_exactly_itself(fault: Fault, bor: Client) -> None:
    fault.make(bor)
    found = [one for one in findings(look()) if one.code != "audit.seal" or fault.code == one.code]
    assert told(found) == [(fault.code, fault.severity)]
    assert fault.words in found[0].text


def test_every_check_has_a_fault_that_it_finds() -> None:
    below = {"credentials.token", "jobs.queue", "backup.age"}
    of_the_vault = {  # in test_vault_checks.py
        *("credentials.renewal", "credentials.renewal_office", "credentials.unended"),
        *("credentials.operator", "vault.rotation"),
    }
    found = {fault.code for fault in FAULTS} | below | of_the_vault
    assert found == {check.code for check in CHECKS}


def test_a_token_is_told_as_its_end_comes_near(bor: Client) -> None:
    _token(bor)
    midsummer, november, christmas, after = (
        TOKENS_END - timedelta(days=days) for days in (180, 40, 5, -1)
    )
    of = {
        now: next(iter(findings(look(now=now), _only("credentials.token"))))
        for now in (midsummer, november, christmas, after)
    }
    assert [str(of[now].severity) for now in of] == ["watch", "watch", "stop", "stop"]
    assert "40 dni" in of[november].text
    assert "już nie działają" in of[after].text
    assert len({of[now].key for now in of}) == 4  # each notice is told once


def _only(code: str) -> Any:
    return [check for check in CHECKS if check.code == code]


def test_the_review_is_asked_for_each_quarter_until_it_is_confirmed(
    bor: Client, ewa: Operator
) -> None:
    _held_for_long(bor)
    asked = _only("credentials.review")
    assert len(list(findings(look(), asked))) == 1
    confirm(review_of(ewa), note="", actor=ewa)
    assert list(findings(look(), asked)) == []
    next_quarter = timezone.now() + timedelta(days=95)
    assert len(list(findings(look(now=next_quarter), asked))) == 1


def test_a_long_queue_is_found(bor: Client) -> None:
    settings = WatchSettings(queue_depth=2)
    settings.save()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args) "
            "SELECT 'x', 'default', '{}' FROM generate_series(1, 3)"
        )
        cursor.execute(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args, scheduled_at) "
            "SELECT 'x', 'default', '{}', now() + '1 day' FROM generate_series(1, 3)"
        )
    assert ProcrastinateJob.objects.filter(status="todo").count() == 6
    (found,) = findings(look())
    assert (found.code, found.text[:8]) == ("jobs.queue", "3 zadani")


def test_an_old_or_missing_backup_is_found(bor: Client, backups: Path) -> None:
    later = timezone.now() + 31 * HOUR
    (old,) = findings(look(now=later), _only("backup.age"))
    assert "ostatnia kopia" in old.text
    next(backups.iterdir()).unlink()
    assert list(findings(look(), _only("backup.age"))) == []  # installed a moment ago
    (none,) = findings(look(now=later), _only("backup.age"))
    assert none.text == "nie ma kopii zapasowej"


def test_the_notice_of_a_certificate_changes_with_its_threshold(bor: Client) -> None:
    keys = []
    for days in (70, 60, 40, 30, 29, 14, 7, 3, 1, 0, -1):
        credential = Credential.objects.of_client(bor).get(active=True)
        Credential.objects.of_client(bor).update(
            valid_to=timezone.now() + timedelta(days=days, minutes=-1 if days else 1)
        )
        keys += [one.key.rpartition(f"{credential.pk}-")[2] for one in findings(look())]
    assert keys == ["60", "60", "30", "30", "14", "7", "3", "1", "1", "0"]


def test_access_signed_outside_is_a_way_in_and_is_told_when_it_ends(bor: Client) -> None:
    Credential.objects.of_client(bor).update(usage=CredentialUsage.SIGNATURE)

    def in_days(days: int) -> None:
        Credential.objects.of_client(bor).update(valid_to=timezone.now() + timedelta(days=days))

    in_days(5)
    assert list(findings(look())) == []
    in_days(1)
    assert told(list(findings(look()))) == [("credentials.expiring", "stop")]
    in_days(-1)
    codes = {one.code for one in findings(look())}
    assert codes == {"credentials.expiring", "credentials.missing"}


@pytest.mark.parametrize("change", [{"active": False}, {"environment": KsefEnvironment.DEMO}])
def test_a_client_no_longer_served_there_is_left_alone(bor: Client, change: Any) -> None:
    _late(bor)
    _failing(bor)
    if "active" not in change:
        a_credential(None, environment=KsefEnvironment.DEMO)
    Client.objects.across_clients().filter(pk=bor.pk).update(**change)
    assert list(findings(look())) == []


def test_an_operator_finds_only_what_is_his_clients(bor: Client, anna: Operator) -> None:
    cis = a_client("Cis Jan Cis")
    for client in (bor, cis):
        _failing(client)
        offices.unreadable(client) if client is bor else _tally(client, 0)
    _dead_worker(bor)
    assert told(list(findings(look(anna)))) == [
        ("sync.failing", "watch"),
        ("files.quarantined", "stop"),
    ]
    assert {one.client for one in findings(look(anna))} == {"Bór sp. z o.o."}
    assert len(list(findings(look()))) == 5


def test_links_lead_to_lists_that_exist(bor: Client, ewa: Operator) -> None:
    from tests.web.conftest import as_operator

    for fault in FAULTS:
        if fault.code not in ("completeness.failed", "jobs.worker"):
            _once(fault, bor)
    visitor = as_operator(ewa)
    addresses = {one.url for one in findings(look(ewa))}
    assert len(addresses) > 6
    assert {address: visitor.get(address).status_code for address in addresses} == dict.fromkeys(
        addresses, 200
    )


def _once(fault: Fault, client: Client) -> None:
    seen = {one.code for one in findings(look())}
    if fault.code not in seen:
        fault.make(client)


def test_who_may_not_open_the_page_of_permissions_is_not_told_of_strangers(
    bor: Client, anna: Operator, ewa: Operator
) -> None:
    _ksef_grant(bor)
    _read(bor)
    assert {one.code for one in findings(look(ewa))} == {
        "permissions.missing",
        "permissions.strangers",
    }
    assert [one.code for one in findings(look(anna))] == ["permissions.missing"]
