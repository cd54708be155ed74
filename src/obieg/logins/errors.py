"""What can go wrong while logging in."""

from datetime import datetime
from math import ceil

from django.utils import timezone

from obieg.core.errors import UserFixable


class ComeLater(UserFixable):
    """Something is possible again at `until` (aware), and not before."""

    @property
    def seconds(self) -> int:
        """How long it has to wait from now, rounded up."""
        until = self.facts["until"]
        assert isinstance(until, datetime)  # noqa: S101 - for the types
        return max(ceil((until - timezone.now()).total_seconds()), 1)


class TooFast(ComeLater):
    """More in a short time than one key, address or person may ask for."""

    code = "logins.too_fast"
    message_pl = (
        "Za dużo zapytań w krótkim czasie. Następne będzie możliwe o {until:%H:%M:%S}; "
        "ograniczenie chroni pracę pozostałych osób w biurze."
    )


class TooManyTries(ComeLater):
    """So many attempts failed that the next one has to wait; told alike for every login."""

    code = "logins.too_many_tries"
    message_pl = (
        "Za dużo nieudanych prób. Następna będzie możliwa {until:%d.%m.%Y o %H:%M:%S}; "
        "wcześniej może odblokować właściciel biura."
    )


class WrongCode(UserFixable):
    """The code is not the present one, or was used already."""

    code = "logins.wrong_code"
    message_pl = (
        "Kod się nie zgadza albo był już użyty. Poczekaj na następny kod w aplikacji; jeśli nadal "
        "się nie zgadza, sprawdź, czy telefon sam ustawia godzinę."
    )


class AlreadyEnrolled(UserFixable):
    """The secret of a phone that is in use is never shown again."""

    code = "logins.already_enrolled"
    message_pl = "Drugi składnik jest już włączony. Żeby zmienić telefon, wybierz „Zmień telefon”."


class WrongPassword(WrongCode):
    """The password is not the operator's."""

    code = "logins.wrong_password"
    message_pl = "Hasło się nie zgadza. Sprawdź, czy nie jest włączony Caps Lock."
