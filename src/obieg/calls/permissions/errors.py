"""Why permissions cannot be granted, taken back or asked for."""

from obieg.core.errors import UserFixable


class NoOfficeFirm(UserFixable):
    """The office's NIP and name, to which clients grant, were not entered."""

    code = "permissions.no_office"
    message_pl = "Podaj najpierw NIP i nazwę biura (Uprawnienia w KSeF: Dane biura)."


class OrderUnderWay(UserFixable):
    """The same is being granted or taken back."""

    code = "permissions.under_way"
    message_pl = "Takie zlecenie jest już w toku. Poczekaj na odpowiedź KSeF."


class NotManaging(UserFixable):
    """The credential in use may not grant here, and KSeF would refuse."""

    code = "permissions.not_managing"
    message_pl = (
        "Poświadczenie w użyciu nie może nadawać uprawnień u klienta {client} (brak uprawnienia "
        "„zarządzanie uprawnieniami”). Wyślij klientowi prośbę z instrukcją."
    )


class GrantGone(UserFixable):
    """The permission was taken back already."""

    code = "permissions.gone"
    message_pl = "Tego uprawnienia już nie ma w KSeF. Odczytaj uprawnienia ponownie."


class AlreadyHeld(UserFixable):
    """All that was to be granted is there."""

    code = "permissions.already_held"
    message_pl = "{holder}: te uprawnienia są już nadane."


class LetterSent(UserFixable):
    """The same letter went to the same people today."""

    code = "permissions.letter_sent"
    message_pl = "Taki list do tych adresatów dziś już wysłano. Zobacz: Poczta."
