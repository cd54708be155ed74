"""What can go wrong with sending, and what a person does about it."""

from obieg.core.errors import Transient, UserFixable


class NotSendable(UserFixable):
    """Only what was issued, and not yet sent, is sent."""

    code = "sales.not_sendable"
    message_pl = (
        "Dokument {number} jest w stanie „{state}”, więc nie można go wysłać. "
        "Do KSeF wysyła się dokumenty wystawione i jeszcze niewysłane."
    )


class NeverSent(UserFixable):
    """Issued during a total failure (art. 106ng VAT Act): it is never sent."""

    code = "sales.never_sent"
    message_pl = (
        "Dokument {number} wystawiono w czasie awarii całkowitej KSeF. "
        "Takich dokumentów nie wysyła się do KSeF także później."
    )


class BytesLost(UserFixable):
    """The frozen bytes are not where they were kept, or are not the same any more."""

    code = "sales.bytes_lost"
    message_pl = (
        "Plik XML dokumentu {number} zaginął albo został zmieniony. "
        "Przywróć katalog dokumentów z kopii zapasowej."
    )


class NoUpoYet(UserFixable):
    """KSeF gives a UPO for accepted invoices and for closed sessions only."""

    code = "sales.no_upo_yet"
    message_pl = "UPO dla {what} będzie dostępne dopiero po przyjęciu w KSeF i zamknięciu sesji."


class UpoElsewhere(UserFixable):
    """The invoice was sent by another program: KSeF gives its UPO by the session, unknown here."""

    code = "sales.upo_elsewhere"
    message_pl = (
        "Dokument {number} wysłano poza Obiegiem, więc jego UPO trzeba pobrać w programie, "
        "który go wysłał."
    )


class SessionUnderWay(Transient):
    """The session is being opened or closed by another process."""

    code = "sales.session_under_way"
    message_pl = "Sesja w KSeF jest właśnie otwierana albo zamykana. Obieg spróbuje ponownie sam."


class SessionLeft(Transient):
    """The session was closed by hand or by another process since it was looked up."""

    code = "sales.session_left"
    message_pl = "Sesja w KSeF została właśnie zamknięta. Obieg użyje nowej."


class SessionForgotten(UserFixable):
    """KSeF does not know the session in which the document went: a person has to decide."""

    code = "sales.session_forgotten"
    message_pl = (
        "KSeF nie zna tej sesji, więc nie powie, co się stało z jej dokumentami. "
        "Osoba z prawem do edycji danych KSeF może je oddać na stronie sesji."
    )


class SessionKnown(UserFixable):
    """Only what KSeF does not know is given up; the rest ends by itself."""

    code = "sales.session_known"
    message_pl = "KSeF zna jednak sesję {session}. Obieg dokończy ją sam; nie trzeba nic robić."


class GivingBackUnconfirmed(UserFixable):
    """Giving the documents of a session back is asked for twice."""

    code = "sales.giving_back_unconfirmed"
    message_pl = "Potwierdź, że dokumenty tej sesji mają wrócić do niewysłanych."


class OriginalUnseen(Transient):
    """A 440 names an original that KSeF does not show yet."""

    code = "sales.original_unseen"
    message_pl = (
        "KSeF zgłosił duplikat faktury {number}, ale nie pokazuje jeszcze pierwotnej. "
        "Obieg zapyta ponownie."
    )
