"""What can go wrong at the end of a credential and of a cooperation."""

from obieg.core.errors import UserFixable


class NoKeyToRevoke(UserFixable):
    """Nothing here may log in as the one whose certificate it is."""

    code = "calls.no_key_to_revoke"
    message_pl = (
        "Poświadczenia „{label}” nie ma czym unieważnić: KSeF pozwala na to tylko temu, komu je "
        "wydał, gdy loguje się certyfikatem albo podpisem. Podpisz dostęp poza Obiegiem i ponów "
        "albo unieważnij je w aplikacji Ministerstwa (numer {serial})."
    )


class OfflineDocumentsWait(UserFixable):
    """Documents issued offline are not in KSeF yet and could not be verified afterwards."""

    code = "calls.offline_documents_wait"
    message_pl = (
        "Klient ma {count} wystawione offline i jeszcze niewysłane do KSeF. Wyślij je (albo "
        "anuluj), potem zakończ współpracę. Bez unieważniania w KSeF można zakończyć od razu: "
        "certyfikat Offline zostanie w KSeF ważny, a faktury musi wysłać kto inny."
    )


class EndingUnderWay(UserFixable):
    """One end at a time."""

    code = "calls.ending_under_way"
    message_pl = "Zakończenie współpracy z klientem {client} jest już w toku."


class NoContextForOffice(UserFixable):
    """The office's certificate is renewed in the context of some client that lives on it."""

    code = "calls.no_context_for_office"
    message_pl = (
        "Żaden obsługiwany klient nie korzysta z certyfikatu biura w środowisku {environment}, "
        "więc nie ma kontekstu, w którym Obieg mógłby poprosić KSeF o nowy."
    )


class OtherOwner(UserFixable):
    """The certificate is of another subject than the one that the client logs in as now."""

    code = "calls.other_owner"
    message_pl = (
        "Certyfikat „{label}” wydano komu innemu niż ten, kto loguje się teraz u klienta {client}. "
        "KSeF wyda następny tylko temu, kto się loguje: zamów go ręcznie albo wczytaj z pliku."
    )
