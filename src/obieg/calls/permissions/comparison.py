"""What the office needs at a client against what it holds, and the way to what is missing."""

from dataclasses import dataclass

from obieg.calls.permissions.models import OfficeFirm, Reading
from obieg.calls.permissions.scopes import MANAGE, READ, SEE, WRITE, name_of


@dataclass(frozen=True, slots=True)
class Need:
    """One permission, what for, and whether the office has it."""

    scope: str
    why: str
    is_vital: bool
    in_use: bool  # the credential in use may do it
    by_office: bool | None  # the office's NIP may do it; None: not known
    is_grantable: bool = True  # to a firm, by KSeF's rules

    @property
    def name(self) -> str:
        return name_of(self.scope)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The needs at one client by its last reading."""

    reading: Reading
    firm: OfficeFirm | None

    @property
    def is_known(self) -> bool:
        return self.reading.read_at is not None

    @property
    def needs(self) -> list[Need]:
        """In the order of their weight."""
        needs = [self._need(READ, "pobieranie faktur", is_vital=True)]
        if self.reading.issues:
            needs.append(self._need(WRITE, "wysyłka sprzedaży i UPO", is_vital=True))
        return [
            *needs,
            self._need(SEE, "wgląd w to, kto ma dostęp", is_vital=False),
            self._need(MANAGE, "nadawanie i odbieranie z Obiegu", is_vital=False),
        ]

    @property
    def missing(self) -> list[str]:
        """What the credential in use should be able to do and cannot."""
        if not self.is_known:
            return []
        return [need.scope for need in self.needs if need.is_vital and not need.in_use]

    @property
    def missing_for_office(self) -> list[str]:
        """What the office's NIP lacks, so that the office's certificate would not do."""
        return [need.scope for need in self.needs if need.is_vital and need.by_office is False]

    @property
    def to_ask_for(self) -> list[str]:
        """What the client is to grant the office; all of it where nothing is known."""
        if self.reading.by_office is None:
            return [need.scope for need in self.needs if need.is_vital]
        return self.missing_for_office

    @property
    def by_button(self) -> bool:
        """Whether the API lets the office grant itself what it lacks, by what is in use now."""
        return MANAGE in self.reading.held and bool(self.to_ask_for)

    def _need(self, scope: str, why: str, *, is_vital: bool) -> Need:
        by_office = self.reading.by_office
        return Need(
            scope=scope,
            why=why,
            is_vital=is_vital,
            in_use=scope in self.reading.held,
            by_office=None if by_office is None else scope in by_office,
            is_grantable=is_vital,
        )
