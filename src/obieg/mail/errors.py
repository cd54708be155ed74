"""What can go wrong with mail."""

from obieg.core.errors import Transient, UserFixable


class NoMailServer(UserFixable):
    """The office has not said by which server it sends."""

    code = "mail.no_server"
    message_pl = "Biuro nie podało jeszcze serwera poczty. Uzupełnij go w Ustawieniach poczty."


class MailRefused(UserFixable):
    """The server refused the login, the sender or every recipient for good."""

    code = "mail.refused"
    message_pl = "Serwer poczty odmówił: {text}. Sprawdź adresy i ustawienia poczty."


class MailUnavailable(Transient):
    """The server did not answer, or asked to come later."""

    code = "mail.unavailable"
    message_pl = "Serwer poczty nie odpowiada ({text}). Obieg spróbuje ponownie sam."
