"""The second factor: enrolment on its page, codes used once, and what stays closed without it."""

from datetime import timedelta
from io import StringIO

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.test import Client as Visitor
from django.urls import reverse
from django.utils import timezone

from obieg.logins import factor
from obieg.logins.errors import WrongCode
from obieg.logins.models import RecoveryCode, SecondFactor
from obieg.office.models import Event, Operator
from obieg.office.proof import FRESH
from tests.logins.conftest import PASSWORD, enrol, give_password, is_logged_in
from tests.sales.factories import a_client

ENROL = "/drugi-skladnik/"


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(timezone.now() + timedelta(seconds=30 * steps))


def secret_on(page: str) -> str:
    return page.partition('id="secret">')[2].partition("<")[0].replace(" ", "")


def test_an_owner_is_led_to_the_enrolment_and_then_to_the_operators(ewa: Operator) -> None:
    visitor = give_password(ewa)
    closed = visitor.get(reverse("operators"))
    assert closed["Location"] == f"{ENROL}?next=%2Foperatorzy%2F"

    page = visitor.get(closed["Location"])
    text = page.content.decode()
    assert "<svg" in text
    assert "style=" not in text
    assert "<script>" not in text
    wrong = visitor.post(ENROL, {"code": "000000", "next": "/operatorzy/"})
    assert (wrong.status_code, "logins.wrong_code" in wrong.content.decode()) == (422, True)

    shown = visitor.post(ENROL, {"code": code_of(secret_on(text)), "next": "/operatorzy/"})
    assert len(shown.context["codes"]) == 10
    assert shown["Cache-Control"] == "no-store"
    assert visitor.get(reverse("operators")).status_code == 200
    assert visitor.get(ENROL).context["left"] == 10
    assert Event.objects.across_clients().filter(kind="second_factor_on", actor=ewa).exists()


def test_the_secret_is_sealed_and_never_shown_again(ewa: Operator) -> None:
    secret = enrol(ewa)
    row = SecondFactor.objects.filter(operator=ewa).values().get()
    assert secret not in str(
        {name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()}
    )
    visitor = Visitor()
    visitor.force_login(ewa)
    assert secret not in visitor.get(ENROL).content.decode().replace(" ", "")


def test_logging_in_asks_for_the_code_before_anything_opens(ewa: Operator) -> None:
    secret = enrol(ewa)
    visitor = give_password(ewa)
    assert not is_logged_in(visitor)
    assert visitor.get(reverse("today"))["Location"].startswith(reverse("login"))
    refused = visitor.post(reverse("login-code"), {"code": "123"})
    assert refused.status_code == 422
    visitor.post(reverse("login-code"), {"code": code_of(secret, 1)})
    assert is_logged_in(visitor)
    assert visitor.get(reverse("operators")).status_code == 200


def test_a_code_is_not_taken_twice(ewa: Operator) -> None:
    secret = enrol(ewa)  # with the present code
    with pytest.raises(WrongCode):
        factor.judge(ewa, code_of(secret))
    factor.judge(ewa, code_of(secret, 1))
    for steps in (1, 0, -1):
        with pytest.raises(WrongCode):
            factor.judge(ewa, code_of(secret, steps))


def test_a_recovery_code_opens_once_and_only_its_digest_is_kept(ewa: Operator) -> None:
    codes = factor.confirm(ewa, pyotp.TOTP(factor.begin(ewa)).now())
    kept = str(list(RecoveryCode.objects.values()))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)
    factor.judge(ewa, codes[0].upper())
    with pytest.raises(WrongCode):
        factor.judge(ewa, codes[0])
    visitor = give_password(ewa)
    visitor.post(reverse("login-code"), {"code": codes[1]})
    assert is_logged_in(visitor)


def test_guessing_codes_has_to_wait_even_with_the_right_password(ewa: Operator) -> None:
    secret = enrol(ewa)
    visitor = give_password(ewa)
    for _ in range(5):
        visitor.post(reverse("login-code"), {"code": "000000"})
    again = give_password(ewa)
    told = again.post(reverse("login-code"), {"code": code_of(secret, 1)})
    assert "logins.too_many_tries" in told.content.decode()
    assert not is_logged_in(again)


def test_an_accountant_needs_none_and_may_have_one(anna: Operator) -> None:
    visitor = give_password(anna)
    assert visitor.get(reverse("today")).status_code == 200
    assert visitor.get(reverse("operators")).status_code == 403
    enrol(anna)
    assert not is_logged_in(give_password(anna))


def test_the_demo_opens_without_a_phone_until_a_real_client_comes(
    ewa: Operator, settings: object
) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    a_client(environment="emulator")
    visitor = give_password(ewa)
    shown = visitor.get(reverse("operators"))
    assert (shown.status_code, "bez drugiego składnika" in shown.content.decode()) == (200, True)
    a_client(environment="test")
    assert visitor.get(reverse("operators")).status_code == 302


def test_a_dangerous_act_asks_again_after_ten_minutes(ewa: Operator) -> None:
    secret = enrol(ewa)
    visitor = give_password(ewa)
    visitor.post(reverse("login-code"), {"code": code_of(secret, 1)})
    assert visitor.get(reverse("operators-add")).status_code == 200
    session = visitor.session
    session["proved_at"] -= int(FRESH.total_seconds())
    session.save()
    led = visitor.get(reverse("operators-add"))
    assert led["Location"] == f"{reverse('login-confirm')}?next=%2Foperatorzy%2Fnowy%2F"
    SecondFactor.objects.update(last_step=0)
    back = visitor.post(led["Location"], {"code": code_of(secret), "next": "/operatorzy/nowy/"})
    assert back["Location"] == "/operatorzy/nowy/"
    assert visitor.get("/operatorzy/nowy/").status_code == 200


def test_who_has_no_phone_proves_himself_by_the_password(anna: Operator) -> None:
    visitor = give_password(anna)
    confirm = reverse("login-confirm")
    assert visitor.post(confirm, {"code": "nie to hasło"}).status_code == 422
    assert (
        visitor.post(confirm, {"code": PASSWORD, "next": "https://example.com/"})["Location"] == "/"
    )


def test_a_lost_phone_is_taken_away_by_an_administrator(ewa: Operator, anna: Operator) -> None:
    enrol(anna)
    visitor = Visitor()
    visitor.force_login(ewa)
    visitor.post(reverse("operators-second-factor-off", args=[anna.pk]))
    assert is_logged_in(give_password(anna))
    off = Event.objects.across_clients().get(kind="second_factor_off")
    assert (off.actor, off.thing_id) == (ewa, anna.pk)


def test_the_only_owner_without_phone_and_codes_is_helped_at_the_servers_terminal(
    ewa: Operator,
) -> None:
    enrol(ewa)
    call_command("forget_phone", "ewa", stdout=StringIO())
    assert is_logged_in(give_password(ewa))
    assert Event.objects.across_clients().get(kind="second_factor_off").actor is None
    with pytest.raises(CommandError, match="Nie ma operatora"):
        call_command("forget_phone", "nikt")
