"""What KSeF may answer instead of what it was asked for."""

from datetime import datetime, timedelta

from obieg.core.errors import MustWait, ObiegError, Transient, UserFixable
from obieg.core.polish import WARSAW


class KsefTold(ObiegError):
    """What KSeF told by a code and in words of its own."""

    def __init__(self, *, ksef_code: int | None, text: str) -> None:
        self.ksef_code = ksef_code
        super().__init__(ksef_code=ksef_code, text=text)


class KsefUnavailable(Transient):
    """KSeF did not answer, cut the connection, or answered 5xx or nonsense.

    With `ambiguous` the operation may have had its effect nevertheless: ask KSeF before another
    attempt. Without it KSeF did nothing that matters, and the operation may simply be repeated.
    """

    code = "ksef.unavailable"
    message_pl = "KSeF nie odpowiada ({reason}). Obieg spróbuje ponownie sam."

    def __init__(self, *, reason: str, ambiguous: bool = False) -> None:
        self.ambiguous = ambiguous
        super().__init__(reason=reason, ambiguous=ambiguous)


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
        "uprawnienia do przeglądania faktur (do wysyłki: do ich wystawiania) albo użyj innego "
        "poświadczenia."
    )


class CredentialRefused(UserFixable):
    """The authentication ended with a status of failure: wrong token, certificate or signature."""

    code = "ksef.credential_refused"
    message_pl = (
        "KSeF nie przyjął poświadczenia: {text}. Sprawdź, czy jest ważne "
        "i nieodwołane, i w razie potrzeby dodaj nowe w Poświadczeniach."
    )


class KsefRefused(KsefTold, UserFixable):
    """400: the request was wrong in KSeF's eyes; `ksef_code` and `text` are KSeF's own."""

    code = "ksef.refused"
    message_pl = "KSeF odrzucił żądanie: {text}."


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


class SessionEnded(KsefTold, Transient):
    """The session takes nothing more: it was closed, ran out or failed. Another one is needed.

    Closing a session once more gives it too; `status` of the session tells what came of it.
    """

    code = "ksef.session_ended"
    message_pl = "Sesja w KSeF już się skończyła: {text}. Obieg otworzy nową."


class SessionFull(SessionEnded):
    """The session holds as many invoices as KSeF takes in one; it is still open to be closed."""

    code = "ksef.session_full"
    message_pl = "Sesja w KSeF jest pełna: {text}. Obieg otworzy nową."


class SessionUnknown(SessionEnded):
    """This context has no session of this kind with this reference."""

    code = "ksef.session_unknown"
    message_pl = "KSeF nie zna tej sesji: {text}. Obieg otworzy nową."


class SessionSuspended(KsefTold, KsefBusy):
    """Maintenance keeps this session out of reach for a while; another one may be opened."""

    code = "ksef.session_suspended"
    message_pl = "Sesja w KSeF jest chwilowo niedostępna: {text}. Obieg ponowi sam."


class CorrectionRefused(KsefRefused):
    """The invoice named by its hash cannot be corrected technically (any more)."""

    code = "ksef.correction_refused"
    message_pl = (
        "KSeF nie przyjął korekty technicznej: {text}. Sprawdź stan pierwotnej faktury: korygować "
        "można tylko odrzuconą fakturę offline, która nie ma jeszcze przyjętej korekty."
    )


class UpoMissing(KsefTold, KsefBusy):
    """There is no UPO yet, or there will be none: the status of the invoice or session tells."""

    code = "ksef.upo_missing"
    message_pl = "KSeF nie ma jeszcze tego UPO: {text}. Obieg zapyta ponownie."


class UploadIncomplete(KsefTold, Transient):
    """A batch was to be closed before every part was there in its full size: upload again."""

    code = "ksef.upload_incomplete"
    message_pl = "Paczka nie dotarła do KSeF w całości: {text}. Obieg dośle brakujące części."


class UploadExpired(LinkExpired):
    """The time for uploading has run out (20 minutes for every part): open another session."""

    code = "ksef.upload_expired"
    message_pl = "Czas na przesłanie paczki minął ({what}). Obieg otworzy nową sesję."


class PartLost(Transient):
    """A part is not on the disk as it was packed: the same documents and key give it again."""

    code = "ksef.part_lost"
    message_pl = "Części {ordinal} paczki nie ma na dysku w całości. Obieg spakuje ją ponownie."


class TooManyInvoices(UserFixable):
    """KSeF takes only so many invoices in a session."""

    code = "ksef.too_many_invoices"
    message_pl = "Paczka może mieć najwyżej {limit} faktur. Podziel wysyłkę na mniejsze."


class TooManyParts(UserFixable):
    """The package is larger than so many parts of the chosen size."""

    code = "ksef.too_many_parts"
    message_pl = (
        "Paczka może mieć najwyżej {limit} części, a ta ma więcej. Podziel wysyłkę na mniejsze."
    )


class PackageTooLarge(UserFixable):
    """KSeF takes only so many bytes in a package, before encryption."""

    code = "ksef.package_too_large"
    message_pl = "Paczka może mieć najwyżej {limit} bajtów. Podziel wysyłkę na mniejsze."


class InvoiceTooLarge(UserFixable):
    """KSeF takes an invoice of only so many bytes, of more where it has an attachment."""

    code = "ksef.invoice_too_large"
    message_pl = (
        "Faktura „{name}” ma {size} bajtów, a KSeF przyjmuje najwyżej {limit}. "
        "Skróć ją albo podziel na kilka faktur."
    )
