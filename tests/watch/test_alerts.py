"""An alert is told once, may be acknowledged, and ends by itself; nights are quiet."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from obieg.inbox.models import Channel, Role
from obieg.mail.models import Letter
from obieg.office.models import Client, Event, Operator
from obieg.office.states import IllegalTransition
from obieg.vault.models import Credential
from obieg.watch.alerts import acknowledge, evaluate, watch
from obieg.watch.checks.table import findings
from obieg.watch.models import Alert, WatchSettings
from obieg.watch.telling import is_quiet
from tests.watch.conftest import look

pytestmark = pytest.mark.django_db

OFFICE = "biuro@bilans.example"


@pytest.fixture
def told_by_mail(db: None) -> WatchSettings:
    settings = WatchSettings(recipients=[OFFICE])
    settings.save()
    return settings


def fail(client: Client, failures: int = 1) -> None:
    rows = Channel.objects.of_client(client).filter(role=Role.BUYER)
    rows.update(failures=failures, error_text="KSeF nie odpowiada")


def alerts() -> list[Alert]:
    return list(Alert.objects.across_clients().order_by("pk"))


def letters() -> list[Letter]:
    return list(Letter.objects.across_clients().order_by("pk"))


def at(hour: int, minute: int = 0) -> datetime:
    """That time in Warsaw on the day of the tests, in UTC (winter)."""
    day = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return (day + timedelta(hours=hour - 13, minutes=minute)).astimezone(UTC)


def test_a_fault_is_told_once_while_it_lasts(bor: Client, told_by_mail: WatchSettings) -> None:
    fail(bor)
    watch()
    watch()
    (alert,) = alerts()
    (letter,) = letters()
    assert (alert.state, alert.client_id) == ("raised", bor.pk)
    assert letter.recipients == [OFFICE]
    assert letter.subject == "Obieg: 1 alert"
    assert "Synchronizacja z błędem, Bór sp. z o.o.: 1 kanał z błędem" in letter.text


def test_an_alert_ends_by_itself_and_that_is_told(bor: Client, told_by_mail: WatchSettings) -> None:
    fail(bor)
    watch()
    fail(bor, 0)
    watch()
    watch()
    (alert,) = alerts()
    assert alert.state == "ended"
    assert alert.ended_at is not None
    assert [letter.subject for letter in letters()] == ["Obieg: 1 alert", "Obieg: alerty ustały"]


def test_the_same_fault_later_is_a_new_alert(bor: Client, told_by_mail: WatchSettings) -> None:
    for failures in (1, 0, 1):
        fail(bor, failures)
        watch()
    assert [alert.state for alert in alerts()] == ["ended", "raised"]


def test_two_rounds_at_once_raise_one_alert(bor: Client) -> None:
    fail(bor)
    found = list(findings(look()))
    now = timezone.now()
    evaluate(found, now)
    Alert.objects.bulk_create(  # what the slower round would have written
        [
            Alert(
                client=bor, key=found[0].key, code=found[0].code, severity="watch", text="", url=""
            )
        ],
        ignore_conflicts=True,
    )
    assert len(alerts()) == 1


def test_who_acknowledged_and_why_stays_written(
    bor: Client, anna: Operator, told_by_mail: WatchSettings
) -> None:
    fail(bor)
    watch()
    assert acknowledge(alerts(), actor=anna, note="klient odnawia uprawnienia") == 1
    watch()
    (alert,) = alerts()
    assert (alert.acknowledged_by, alert.note) == (anna, "klient odnawia uprawnienia")
    assert len(letters()) == 1
    trail = Event.objects.of_client(bor).filter(thing="watch.alert")
    assert [(event.kind, event.actor) for event in trail] == [("acknowledge", anna)]
    with pytest.raises(IllegalTransition):
        acknowledge([alert], actor=anna)


def test_what_was_acknowledged_before_it_was_told_is_not_told(bor: Client, anna: Operator) -> None:
    fail(bor)
    watch()
    acknowledge(alerts(), actor=anna)
    WatchSettings(recipients=[OFFICE]).save()
    watch()
    assert letters() == []


def test_what_becomes_worse_is_told_again(bor: Client, told_by_mail: WatchSettings) -> None:
    for failures in (1, 2, 3, 4):
        fail(bor, failures)
        watch()
    (alert,) = alerts()
    assert alert.severity == "stop"
    assert [letter.subject for letter in letters()] == [
        "Obieg: 1 alert",
        "Obieg: 1 alert, pilnych: 1",
    ]


def test_many_faults_are_one_letter(bor: Client, told_by_mail: WatchSettings) -> None:
    fail(bor, 3)
    Credential.objects.of_client(bor).update(active=False)
    watch()
    (letter,) = letters()
    assert letter.subject == "Obieg: 2 alerty, pilnych: 2"


def test_a_certificate_is_told_once_at_each_threshold(
    bor: Client, told_by_mail: WatchSettings
) -> None:
    now, subjects = timezone.now(), []
    for days in (61, 60, 59, 45, 31, 30, 29, 15, 14, 8, 7, 4, 3, 2, 1):
        Credential.objects.of_client(bor).update(valid_to=now + timedelta(days=days))
        before = len(letters())
        watch(now)
        new = [letter.text for letter in letters()[before:] if "Nowe" in letter.text]
        subjects += [days for _ in new]
        now += timedelta(microseconds=1)  # the occasion of a letter is its moment
    assert subjects == [60, 30, 14, 7, 3, 1]


@pytest.mark.parametrize(
    ("start", "end", "quiet"),
    [
        (time(22), time(6), {23: True, 0: True, 5: True, 6: False, 12: False, 22: True}),
        (time(12), time(14), {11: False, 12: True, 13: True, 14: False, 23: False}),
        (time(8), time(8), {8: False, 20: False}),
        (None, None, {3: False}),
    ],
)
def test_quiet_hours_are_those_of_warsaw(
    start: time | None, end: time | None, quiet: dict[int, bool]
) -> None:
    settings = WatchSettings(quiet_from=start, quiet_to=end)
    assert {hour: is_quiet(settings, at(hour)) for hour in quiet} == quiet


def quiet_now(settings: WatchSettings) -> None:
    """Let the quiet hours hold from an hour ago for two hours."""
    now = timezone.localtime()
    settings.quiet_from = (now - timedelta(hours=1)).time()
    settings.quiet_to = (now + timedelta(hours=1)).time()
    settings.save()


def test_quiet_hours_hold_back_what_is_not_urgent(bor: Client, told_by_mail: WatchSettings) -> None:
    quiet_now(told_by_mail)
    fail(bor)
    watch()
    assert letters() == []
    watch(timezone.now() + timedelta(hours=1, minutes=5))
    assert len(letters()) == 1


@pytest.mark.parametrize(("breaks", "count"), [(True, 1), (False, 0)])
def test_what_is_urgent_breaks_the_quiet_where_that_is_set(
    bor: Client, told_by_mail: WatchSettings, breaks: bool, count: int
) -> None:
    told_by_mail.stop_breaks_quiet = breaks
    quiet_now(told_by_mail)
    fail(bor, 3)
    watch()
    assert len(letters()) == count
