"""What can keep the embedded PostgreSQL from serving, each with what a person can do about it."""

from obieg.core.errors import UserFixable


class DirectoryInUse(UserFixable):
    """Another live launcher holds the lock of this database directory."""

    code = "config.database_in_use"
    message_pl = (
        "Baza w katalogu {directory} jest już używana przez działający Obieg (proces {pid}). "
        "Zatrzymaj go albo wskaż inny katalog danych w zmiennej OBIEG_DATA."
    )


class DirectoryNotOurs(UserFixable):
    """The database directory belongs to another user of this machine."""

    code = "config.database_not_ours"
    message_pl = (
        "Nie mam dostępu do katalogu bazy {directory}: należy do innego użytkownika. "
        "Uruchom Obieg jako ten użytkownik, który założył bazę, albo jako root."
    )


class BinariesMissing(UserFixable):
    """There is no `postgres` program where the setting points."""

    code = "config.database_binaries_missing"
    message_pl = (
        "W katalogu {directory} nie ma programów PostgreSQL. "
        "Popraw zmienną OBIEG_PG_BIN albo usuń ją, aby użyć wbudowanej bazy."
    )


class OtherVersion(UserFixable):
    """The data were written by another major version of PostgreSQL."""

    code = "config.database_version"
    message_pl = (
        "Dane w katalogu {directory} zapisał PostgreSQL {written}, a zainstalowany jest {present}. "
        "Wskaż w OBIEG_PG_BIN programy w wersji {written} albo przenieś dane przez pg_dump."
    )


class DidNotStart(UserFixable):
    """The server ended before it was ready; its own last words are in `words`."""

    code = "config.database_did_not_start"
    message_pl = (
        "Baza danych nie wystartowała. Ostatnie słowa serwera: „{words}”. Cały dziennik: {log}."
    )
