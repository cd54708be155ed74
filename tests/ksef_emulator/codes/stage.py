"""What the provocations play on: callers, invoices, sessions; and the list of provocations."""

from collections.abc import Callable
from itertools import count

import httpx

from ksef_emulator.testing import Emulator
from tests.ksef_emulator.certificates import Identity, seal
from tests.ksef_emulator.invoices import fa3, nip
from tests.ksef_emulator.ksef_user import KsefUser
from tests.ksef_emulator.sending import OnlineSession, open_online
from tests.ksef_emulator.signing import auth_request, sign

Provocation = Callable[["Stage"], httpx.Response]
PROVOCATIONS: dict[tuple[str, str, int], Provocation] = {}


def provokes(method: str, path: str, code: int) -> Callable[[Provocation], Provocation]:
    """Declare that a function's request to this operation ends in this code."""

    def declare(provoke: Provocation) -> Provocation:
        assert (method, path, code) not in PROVOCATIONS
        PROVOCATIONS[method, path, code] = provoke
        return provoke

    return declare


class Stage:
    """An emulator of one's own with a caller who is a new firm at every use."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.control = emulator.control
        self._firms = (nip(place) for place in count(9400))
        self._numbers = count(1)
        self.user = KsefUser(emulator)

    def firm(self) -> str:
        return next(self._firms)

    def owner(self, identity: Identity | None = None) -> KsefUser:
        """The caller, logged in as the owner of a firm that nobody used before."""
        self.nip = self.firm()
        return self.user.log_in(self.nip, identity)

    def by_token(self) -> KsefUser:
        self.nip = self.firm()
        token = self.control.make_token(self.nip)
        self.token_reference = token["referenceNumber"]
        return self.user.log_in_by_token(self.nip, token["token"])

    def invoice(self, *, seller: str | None = None, buyer: str | None = None) -> bytes:
        number = f"K/{next(self._numbers)}"
        return fa3(number, seller=seller or self.nip, buyer=buyer or nip(9399))

    def put_in(self, *contents: bytes) -> list[str]:
        """KSeF numbers of invoices that are put in."""
        files = {f"{place}.xml": content for place, content in enumerate(contents)}
        accepted = self.control.put_invoices(files)["accepted"]
        return [entry["ksefNumber"] for entry in accepted]

    def session(self) -> OnlineSession:
        """An online session of a new firm."""
        return open_online(self.owner())

    def request(self, challenge: str | None = None, **details: str) -> str:
        """An AuthTokenRequest of a new firm."""
        self.nip = self.firm()
        return auth_request(challenge or self.user.challenge()["challenge"], self.nip, **details)

    def signed(self) -> bytes:
        """A good signed document."""
        xml = self.request()
        return sign(xml, seal(self.nip))

    def bearer(self, token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}
