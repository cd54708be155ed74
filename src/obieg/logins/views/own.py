"""An operator's own second factor and browsers."""

import segno
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from obieg.logins import factor, sessions
from obieg.logins.forms import FirstCodeForm
from obieg.logins.views.entry import back_of, onward
from obieg.office.proof import gave_second_factor, needs_second_factor, note_proof
from obieg.office.request import OperatorRequest, fresh_login

QR_SCALE = 5  # pixels a module


def second_factor(request: OperatorRequest) -> HttpResponseBase:
    """What is set up; without it the enrolment, with a QR code and a first code to prove it."""
    confirmed = factor.confirmed_factor(request.user)
    if confirmed and not gave_second_factor(request.session):
        return onward("login-confirm", back_of(request))
    if confirmed:
        facts = {"factor": confirmed, "left": factor.codes_left(confirmed)}
        return render(request, "logins/second_factor.html", facts)
    return _enrol(request)


@fresh_login
def _enrol(request: OperatorRequest) -> HttpResponse:
    secret = factor.begin(request.user)
    form = FirstCodeForm(request.POST or None, operator=request.user)
    if form.is_valid():
        note_proof(request.session, second_factor=True)
        return _show_codes(request, form.recovery)
    facts = {
        "form": form,
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        "picture": _picture(factor.uri(request.user, secret)),
        "needed": needs_second_factor(request.user),
        "next": back_of(request),
    }
    return render(request, "logins/enrol.html", facts, status=422 if form.is_bound else 200)


@require_POST
@fresh_login
def second_factor_codes(request: OperatorRequest) -> HttpResponse:
    """New recovery codes in place of the former."""
    if factor.confirmed_factor(request.user) is None:
        return redirect("second-factor")
    return _show_codes(request, factor.renew_codes(request.user))


@require_POST
@fresh_login
def second_factor_move(request: OperatorRequest) -> HttpResponse:
    """Another phone: the former is forgotten, and the enrolment begins."""
    factor.remove(request.user, actor=request.user)
    messages.info(request, "Dotychczasowy telefon odłączony. Podłącz nowy.")
    return redirect("second-factor")


def browsers(request: OperatorRequest) -> HttpResponse:
    """Where the operator is logged in."""
    facts = {
        "browsers": sessions.sessions_of(request.user),
        "here": request.session.session_key,
    }
    return render(request, "logins/sessions.html", facts)


@require_POST
def browser_end(request: OperatorRequest, browser_id: int) -> HttpResponse:
    """Log oneself out in one of them."""
    sessions.end(get_object_or_404(request.user.browsers, pk=browser_id), actor=request.user)
    messages.success(request, "Wylogowano w tamtej przeglądarce.")
    return redirect("sessions")


def _show_codes(request: OperatorRequest, codes: list[str]) -> HttpResponse:
    response = render(
        request, "logins/recovery_codes.html", {"codes": codes, "next": back_of(request)}
    )
    response.headers["Cache-Control"] = "no-store"
    return response


def _picture(uri: str) -> SafeString:
    """The QR code as SVG within the page: nothing of it is loaded, and nothing in it runs."""
    drawn = segno.make(uri, error="m", micro=False).svg_inline(
        scale=QR_SCALE, border=4, light="#fff"
    )
    return mark_safe(drawn)  # noqa: S308 - made of the link's modules only
