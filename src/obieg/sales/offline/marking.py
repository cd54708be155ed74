"""Choosing an offline mode: which ones there are now, what they need, and the mark itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from obieg.core.polish import today
from obieg.fa.finding import Finding, warning
from obieg.office.models import Client, Operator
from obieg.sales.errors import NeedsConfirmation
from obieg.sales.models import Outage, Sale
from obieg.sales.offline import codes, outages
from obieg.sales.offline.deadlines import deadline
from obieg.sales.offline.errors import NotMarkable
from obieg.sales.states import OfflineMode, SaleState
from obieg.vault.offline import offline_certificate_for

UNANNOUNCED = "sales.outage_not_announced"
_NAMES = {
    OfflineMode.UNAVAILABLE: "niedostępności KSeF",
    OfflineMode.FAILURE: "awarii KSeF",
    OfflineMode.TOTAL_FAILURE: "awarii całkowitej KSeF",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A mode as a page offers it."""

    mode: OfflineMode
    announced: bool  # else it takes an explicit confirmation
    help: str


def choices(client: Client, now: datetime | None = None) -> list[Choice]:
    """The modes that the client may issue in, with what each means."""
    announced = _announced(client, now)
    return [Choice(mode, _is_free(mode, announced), _help(mode)) for mode in _offered()]


def require(
    client: Client,
    mode: str,
    *,
    confirmed: Collection[str] = (),
    now: datetime | None = None,
) -> None:
    """Before anything is issued in `mode`: NeedsConfirmation, NoOfflineCertificate, …Expired.

    An outage that nobody announced is confirmed by `UNANNOUNCED` in `confirmed`.
    """
    if mode == OfflineMode.ONLINE:
        return
    chosen = OfflineMode(mode)
    if not _is_free(chosen, _announced(client, now)) and UNANNOUNCED not in confirmed:
        raise NeedsConfirmation(findings=[_question(chosen)])
    if chosen != OfflineMode.TOTAL_FAILURE:
        offline_certificate_for(client)


def require_for(sale: Sale, mode: str, *, confirmed: Collection[str] = ()) -> None:
    """The same for a draft; a mode that it was issued in before needs no confirmation again."""
    if mode and mode == sale.offline_mode:
        confirmed = {*confirmed, UNANNOUNCED}
    require(sale.client, mode, confirmed=confirmed)


def marks(client: Client, mode: str, issued: date) -> dict[str, Any]:
    """The columns of a document that is issued in `mode` on `issued` (P_1), for `advance`."""
    if mode == OfflineMode.ONLINE:
        return {"offline_mode": "", "offline_deadline": None, "corrects_sha256": ""}
    known = Outage.objects.filter(environment=client.environment)
    found = deadline(mode, issued, [one.period for one in known])
    return {"offline_mode": mode, "offline_deadline": found.day}


def state_after_issue(mode: str) -> SaleState:
    """Where a document of `mode` goes: it waits, or is none of KSeF's business, or is ready."""
    if mode == OfflineMode.ONLINE:
        return SaleState.READY
    return SaleState.OUTSIDE if mode == OfflineMode.TOTAL_FAILURE else SaleState.WAITING


def mark(sale: Sale, mode: str, *, actor: Operator | None, confirmed: Collection[str] = ()) -> Sale:
    """Mark what was issued for KSeF and not sent as issued offline; its bytes stay as they are.

    Raises NotMarkable, and what `require` does. Code II is signed when this is committed.
    """
    require(sale.client, mode, confirmed=confirmed)
    with transaction.atomic():
        stored = _locked(sale)
        if stored.state != SaleState.READY or mode == OfflineMode.ONLINE:
            raise NotMarkable(number=str(stored), state=stored.label_of(stored.state))
        columns = marks(stored.client, mode, stored.issue_date or today())
        stored.advance(
            state_after_issue(mode), actor=actor, kind="offline", queued_version=None, **columns
        )
        if codes.is_signed(stored):
            codes.sign_after_commit(stored, actor=actor)
    return stored


def usual_mode(client: Client, now: datetime | None = None) -> OfflineMode:
    """The mode of an announced outage that lasts, the longest term first; else offline24."""
    announced = _announced(client, now)
    lasting = [m for m in (OfflineMode.FAILURE, OfflineMode.UNAVAILABLE) if m.value in announced]
    return lasting[0] if lasting else OfflineMode.OFFLINE24


def _locked(sale: Sale) -> Sale:
    """The stored row: a worker may have claimed it since the page was shown."""
    rows = Sale.objects.of_client(sale.client_id).select_for_update(no_key=True, of=("self",))
    return rows.select_related("client").get(pk=sale.pk)


def _announced(client: Client, now: datetime | None) -> set[str]:
    return set(outages.lasting(client.environment, now).values_list("kind", flat=True))


def _is_free(mode: OfflineMode, announced: set[str]) -> bool:
    """offline24 is the issuer's own choice (art. 106nda); the others follow an announcement."""
    return mode == OfflineMode.OFFLINE24 or mode.value in announced


def _offered() -> list[OfflineMode]:
    return [mode for mode in OfflineMode if mode != OfflineMode.ONLINE]


def _help(mode: OfflineMode) -> str:
    match mode:
        case OfflineMode.OFFLINE24:
            return "Wyślij najpóźniej następnego dnia roboczego po dacie wystawienia."
        case OfflineMode.UNAVAILABLE:
            return "Wyślij najpóźniej następnego dnia roboczego po końcu niedostępności."
        case OfflineMode.FAILURE:
            return "Wyślij w ciągu 7 dni roboczych od końca awarii."
    return "Faktury nie wysyła się do KSeF, także później."


def _question(mode: OfflineMode) -> Finding:
    return warning(
        UNANNOUNCED,
        "",
        f"Nie ma komunikatu o {_NAMES[mode]}. Wybierz ten tryb tylko, jeśli Ministerstwo "
        "ogłosiło go w inny sposób; do czasu wpisania przerwy termin liczy się jak w offline24.",
    )
