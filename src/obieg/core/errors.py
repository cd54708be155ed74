"""The two kinds of error that the product knows: what a person can mend, and what time mends."""

from datetime import datetime


class ObiegError(Exception):
    """Base of every error that the product raises on purpose.

    A subclass states a permanent `code` (for the helpdesk and for tests) and a Polish `message_pl`
    whose placeholders are filled from the keyword arguments. The message never holds a secret.
    """

    code = "core.error"
    message_pl = "Wystąpił nieoczekiwany błąd."

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message_pl.format_map(facts))

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.facts))


class UserFixable(ObiegError):
    """Someone can mend it: the operator, the client or the administrator. Never retried."""

    code = "core.user_fixable"


class Transient(ObiegError):
    """Time mends it: retried by the engine with back-off."""

    code = "core.transient"


class MustWait(Transient):
    """A limit allows the call only at `until` (aware UTC); the work is scheduled for then."""

    code = "core.must_wait"
    message_pl = "Limit wywołań: następna próba o {until:%H:%M:%S}."

    def __init__(self, *, until: datetime, **facts: object) -> None:
        self.until = until
        super().__init__(until=until, **facts)


def _rebuild(kind: type[ObiegError], facts: dict[str, object]) -> ObiegError:
    return kind(**facts)
