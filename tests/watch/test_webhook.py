"""The webhook is called with a signature, again later, and never led elsewhere."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from obieg.office.models import Client
from obieg.watch.alerts import watch
from obieg.watch.forms import WatchSettingsForm
from obieg.watch.models import Post, WatchSettings, WebhookSecret
from obieg.watch.webhook import (
    WebhookForbidden,
    forget_old,
    queue_post,
    refuse_forbidden,
    send_post,
    set_secret,
    signature,
)
from tests.watch.test_alerts import fail

pytestmark = pytest.mark.django_db

SECRET = "wspólny-sekret-biura"


class Receiver:
    """A real HTTP server; `answers` are given to the next calls instead of 204."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        receiver = self

        class Door(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.calls.append((self.path, dict(self.headers), body))
                status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            do_GET = do_POST  # noqa: N815 - named by http.server

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.url = f"http://127.0.0.1:{self.server.server_port}/alerty"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    found = Receiver()
    thread = threading.Thread(target=found.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    found.server.shutdown()
    thread.join()
    found.server.server_close()


@pytest.fixture
def settings_of(receiver: Receiver, db: None) -> WatchSettings:
    settings = WatchSettings(webhook_url=receiver.url)
    settings.save()
    set_secret(SECRET)
    return settings


def again(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def test_an_alert_is_posted_as_json_with_a_signature(
    bor: Client, receiver: Receiver, settings_of: WatchSettings
) -> None:
    fail(bor)
    watch()
    (job,) = ProcrastinateJob.objects.filter(task_name=Post.JOB)
    send_post(**job.args)

    ((path, headers, body),) = receiver.calls
    assert path == "/alerty"
    expected = signature(SECRET.encode(), headers["X-Obieg-Timestamp"], body)
    assert headers["X-Obieg-Signature"] == expected
    told = json.loads(body)
    assert [(one["code"], one["client"], one["nip"]) for one in told["raised"]] == [
        ("sync.failing", bor.name, bor.nip)
    ]
    assert told["ended"] == []
    assert Post.objects.get().state == "sent"


def test_another_secret_signs_otherwise() -> None:
    assert signature(b"a", "1", b"{}") != signature(b"b", "1", b"{}")
    assert signature(b"a", "1", b"{}") != signature(b"a", "2", b"{}")


def test_an_answered_call_is_not_repeated(receiver: Receiver, settings_of: WatchSettings) -> None:
    post = queue_post("{}")
    send_post(post.pk)
    send_post(post.pk)
    assert len(receiver.calls) == 1


def test_a_failing_server_is_tried_again_later_and_given_up(
    receiver: Receiver, settings_of: WatchSettings
) -> None:
    post = queue_post("{}")
    for tries, wait in enumerate(Post.DELAYS, start=1):
        receiver.answers = [(500, {})]
        send_post(post.pk)
        assert (again(post).state, again(post).attempts) == ("queued", tries)
        planned = ProcrastinateJob.objects.filter(task_name=Post.JOB).latest("pk").scheduled_at
        assert abs(planned - timezone.now() - wait) < timedelta(seconds=10)  # type: ignore[operator]
    receiver.answers = [(500, {})]
    send_post(post.pk)
    assert again(post).state == "failed"
    assert "odpowiedział 500" in again(post).error_text


def test_a_redirect_is_not_followed(receiver: Receiver, settings_of: WatchSettings) -> None:
    receiver.answers = [(307, {"Location": receiver.url.replace("alerty", "gdzie-indziej")})]
    post = queue_post("{}")
    send_post(post.pk)
    assert [path for path, *_ in receiver.calls] == ["/alerty"]
    assert again(post).state == "queued"
    assert "odesłał pod inny adres" in again(post).error_text


def test_nobody_listening_is_tried_again(receiver: Receiver, settings_of: WatchSettings) -> None:
    settings_of.webhook_url = "http://127.0.0.1:9/"
    settings_of.save()
    post = queue_post("{}")
    send_post(post.pk)
    assert again(post).state == "queued"


def test_a_webhook_switched_off_meanwhile_fails_at_once(
    receiver: Receiver, settings_of: WatchSettings
) -> None:
    post = queue_post("{}")
    settings_of.webhook_url = ""
    settings_of.save()
    send_post(post.pk)
    assert again(post).state == "failed"


def test_old_calls_are_forgotten(db: None) -> None:
    old, fresh = queue_post("{}"), queue_post("{}")
    Post.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=15))
    forget_old()
    assert list(Post.objects.all()) == [fresh]


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://alerty.bilans.example/obieg", True),
        ("http://192.168.1.20/alerty", True),
        ("http://localhost/alerty", True),
        ("http://alerty.bilans.example/obieg", False),
        ("http://169.254.169.254/latest", False),
        ("https://biuro:haslo@alerty.bilans.example/", False),
    ],
)
def test_only_safe_addresses_are_taken(url: str, is_taken: bool, db: None) -> None:
    form = WatchSettingsForm(a_form(webhook_url=url, password_typed=SECRET))
    assert ("webhook_url" not in form.errors) == is_taken


def test_a_webhook_needs_a_secret_that_stays_sealed(db: None) -> None:
    url = "https://alerty.bilans.example/"
    assert "password_typed" in WatchSettingsForm(a_form(webhook_url=url)).errors
    assert "password_typed" in WatchSettingsForm(a_form(password_typed="krótki")).errors
    form = WatchSettingsForm(a_form(webhook_url=url, password_typed=SECRET))
    assert form.is_valid(), form.errors
    saved = form.save()
    assert SECRET.encode() not in bytes(WebhookSecret.objects.get().ciphertext)
    kept = WatchSettingsForm(a_form(webhook_url=url), instance=saved)
    assert kept.is_valid()


def a_form(**changes: str) -> dict[str, str]:
    usual = {"answer_minutes": "60", "backup_hours": "30", "free_gb": "5", "queue_depth": "1000"}
    return {**usual, **changes}


@pytest.mark.parametrize(
    "host",
    ["169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "2852039166", "0.0.0.0"],
)
def test_nothing_is_sent_to_the_services_of_the_machine_itself(host: str) -> None:
    for port in ("", ":80"):
        with pytest.raises(WebhookForbidden):
            refuse_forbidden(f"http://{host}{port}/latest/meta-data/")


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.1.7", "10.0.0.9", "nie-ma.invalid"])
def test_a_server_of_the_offices_own_network_is_the_owners_choice(host: str) -> None:
    refuse_forbidden(f"http://{host}/alerty")


def test_a_forbidden_address_is_refused_when_it_is_typed(receiver: Receiver) -> None:
    form = WatchSettingsForm(
        {"webhook_url": "http://169.254.169.254/x", "password_typed": "x"},
        instance=WatchSettings.present(),
    )
    assert "metadane chmury" in str(form.errors["webhook_url"])
