"""What can go wrong with a backup."""

from obieg.core.errors import UserFixable


class NotBackup(UserFixable):
    """The file is no backup of Obieg, or of a newer format."""

    code = "backup.not_a_backup"
    message_pl = "„{path}” nie jest kopią zapasową Obiegu albo pochodzi z nowszej wersji programu."


class BackupDamaged(UserFixable):
    """The file was cut short or changed: nothing in it can be trusted."""

    code = "backup.damaged"
    message_pl = "Kopia „{path}” jest uszkodzona lub niepełna ({what}). Użyj innej kopii."


class OtherKey(UserFixable):
    """The backup was made under another master key."""

    code = "backup.other_key"
    message_pl = (
        "Kopia powstała z kluczem głównym {wanted}, a tu jest klucz {present}. Wskaż właściwy plik "
        "w OBIEG_MASTER_KEY_FILE; bez tego klucza kopii nie da się odczytać."
    )


class DatabaseNotEmpty(UserFixable):
    """Restoring would lose what is in the database now."""

    code = "backup.database_not_empty"
    message_pl = (
        "W bazie są już dane. Odtwórz kopię do pustego katalogu danych (OBIEG_DATA) albo podaj "
        "--replace, aby zastąpić to, co jest."
    )


class DumpFailed(UserFixable):
    """PostgreSQL's own program ended with an error."""

    code = "backup.program_failed"
    message_pl = "Program {program} zakończył się błędem: {text}"
