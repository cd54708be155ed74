"""Why nothing was exported."""

from obieg.core.errors import UserFixable


class NothingToExport(UserFixable):
    """The client has no approved dekret of the period that is in no file yet."""

    code = "exports.nothing"
    message_pl = (
        "Klient {client} nie ma w okresie {period} zatwierdzonych dekretów do eksportu. "
        "Zatwierdź dokumenty w kolejce albo wyeksportuj okres ponownie."
    )
