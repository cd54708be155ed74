"""Forms of logging in: login and password, a code, the password again."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.hashers import check_password

from obieg.core.errors import UserFixable
from obieg.logins import factor, tries
from obieg.logins.address import address_of
from obieg.logins.errors import TooManyTries, WrongCode, WrongPassword
from obieg.office.models import Operator


def told(error: UserFixable) -> forms.ValidationError:
    return forms.ValidationError(f"{error} (kod {error.code})")


class LoginForm(AuthenticationForm):
    """Login and password; an unknown login costs as much time as a known one and is told alike."""

    error_messages = {  # noqa: RUF012 - Django declares it an instance's
        "invalid_login": (
            "Login lub hasło się nie zgadza. Sprawdź, czy nie jest włączony Caps Lock; "
            "zapomniane hasło zmieni właściciel biura. (kod logins.wrong)"
        ),
    }

    def clean(self) -> dict[str, Any]:
        login = self.cleaned_data.get("username")
        if not login or self.request is None:
            return self.cleaned_data
        try:
            attempt = tries.attempt(
                tries.of_login(login), tries.of_address(address_of(self.request))
            )
        except TooManyTries as error:
            raise told(error) from None
        try:
            cleaned = super().clean()
        except forms.ValidationError:
            attempt.failed()
            raise
        attempt.passed()
        return cleaned


class CodeForm(forms.Form):
    """A code of the phone, or a recovery code."""

    code = forms.CharField(
        label="Kod",
        max_length=40,
        help_text="Sześć cyfr z aplikacji albo jeden z kodów zapasowych.",
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}
        ),
    )

    def __init__(self, *args: Any, operator: Operator, **kwargs: Any) -> None:
        self.operator = operator
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            attempt = tries.attempt(tries.of_code(self.operator))
        except TooManyTries as error:
            raise told(error) from None
        try:
            self.judge(code)
        except WrongCode as error:
            attempt.failed()
            raise told(error) from None
        attempt.passed()
        return code

    def judge(self, code: str) -> None:
        factor.judge(self.operator, code)


class FirstCodeForm(CodeForm):
    """The code that ends an enrolment; `recovery` are the codes to be shown once."""

    recovery: list[str]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "Sześć cyfr z aplikacji."

    def judge(self, code: str) -> None:
        self.recovery = factor.confirm(self.operator, code)


class PasswordAgainForm(CodeForm):
    """The password, from who has no second factor."""

    code = forms.CharField(
        label="Hasło",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )

    def judge(self, code: str) -> None:
        if not check_password(code, self.operator.password):
            raise WrongPassword
