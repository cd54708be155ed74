"""When nobody works on the jobs, the supervisor has it told: once, and again when it is over."""

import os
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from obieg.config import watchdog
from obieg.config.watchdog import AGAIN, EVERY, PATIENCE, RETRY, Watchdog
from obieg.mail.errors import MailUnavailable
from obieg.mail.models import MailServer
from obieg.mail.server import set_password
from obieg.watch import directly
from obieg.watch.models import WatchSettings

pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """A program that tells, and ends at once with the status of the moment."""

    def __init__(self, office: "Office", what: str, minutes: int) -> None:
        self.office, self.news = office, (what, minutes)

    def start(self) -> None:
        self.office.told.append(self.news)

    def poll(self) -> int:
        return self.office.status


class Office:
    """A queue, its worker, and a clock that goes as it is told."""

    def __init__(self) -> None:
        self.now, self.told, self.status = 1000.0, list[tuple[str, int]](), 0
        url = urlsplit(os.environ["DATABASE_URL"])
        self.url = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
        self.works, self.progresses = True, True
        self.dog = Watchdog(
            lambda: self.url, lambda *news: Told(self, *news), clock=lambda: self.now
        )

    def passes(self, seconds: int) -> None:
        """Time passes; a worker that works beats, and takes the next job."""
        for _ in range(0, seconds, EVERY):
            self.now += EVERY
            self.set_worker("now()" if self.works else "now() - interval '1 day'")
            if self.progresses:
                run("DELETE FROM procrastinate_jobs")
                self.add_job()
            self.dog.tend()
            self.dog.tend()  # the telling has ended

    def set_worker(self, heartbeat: str) -> None:
        run("DELETE FROM procrastinate_workers")
        run(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({heartbeat})")

    def add_job(self) -> None:
        run("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'x')")


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_worker_that_works_is_left_alone(office: Office) -> None:
    office.passes(3 * PATIENCE)
    assert office.told == []


def test_a_dead_worker_is_told_of_once_and_its_return_too(office: Office) -> None:
    office.passes(PATIENCE)
    office.works = office.progresses = False
    office.passes(PATIENCE - EVERY)
    assert office.told == []
    office.passes(10 * PATIENCE)
    assert office.told == [("dead", PATIENCE // 60)]
    office.passes(AGAIN)
    assert [what for what, _ in office.told] == ["dead", "dead"]
    office.works = office.progresses = True
    office.passes(2 * PATIENCE)
    assert [what for what, _ in office.told] == ["dead", "dead", "over"]


def test_a_worker_that_lives_and_takes_no_job_is_told_of(office: Office) -> None:
    office.passes(PATIENCE)
    office.progresses = False
    office.passes(2 * PATIENCE)
    assert [what for what, _ in office.told] == ["stuck"]


def test_an_empty_queue_is_no_standstill(office: Office) -> None:
    office.progresses = False
    run("DELETE FROM procrastinate_jobs")
    office.passes(3 * PATIENCE)
    assert office.told == []


def test_what_could_not_be_told_is_tried_again(office: Office) -> None:
    office.works, office.status = False, 1
    office.passes(PATIENCE + 2 * RETRY)
    assert len(office.told) == 3
    office.status = 0
    office.passes(5 * RETRY)
    assert len(office.told) == 4


def test_a_database_that_does_not_answer_is_not_taken_for_a_dead_worker(office: Office) -> None:
    office.works, office.url = False, "postgresql://127.0.0.1:1/none"
    for _ in range(2 * PATIENCE // EVERY):
        office.now += EVERY
        office.dog.tend()
    assert office.told == []


def test_the_patience_is_longer_than_a_restart() -> None:
    assert watchdog.PATIENCE > 2 * 60


class TestTelling:
    """Straight by mail and webhook, without the queue."""

    @pytest.fixture
    def sent(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        WatchSettings.objects.create(
            recipients=["ewa@biuro.example"], webhook_url="https://alerty.example/"
        )
        server = MailServer(host="poczta.example", port=465, sender="obieg@biuro.example")
        set_password(server, "hasło")
        server.save()
        monkeypatch.setattr(
            directly, "transmit", lambda _s, letter, _r: found.append(("mail", letter["Subject"]))
        )
        monkeypatch.setattr(directly, "post_now", lambda body: found.append(("webhook", body)))
        return found

    def test_both_ways_are_used_at_once(self, sent: list[tuple[str, str]]) -> None:
        before = count_jobs()
        call_command("tell_of_jobs", "dead", "12")
        assert [way for way, _ in sent] == ["mail", "webhook"]
        assert sent[0][1] == "Obieg: kolejka zadań nie działa od 12 min"
        assert '"code": "jobs.worker"' in sent[1][1]
        assert count_jobs() == before

    def test_one_way_that_fails_does_not_stop_the_other(
        self, sent: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise MailUnavailable(text="brak połączenia")

        monkeypatch.setattr(directly, "transmit", fail)
        call_command("tell_of_jobs", "stuck", "12")
        assert [way for way, _ in sent] == ["webhook"]

    def test_where_nobody_can_be_told_the_command_fails(self) -> None:
        with pytest.raises(CommandError):
            call_command("tell_of_jobs", "dead", "12")


def count_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])
