"""Each night what is older than its period goes, and nothing younger."""

from datetime import date, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.audit.sealing import seal_new
from obieg.audit.verifying import verify
from obieg.calls.models import KsefCall
from obieg.exports.models import Export, ExportContent
from obieg.logins.models import BrowserSession, Tries
from obieg.mail.models import Letter
from obieg.office.models import Client, Event, Operator
from obieg.retention.kinds import BY_CODE, KINDS, End
from obieg.retention.periods import months_after, months_of, set_periods
from obieg.retention.tidying import GONE, codes, tidy
from obieg.watch.models import Alert
from tests.web import offices

pytestmark = pytest.mark.django_db(transaction=True)


def ago(months: int) -> datetime:
    return timezone.now() - timedelta(days=31 * months)


def letter(client: Client, months: int, state: str = "sent") -> Letter:
    return Letter.objects.create(
        client=client,
        occasion=f"{months}-{state}",
        recipients=["jan@example.pl"],
        subject="Faktura",
        text="Dzień dobry",
        state=state,
        sent_at=ago(months) if state == "sent" else None,
        created_at=ago(months),
    )


def test_letters_lose_their_body_after_their_period(bor: Client) -> None:
    old, young = letter(bor, 40), letter(bor, 30)
    waiting = letter(bor, 50, "queued")
    assert tidy()["letters"] == 1
    old, young, waiting = (
        Letter.objects.of_client(bor).get(pk=x.pk) for x in (old, young, waiting)
    )
    assert (old.text, old.recipients, old.subject) == (GONE, [], "Faktura")
    assert young.text == waiting.text == "Dzień dobry"
    assert "letters" not in tidy()


def test_sessions_attempts_and_alerts_go(bor: Client, ewa: Operator) -> None:
    Session.objects.create(session_key="a", session_data="", expire_date=ago(1))
    Session.objects.create(session_key="b", session_data="", expire_date=ago(-1))
    BrowserSession.objects.create(operator=ewa, session_key="a", used_at=ago(2))
    BrowserSession.objects.create(operator=ewa, session_key="b")
    Tries.objects.create(kind="login", digest="1", last_at=ago(4))
    Tries.objects.create(kind="login", digest="2", last_at=ago(2))
    for number, ended in enumerate((ago(30), ago(1), None)):
        Alert.objects.create(
            key=str(number),
            code="x",
            severity="watch",
            text="",
            url="",
            ended_at=ended,
            state="ended" if ended else "raised",
        )
    removed = tidy()
    assert (removed["sessions"], removed["tries"], removed["alerts"]) == (2, 1, 1)
    assert Alert.objects.across_clients().count() == 2


def test_the_file_of_an_old_export_goes_and_the_export_stays(bor: Client, ewa: Operator) -> None:
    made = offices.exported(bor, ewa)
    Export.objects.of_client(bor).update(created_at=ago(14))
    assert tidy()["exports"] == 1
    assert not ExportContent.objects.of_client(bor).exists()
    visitor = Visitor()
    visitor.force_login(ewa)
    response = visitor.get(reverse("exports-file", args=[made.pk]), follow=True)
    assert "Zrób go ponownie" in response.content.decode()


def test_unread_files_stay_and_read_ones_go(bor: Client) -> None:
    unread = offices.unreadable(bor)
    read = offices.unreadable(Client.objects.create(nip="9990000018", name="x"))
    type(read).objects.of_client(read.client_id).update(resolved_at=ago(5))
    assert tidy()["quarantine"] == 1
    assert type(unread).objects.across_clients().get() == unread


def test_old_calls_go_by_whole_months_and_the_chain_holds(bor: Client) -> None:
    for months in (30, 29, 2):
        at = ago(months)
        KsefCall.objects.create(
            environment="test",
            client=bor,
            context=bor.nip,
            group="other",
            operation="GET /x",
            at=at,
            counted_at=at,
            status=200,
            duration_ms=1,
        )
        seal_new()
    assert tidy()["calls"] == 2
    assert "calls" not in tidy()
    seal_new()
    assert list(verify()) == []


def test_the_night_is_told_in_the_trail(bor: Client) -> None:
    letter(bor, 40)
    tidy()
    assert Event.objects.across_clients().get(thing="retention.tidying").after == {"letters": 1}


def test_the_office_sets_longer_and_not_shorter_periods(ewa: Operator) -> None:
    wanted = {"calls": 36}
    assert set_periods(wanted, actor=ewa)
    assert months_of("calls") == 36
    assert not set_periods(wanted, actor=ewa)
    set_periods({"books": 12}, actor=ewa)  # past the form
    assert months_of("books") == BY_CODE["books"].least == 60


def test_the_form_refuses_less_than_the_law(ewa: Operator) -> None:
    visitor = Visitor()
    visitor.force_login(ewa)
    asked = {kind.code: kind.months for kind in KINDS if kind.is_setting}
    refused = visitor.post(reverse("retention-periods"), asked | {"books": 59})
    assert refused.status_code == 422
    assert visitor.post(reverse("retention-periods"), asked | {"books": 72}).status_code == 302
    assert months_of("books") == 72


def test_every_kind_that_goes_at_night_is_followed() -> None:
    """Those that other rooms follow have no setting here."""
    nightly = {kind.code for kind in KINDS if kind.end == End.NIGHT and kind.is_setting}
    assert nightly | {"handed", "operators"} == set(codes())


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 21), 60, date(2031, 11, 21)),
        (date(2026, 11, 21), -24, date(2024, 11, 21)),
        (date(2026, 12, 31), 60, date(2031, 12, 31)),
        (date(2024, 2, 29), 12, date(2025, 3, 1)),
        (date(2026, 1, 31), -2, date(2025, 12, 1)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected
