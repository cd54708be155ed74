"""What can keep `obieg up` from starting, each with what a person can do about it."""

from obieg.core.errors import UserFixable


class AlreadyUp(UserFixable):
    """Another supervisor runs in the same data directory."""

    code = "config.already_up"
    message_pl = (
        "Obieg już działa na danych z {directory} (proces {pid}). "
        "Zatrzymaj go klawiszami Ctrl-C albo wskaż inny katalog w zmiennej OBIEG_DATA."
    )


class PortTaken(UserFixable):
    """Another program listens on the web server's port."""

    code = "config.port_taken"
    message_pl = (
        "Port {port} jest zajęty przez inny program. Wybierz inny, na przykład: --port {other}."
    )


class PortForbidden(UserFixable):
    """This user may not listen there."""

    code = "config.port_forbidden"
    message_pl = (
        "Nie mogę nasłuchiwać na {host}:{port}: {reason}. "
        "Wybierz inny port (--port 8000) albo inny adres (--host 127.0.0.1)."
    )


class DatabaseUnreachable(UserFixable):
    """The PostgreSQL that DATABASE_URL names does not answer."""

    code = "config.database_unreachable"
    message_pl = (
        "Baza wskazana w DATABASE_URL nie odpowiada: {reason}. "
        "Sprawdź adres i hasło albo usuń zmienną, aby użyć wbudowanej bazy."
    )


class DatabaseUnknown(UserFixable):
    """A command needs the database, and nothing says where it is."""

    code = "config.database_unknown"
    message_pl = (
        "Nie wiem, gdzie jest baza: Obieg nie działa na danych z {directory}. "
        "Uruchom `obieg up` albo ustaw DATABASE_URL."
    )


class DatabaseTooOld(UserFixable):
    """The office's own PostgreSQL is older than the product needs."""

    code = "config.database_too_old"
    message_pl = "Obieg wymaga PostgreSQL 15 lub nowszego; ten serwer ma wersję {version}."


class MigrationFailed(UserFixable):
    """The tables could not be brought up to date."""

    code = "config.migration_failed"
    message_pl = "Nie udało się przygotować tabel bazy: „{words}”. Cały dziennik: {log}."


class WebDidNotAnswer(UserFixable):
    """The web server did not pass its health check in time."""

    code = "config.web_did_not_answer"
    message_pl = "Serwer WWW nie odpowiada: „{words}”. Cały dziennik: {log}."


class EmulatorDidNotAnswer(UserFixable):
    """The emulator of KSeF did not open its port in time."""

    code = "config.emulator_did_not_answer"
    message_pl = "Emulator KSeF nie odpowiada: „{words}”. Cały dziennik: {log}."


class DemoFailed(UserFixable):
    """The demo office could not be loaded."""

    code = "config.demo_failed"
    message_pl = (
        "Nie udało się wczytać biura demo. Popraw przyczynę i uruchom ponownie: obieg up --demo."
    )
