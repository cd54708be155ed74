"""What can be wrong about handing over and erasing data."""

from obieg.core.errors import Transient, UserFixable


class StillServed(UserFixable):
    """Data of a client whose cooperation has not ended are not erased."""

    code = "retention.still_served"
    message_pl = (
        "Współpraca z klientem {client} nie została zakończona. "
        "Najpierw zakończ ją w Poświadczeniach."
    )


class BranchesFirst(UserFixable):
    """A head is erased after its branches."""

    code = "retention.branches_first"
    message_pl = "Najpierw usuń dane oddziałów klienta {client}: {branches}."


class MustStay(UserFixable):
    """The law, or a hold of the office, keeps the data for longer."""

    code = "retention.must_stay"
    message_pl = "Dane klienta {client} muszą zostać do {until:%d.%m.%Y}: {reason}."


class NeedsEverySight(UserFixable):
    """Only who sees every client erases."""

    code = "retention.needs_every_sight"
    message_pl = "Dane usuwa tylko administrator, który widzi wszystkich klientów biura."


class AlreadyErased(UserFixable):
    """Nothing is left of this client."""

    code = "retention.already_erased"
    message_pl = "Dane tego klienta zostały już usunięte."


class UnderWay(UserFixable):
    """An erasure or an export of this client is being carried out."""

    code = "retention.under_way"
    message_pl = "Poprzednie zlecenie dla klienta {client} jeszcze trwa. Poczekaj na jego wynik."


class NotYetSealed(Transient):
    """Entries of the trail are emptied only once they are sealed: minutes."""

    code = "retention.not_yet_sealed"
    message_pl = "Najnowsze wpisy śladu nie są jeszcze zaplombowane; Obieg spróbuje za kilka minut."


class OperatorStays(UserFixable):
    """An operator's name is removed only some time after he left."""

    code = "retention.operator_stays"
    message_pl = "Danych operatora {operator} nie można jeszcze usunąć: {reason}."
