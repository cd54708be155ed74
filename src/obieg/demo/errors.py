"""Why the demo office cannot be loaded."""

from obieg.core.errors import Transient, UserFixable


class NotEmpty(UserFixable):
    """The database holds clients that no demo brought: nothing invented may be mixed with them."""

    code = "demo.not_empty"
    message_pl = (
        "W tej bazie są już klienci ({clients}), których nie wczytał pokaz, więc nic w niej nie "
        "zmieniono. Biuro pokazowe wczytuje się tylko do pustej bazy: wskaż inny katalog danych "
        "(OBIEG_DATA) i uruchom `obieg up --demo`."
    )


class EmulatorMissing(UserFixable):
    """The demo's invoices live in the emulator, and nobody said where it is."""

    code = "demo.emulator_missing"
    message_pl = (
        "Biuro pokazowe potrzebuje emulatora KSeF. Uruchom w innym oknie `obieg up --demo` "
        "(albo podaj adres emulatora w OBIEG_EMULATOR_URL) i powtórz polecenie."
    )


class EmulatorSilent(Transient):
    """The emulator does not answer."""

    code = "demo.emulator_silent"
    message_pl = "Emulator KSeF pod adresem {url} nie odpowiada: {reason}. Powtórz polecenie."


class EmulatorRefused(UserFixable):
    """The emulator runs without its control interface, or refuses what it was given."""

    code = "demo.emulator_refused"
    message_pl = (
        "Emulator KSeF odrzucił dane pokazu: {reason}. Uruchom go z opcją --control "
        "(`obieg up --demo` robi to sam)."
    )


class NothingToPutIn(UserFixable):
    """The folder holds no XML files."""

    code = "demo.no_files"
    message_pl = "W katalogu {directory} nie ma plików XML."


class SynchronisationStuck(Transient):
    """Some channels did not come to their end in time; the worker goes on by itself."""

    code = "demo.synchronisation_stuck"
    message_pl = (
        "Synchronizacja klientów ({count}) nie skończyła się w {minutes} min: {reason} "
        "Powtórz `obieg demo`, a pokaz ruszy od miejsca, w którym przerwał."
    )
