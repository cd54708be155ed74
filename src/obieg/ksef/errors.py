"""What KSeF may answer instead of what it was asked for."""

from datetime import datetime, timedelta

from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.core.polish import WARSAW


class KsefUnavailable(Transient):
    """KSeF did not answer, cut the connection, or answered 5xx or nonsense."""

    code = "ksef.unavailable"
    message_pl = "KSeF nie odpowiada ({reason}). Obieg spróbuje ponownie sam."


class KsefBusy(Transient):
    """KSeF understood and asks to come later, without a time: too many exports, not yet stored."""

    code = "ksef.busy"
    message_pl = "KSeF prosi o ponowienie później: {text}. Obieg ponowi sam."


class LoginPending(Transient):
    """KSeF is still checking the authentication (OCSP of the issuer, a queue)."""

    code = "ksef.login_pending"
    message_pl = "KSeF jeszcze sprawdza uwierzytelnienie. Obieg spróbuje ponownie sam."


class RateLimited(MustWait):
    """429: the limit was exceeded; `wait` is the raw Retry-After, counted from the answer."""

    code = "ksef.rate_limited"
    message_pl = "KSeF ograniczył liczbę wywołań; Obieg ponowi sam po {until:%H:%M:%S}."

    def __init__(self, *, wait: timedelta, until: datetime | None = None) -> None:
        self.wait = wait
        super().__init__(until=until or datetime.now(WARSAW) + wait, wait=wait)


class AccessExpired(Transient):
    """401: the access token ended or was revoked; a new one is needed."""

    code = "ksef.access_expired"
    message_pl = "Dostęp do KSeF wygasł w trakcie pracy. Obieg zaloguje się ponownie sam."


class AccessDenied(UserFixable):
    """403, or an authentication that ended with status 415: no permission in this context."""

    code = "ksef.access_denied"
    message_pl = (
        "KSeF odmówił dostępu w kontekście tego klienta: {text}. Poproś klienta o nadanie biuru "
        "uprawnienia do przeglądania faktur albo użyj innego poświadczenia."
    )


class CredentialRefused(UserFixable):
    """The authentication ended with a status of failure: wrong token, certificate or signature."""

    code = "ksef.credential_refused"
    message_pl = (
        "KSeF nie przyjął poświadczenia: {text}. Sprawdź, czy jest ważne "
        "i nieodwołane, i w razie potrzeby dodaj nowe w Poświadczeniach."
    )


class KsefRefused(UserFixable):
    """400: the request was wrong in KSeF's eyes; `ksef_code` and `text` are KSeF's own."""

    code = "ksef.refused"
    message_pl = "KSeF odrzucił żądanie: {text}."

    def __init__(self, *, ksef_code: int | None, text: str) -> None:
        self.ksef_code = ksef_code
        super().__init__(ksef_code=ksef_code, text=text)


class Gone(Transient):
    """410: KSeF no longer keeps the operation or its result; it has to be ordered anew."""

    code = "ksef.gone"
    message_pl = "KSeF już tego nie przechowuje ({what}). Obieg zamówi to ponownie."


class LinkExpired(Gone):
    """The link of a part has ended; asking for the status of the export gives a fresh one."""

    code = "ksef.link_expired"
    message_pl = "Odnośnik do pobrania wygasł ({what}). Obieg poprosi KSeF o nowy."


class PackageCorrupt(Transient):
    """What came is not what KSeF announced: a hash differs, or it cannot be decrypted or read."""

    code = "ksef.package_corrupt"
    message_pl = "Pobrane dane są uszkodzone ({what}). Obieg pobierze je ponownie."


class NotKsefNumber(UserFixable):
    """The text has not the form or the check sum of a KSeF number."""

    code = "ksef.not_a_number"
    message_pl = (
        "„{number}” to nie jest poprawny numer KSeF. Sprawdź, czy jest przepisany w całości."
    )


class WindowTooLong(UserFixable):
    """KSeF takes a period of at most 100 days at a time."""

    code = "ksef.window_too_long"
    message_pl = "KSeF przyjmuje okres do {days} dni. Podziel okres na krótsze."
