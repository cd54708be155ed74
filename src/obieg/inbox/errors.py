"""What can go wrong between KSeF's export and the stored invoice."""

from obieg.core.errors import Transient, UserFixable
from obieg.fa.errors import UnreadableInvoice


class Overtaken(Transient):
    """Another worker moved the package meanwhile; what it did stands."""

    code = "inbox.overtaken"
    message_pl = "Tę samą paczkę obsłużył w tej chwili inny proces; nic nie zginęło."


class StalePosition(Transient):
    """The channel's position is not where the package begins: storing it would leave a gap."""

    code = "inbox.stale_position"
    message_pl = (
        "Paczka zaczyna się {window_from:%d.%m.%Y %H:%M:%S} UTC, a pobieranie jest już gdzie "
        "indziej. Paczka zostanie zamówiona od nowa od właściwego miejsca."
    )


class ExportInterrupted(Transient):
    """KSeF accepted the order and then gave it up (statuses 415, 500, 550)."""

    code = "inbox.export_interrupted"
    message_pl = "KSeF przerwał przygotowanie paczki ({text}). Obieg zamówi ją ponownie sam."


class WindowStuck(UserFixable):
    """The package does not say where to go on: cut off where it began, or without a mark."""

    code = "inbox.window_stuck"
    message_pl = (
        "KSeF nie wskazał, od którego miejsca pobierać dalej niż {moment:%d.%m.%Y %H:%M:%S} UTC. "
        "Pobrane faktury są zapisane. Jeśli błąd się powtarza, zgłoś go pomocy technicznej KSeF, "
        "a brakujące faktury pobierz po numerach."
    )


class NotInKsef(UserFixable):
    """KSeF shows no such invoice to this client in any role."""

    code = "inbox.not_in_ksef"
    message_pl = (
        "KSeF nie pokazuje klientowi {client} faktury {number}. Sprawdź numer i to, czy klient "
        "jest na niej stroną. Świeżo wysłana faktura może pojawić się dopiero za chwilę."
    )


class EnvironmentChanged(UserFixable):
    """The client uses another environment of KSeF than the one in which this was begun."""

    code = "inbox.environment_changed"
    message_pl = (
        "Klient {client} korzysta teraz z innego środowiska KSeF niż to, w którym zlecono "
        "pobieranie. Zleć je ponownie albo przywróć poprzednie środowisko."
    )


class EmptyPeriod(UserFixable):
    """The period by hand ends before it begins, or lies in the future."""

    code = "inbox.empty_period"
    message_pl = (
        "Okres od {date_from:%d.%m.%Y} do {date_to:%d.%m.%Y} jest pusty: początek musi być "
        "nie późniejszy niż koniec i niż dzisiaj."
    )


class Unstorable(UnreadableInvoice):
    """A value that no schema of KSeF allows and that has no place in the database."""

    code = "inbox.unstorable"
    message_pl = "Pole {field} ma niedozwoloną wartość „{value}”."


class HashDiffers(UnreadableInvoice):
    """The bytes are not those whose SHA-256 stands in the package's metadata."""

    code = "inbox.hash_differs"
    message_pl = (
        "Skrót SHA-256 pliku nie zgadza się ze skrótem podanym przez KSeF. "
        "Pobierz fakturę jeszcze raz po numerze KSeF."
    )


class LeftOut(UnreadableInvoice):
    """A file of a package that is not unpacked: too large, or packed in an unknown way."""

    code = "inbox.left_out"
    message_pl = (
        "{reason}. Reszta paczki jest zapisana; tę fakturę pobierz po numerze KSeF "
        "albo poproś o nią wystawcę."
    )


class NoMetadata(UnreadableInvoice):
    """A file of the package that its `_metadata.json` does not mention."""

    code = "inbox.no_metadata"
    message_pl = "KSeF nie opisał tego pliku w metadanych paczki, więc nie znamy jego dat."


class ReaderDefect(UnreadableInvoice):
    """Our own reader failed in a way nobody foresaw; the log says how."""

    code = "inbox.reader_defect"
    message_pl = (
        "Obieg nie umie odczytać tej faktury ({defect}). Plik jest zachowany; "
        "po aktualizacji programu zostanie odczytany ponownie."
    )
