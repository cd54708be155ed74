"""The browsers in which an operator is logged in: begun, seen, ended."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from obieg.logins.address import address_of, browser_of
from obieg.logins.models import BrowserSession
from obieg.office.models import Event, Operator
from obieg.office.proof import note_proof
from obieg.office.signals import password_set

NOTED_EVERY = timedelta(minutes=1)  # the last use is told to the minute, not written at each page


def begin(request: HttpRequest, operator: Operator, *, second_factor: bool) -> None:
    """Log `operator` in at this browser, who has proved who he is."""
    with transaction.atomic():
        login(request, operator, backend="django.contrib.auth.backends.ModelBackend")
        note_proof(request.session, second_factor=second_factor)
        request.session.save()
        _forget_ended(operator)
        BrowserSession.objects.create(
            operator=operator,
            session_key=request.session.session_key or "",
            address=address_of(request) or None,
            browser=browser_of(request),
        )
        _trail(operator, operator, "login", request)


def sessions_of(operator: Operator) -> list[BrowserSession]:
    """Those that still open something, the last used first."""
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return list(operator.browsers.filter(session_key__in=live).order_by("-used_at"))


def end(browser: BrowserSession, *, actor: Operator) -> None:
    """Log the operator out there; the next page that it asks for is the login."""
    with transaction.atomic():
        Session.objects.filter(session_key=browser.session_key).delete()
        browser.delete()
        _trail(browser.operator, actor, "session_end")


def end_all(operator: Operator, *, actor: Operator | None, but: str | None = None) -> int:
    """Log the operator out everywhere but in the session `but`; how many these were."""
    with transaction.atomic():
        browsers = operator.browsers.exclude(session_key=but or "")
        keys = list(browsers.values_list("session_key", flat=True))
        Session.objects.filter(session_key__in=keys).delete()
        browsers.delete()
        if keys and actor:
            _trail(operator, actor, "session_end", count=len(keys))
    return len(keys)


def keep_after_password_change(request: HttpRequest, operator: Operator, former_key: str) -> None:
    """The session goes on under its new key; every other one ends."""
    operator.browsers.filter(session_key=former_key).update(session_key=request.session.session_key)
    end_all(operator, actor=operator, but=request.session.session_key)
    _trail(operator, operator, "password", request)


def note_use(
    respond: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: when the browser was last used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            seen = BrowserSession.objects.filter(session_key=request.session.session_key)
            seen.filter(used_at__lt=now - NOTED_EVERY).update(used_at=now)
        return respond(request)

    return middleware


@receiver(user_logged_out, dispatch_uid="logins.sessions.ended")
def _logged_out(request: HttpRequest, user: Operator | None, **_: Any) -> None:
    if user is None:
        return
    user.browsers.filter(session_key=request.session.session_key).delete()
    _trail(user, user, "logout", request)


@receiver(password_set, dispatch_uid="logins.sessions.password_set")
def _password_set(operator: Operator, actor: Operator, **_: Any) -> None:
    end_all(operator, actor=actor)


def _forget_ended(operator: Operator) -> None:
    live = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    operator.browsers.exclude(session_key__in=live).delete()


def _trail(
    operator: Operator,
    actor: Operator,
    kind: str,
    request: HttpRequest | None = None,
    **after: object,
) -> None:
    where = {"address": address_of(request), "browser": browser_of(request)} if request else {}
    Event.objects.create(
        thing="office.operator",
        thing_id=operator.pk,
        actor=actor,
        kind=kind,
        after={**where, **after},
    )
