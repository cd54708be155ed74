"""Why a document cannot be read as a structured invoice."""

from obieg.core.errors import UserFixable


class UnreadableInvoice(UserFixable):
    """The bytes are not an invoice that Obieg reads; nothing in them is trusted."""

    code = "fa.unreadable"
    message_pl = "Nie można odczytać faktury."


class EmptyDocument(UnreadableInvoice):
    """There are no bytes at all."""

    code = "fa.empty"
    message_pl = "Plik jest pusty."


class TooLarge(UnreadableInvoice):
    """More bytes than KSeF accepts for an invoice with attachment."""

    code = "fa.too_large"
    message_pl = "Plik ma {size} bajtów, a faktura może mieć najwyżej {limit}."


class MalformedXml(UnreadableInvoice):
    """Not well-formed XML; the parser says where."""

    code = "fa.malformed"
    message_pl = (
        "Plik nie jest poprawnym dokumentem XML (wiersz {line}, kolumna {column}). "
        "Poproś wystawcę o plik jeszcze raz."
    )


class ForbiddenDoctype(UnreadableInvoice):
    """A DOCTYPE can smuggle entities in; no invoice of KSeF has one."""

    code = "fa.doctype"
    message_pl = (
        "Plik zawiera deklarację DOCTYPE. Ze względów bezpieczeństwa takie pliki są odrzucane; "
        "faktura z KSeF nigdy jej nie ma."
    )


class WrongEncoding(UnreadableInvoice):
    """KSeF's invoices are UTF-8."""

    code = "fa.encoding"
    message_pl = "Plik jest zapisany w kodowaniu {encoding}, a faktura musi być w UTF-8."


class UnsupportedDocument(UnreadableInvoice):
    """A known kind of document, but not FA(2) or FA(3); `kind` is its Polish name."""

    code = "fa.unsupported_kind"
    message_pl = "To jest {kind}. Obieg odczytuje faktury FA(3) i FA(2)."


class NotAnInvoice(UnreadableInvoice):
    """Some other XML; `root` is its root element."""

    code = "fa.not_invoice"
    message_pl = "To nie jest faktura ustrukturyzowana: głównym elementem pliku jest „{root}”."


class MissingField(UnreadableInvoice):
    """An element without which no invoice exists is absent; `path` says which."""

    code = "fa.missing_field"
    message_pl = "W fakturze brakuje obowiązkowego pola {path}."


class UnreadableField(UnreadableInvoice):
    """A value is not of its type: an amount, a date, a number or a mark."""

    code = "fa.unreadable_field"
    message_pl = "Pole {path} zawiera „{value}”, a powinno zawierać: {expected}."
