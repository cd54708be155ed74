"""Telling without the queue: when nobody works on the jobs, no job can tell of it."""

import json
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr

import structlog
from django.utils import timezone

from obieg.core.errors import ObiegError
from obieg.core.polish import format_time
from obieg.mail.server import mail_server, transmit
from obieg.watch.models import WatchSettings
from obieg.watch.webhook import post_now

log = structlog.get_logger(__name__)

CODE = "jobs.worker"
TEXTS = {
    "dead": "Kolejka zadań nie działa od {minutes} min: Obieg niczego nie pobiera ani nie wysyła.",
    "stuck": "Kolejka zadań stoi od {minutes} min, choć jej proces żyje: zadania czekają.",
    "over": "Kolejka zadań znów działa.",
}
ADVICE = (
    "Ten list wysłał nadzorca procesów, nie kolejka. Zajrzyj do pliku log/worker.log w katalogu "
    "danych albo uruchom Obieg ponownie; zobacz też stronę „Nadzór”."
)


def tell_of_jobs(what: str, minutes: int) -> bool:
    """Write and call at once, whatever the quiet hours are; False where nobody could be told.

    `what` is a key of TEXTS. A failure of one way does not stop the other; both are logged.
    """
    settings, text = WatchSettings.present(), TEXTS[what].format(minutes=minutes)
    now = timezone.now()
    ways = []
    if settings.recipients:
        ways.append(_tried("mail", lambda: _write(settings.recipients, text, now)))
    if settings.webhook_url:
        ways.append(_tried("webhook", lambda: post_now(_body(what, text, now))))
    if not ways:
        log.warning("watchdog_tells_nobody", what=what)
    return any(ways)


def _tried(way: str, act: Callable[[], None]) -> bool:
    try:
        act()
    except ObiegError as error:
        log.warning("watchdog_could_not_tell", way=way, error=str(error))
        return False
    return True


def _write(recipients: list[str], text: str, now: datetime) -> None:
    server = mail_server()
    message = EmailMessage()
    message["Subject"] = f"Obieg: {text.partition(':')[0].rstrip('.').lower()}"
    message["From"] = formataddr((server.sender_name, server.sender))
    message["To"] = ", ".join(recipients)
    message["Date"] = now
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"{format_time(now)}. {text}\n\n{ADVICE}\n")
    transmit(server, message, recipients)


def _body(what: str, text: str, now: datetime) -> str:
    """As the other calls of the webhook are."""
    alert = {"id": None, "code": CODE, "severity": "stop", "text": text, "client": None}
    news = {"raised": [], "ended": [alert]} if what == "over" else {"raised": [alert], "ended": []}
    return json.dumps({"source": "obieg", "at": now.isoformat(), **news}, ensure_ascii=False)
