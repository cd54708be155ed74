"""Why something cannot be done with a dekret."""

from collections.abc import Sequence
from dataclasses import dataclass

from obieg.core.errors import UserFixable


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a permanent code, where, and what to do about it in Polish."""

    code: str
    text: str
    line: int | None = None  # from 1; None: the whole dekret
    field: str = ""  # the name of LineInput's field, or `period`, `exchange_rate`


class InvalidDekret(UserFixable):
    """The dekret cannot be approved as it stands; `findings` says everything that is wrong."""

    code = "posting.invalid_dekret"
    message_pl = "{texts}"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(texts=" ".join(finding.text for finding in findings))

    def __reduce__(self) -> tuple[object, ...]:
        return (type(self), (self.findings,))


class AlreadyExported(UserFixable):
    """The dekret is in a file of the accounting system."""

    code = "posting.already_exported"
    message_pl = (
        "Dekret faktury {number} jest już w pliku dla systemu księgowego i nie można go cofnąć. "
        "Popraw zapis w systemie księgowym."
    )


class PostedElsewhere(UserFixable):
    """The head of the client or another branch has posted the document already."""

    code = "posting.posted_elsewhere"
    message_pl = (
        "Fakturę {number} zaksięgowano już {whose}, a to ten sam dokument w KSeF. Odrzuć ją "
        "tutaj albo cofnij tam zatwierdzenie."
    )


class PeriodClosed(UserFixable):
    """The month is closed: nothing more is decided in it, and nothing taken back."""

    code = "posting.period_closed"
    message_pl = (
        "Okres {period:%m.%Y} klienta {client} jest zamknięty. Wybierz {open:%m.%Y}, najbliższy "
        "otwarty, albo poproś główną księgową o otwarcie okresu."
    )


class NotToReopen(UserFixable):
    """The operator may not open a closed month."""

    code = "posting.not_to_reopen"
    message_pl = (
        "Zamknięty okres otwiera główna księgowa albo właściciel. Poproś o to albo "
        "zaksięguj dokument w najbliższym otwartym okresie."
    )


class PeriodWaits(UserFixable):
    """The month cannot be closed, or opened, now."""

    code = "posting.period_waits"
    message_pl = "{problem}"


class NothingToUndo(UserFixable):
    """Nobody has decided about the dekret."""

    code = "posting.nothing_to_undo"
    message_pl = "Dekret faktury {number} czeka w kolejce: nie ma decyzji, którą można cofnąć."


class NoteMissing(UserFixable):
    """A rejection says why."""

    code = "posting.note_missing"
    message_pl = "Napisz, dlaczego odrzucasz dokument: uwaga zostaje w jego historii."


class InvalidRule(UserFixable):
    """The rule would say nothing, or post to an account that is not there."""

    code = "posting.invalid_rule"
    message_pl = "{problem}"


class NotForYou(UserFixable):
    """The operator has no right to change what concerns every client."""

    code = "posting.not_for_you"
    message_pl = (
        "Reguły całego biura zmienia osoba, która widzi wszystkich klientów. "
        "Utwórz regułę dla wybranego klienta."
    )
