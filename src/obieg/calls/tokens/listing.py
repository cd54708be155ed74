"""The tokens of a client's context as KSeF lists them, beside what Obieg knows of them."""

from dataclasses import dataclass

from obieg.calls.gateways import open_with
from obieg.calls.tokens.asking import reader_for
from obieg.calls.trial import NAMES
from obieg.ksef.tokens import TokenEntry
from obieg.office.models import Client, Operator
from obieg.vault.models import Credential, CredentialKind, TokenPurpose, TokenRequest

PURPOSE = "lista tokenów"
STATUSES = {
    "Pending": ("plain", "⟳ czeka na aktywację"),
    "Active": ("ok", "✓ czynny"),
    "Revoking": ("plain", "⟳ w trakcie unieważniania"),
    "Revoked": ("plain", "unieważniony"),
    "Failed": ("stop", "✕ nieudany"),
}
LIVING = frozenset({"Pending", "Active"})


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token and its place: used, vault, program, or foreign, which Obieg knows nothing of."""

    entry: TokenEntry
    place: str

    @property
    def mark(self) -> tuple[str, str]:
        """The meaning and the Polish words of its status."""
        return STATUSES.get(self.entry.status, ("plain", self.entry.status))

    @property
    def names(self) -> list[str]:
        """What it may do, in Polish."""
        held = self.entry.permissions
        return [name for code, name in NAMES.items() if code in held] + sorted(held - set(NAMES))

    @property
    def may_be_revoked(self) -> bool:
        return self.entry.status in LIVING and self.place != "used"


@dataclass(frozen=True, slots=True)
class TokenList:
    """A page of the list; `sees_all` is false where KSeF shows only some of the tokens."""

    tokens: list[ListedToken]
    more: str
    sees_all: bool


def read_list(client: Client, *, actor: Operator, after: str = "") -> TokenList:
    """A page of what KSeF lists. Raises NoCredential, CertificateExpired, what the gateway does."""
    key = reader_for(client, actor)
    with open_with(key, client, purpose=PURPOSE, actor=actor, by_hand=True) as (ksef, _):
        page = ksef.tokens.page(after=after)
        held = ksef.permissions.held()
    places = _places(client)
    tokens = [ListedToken(one, places.get(one.reference, "foreign")) for one in page.entries]
    sees_all = not held.isdisjoint({"CredentialsRead", "CredentialsManage"})
    return TokenList(tokens, page.more, sees_all)


def _places(client: Client) -> dict[str, str]:
    """Where the tokens that Obieg has or had a part in are, by their numbers."""
    asked = TokenRequest.objects.of_client(client).exclude(reference="")
    places = {
        reference: "program" if purpose == TokenPurpose.PROGRAM else "vault"
        for reference, purpose in asked.values_list("reference", "purpose")
    }
    kept = Credential.objects.of_client(client).filter(kind=CredentialKind.TOKEN)
    for reference, active, on_trial in kept.values_list("reference", "active", "on_trial"):
        places[reference] = "used" if active or on_trial else places.get(reference, "vault")
    return places
