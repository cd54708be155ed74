"""Moving a client to another environment of KSeF, until production has accepted an invoice."""

from typing import Any

from django.db import transaction

from obieg.core.errors import UserFixable
from obieg.inbox.channels import ensure_channels
from obieg.office.models import Client, Event, KsefEnvironment, Operator
from obieg.sales.models import KsefSession, Sale
from obieg.sales.sending import sessions
from obieg.sales.sending.locks import lock_sending
from obieg.sales.sending.sessions import UNFINISHED
from obieg.sales.states import UNSENT, SaleState, SessionState
from obieg.vault.models import AccessGrant, Credential

LEFT = "Klient przeszedł do innego środowiska KSeF; sesja zakończy się w poprzednim sama."
_BLANK: dict[str, Any] = {
    "environment": "",
    "reference": "",
    "ksef_code": None,
    "ksef_text": "",
    "queued_version": None,
}


class ConfirmationNeeded(UserFixable):
    """Going to production has to be confirmed."""

    code = "sales.production_unconfirmed"
    message_pl = (
        "W środowisku produkcyjnym faktury wywołują skutki prawne. Potwierdź, że klient {client} "
        "ma odtąd wysyłać naprawdę; po pierwszej przyjętej fakturze nie ma powrotu."
    )


class NoWayBack(UserFixable):
    """Production has accepted an invoice of the client."""

    code = "sales.no_way_back"
    message_pl = (
        "Środowisko produkcyjne przyjęło już fakturę klienta {client} ({number}), "
        "więc klient zostaje w nim na stałe."
    )


class SendingUnderWay(UserFixable):
    """A document is on its way to KSeF; its answer could not be heard from elsewhere."""

    code = "sales.sending_under_way"
    message_pl = (
        "Trwa wysyłka dokumentów klienta {client} do KSeF. Zmień środowisko, gdy KSeF odpowie na "
        "wszystkie."
    )


def change_environment(
    client: Client, to: str, *, confirmed: bool, actor: Operator | None
) -> Client:
    """Let `client` use the environment `to` from now on.

    Its credentials of other environments are withdrawn, KSeF data leave its drafts, what waits to
    be sent has to be asked for again, and the synchronisation begins anew there. Raises
    ConfirmationNeeded, NoWayBack, SendingUnderWay.
    """
    new = KsefEnvironment(to)
    with transaction.atomic():
        stored = Client.objects.of_client(client.pk).select_for_update(no_key=True).get()
        before = stored.environment
        if before == new:
            return stored
        _require(stored, new, confirmed=confirmed)
        leave_sessions(stored, actor)
        _withdraw_credentials(stored, new, actor)
        _forget_ksef(stored)
        stored.environment = new
        stored.save(update_fields=["environment"])
        ensure_channels(stored)
        _trail(stored, actor, "environment", {"environment": before}, {"environment": str(new)})
    client.environment = new
    return stored


def _require(client: Client, new: KsefEnvironment, *, confirmed: bool) -> None:
    production = KsefEnvironment.PRODUCTION
    if client.environment == production:
        taken = Sale.objects.of_client(client).filter(environment=production)
        if first := taken.exclude(ksef_number="").order_by("pk").first():
            raise NoWayBack(client=client.name, number=str(first))
    if new == production and not confirmed:
        raise ConfirmationNeeded(client=client.name)
    sending = Sale.objects.of_client(client).filter(state=SaleState.SENDING)
    if not lock_sending(client.pk) or sending.exists():
        raise SendingUnderWay(client=client.name)


def leave_sessions(client: Client, actor: Operator | None) -> int:
    """Nothing more is asked for in them; an open one ends by itself. How many there were."""
    rows = KsefSession.objects.of_client(client).filter(state__in=UNFINISHED)
    for session in rows:
        sessions.end(session, SessionState.FAILED, actor=actor, kind="leave", ksef_text=LEFT)
    return len(rows)


def _withdraw_credentials(client: Client, kept: str, actor: Operator | None) -> None:
    others = Credential.objects.of_client(client).filter(active=True).exclude(environment=kept)
    for credential in others.select_for_update():
        Credential.objects.of_client(client).filter(pk=credential.pk).update(active=False)
        Event.objects.create(
            client=client,
            thing="vault.credential",
            thing_id=credential.pk,
            actor=actor,
            kind="withdraw",
            before={"environment": credential.environment},
        )
    AccessGrant.objects.of_client(client).exclude(environment=kept).delete()


def _forget_ksef(client: Client) -> None:
    """Drafts lose the numbers of the environment that is left; what is issued is asked for anew."""
    own = Sale.objects.of_client(client)
    own.filter(state__in=UNSENT).update(**_BLANK)
    for draft in own.filter(state=SaleState.DRAFT).select_for_update():
        draft.content = _without_numbers(draft.content)
        for name, value in _BLANK.items():
            setattr(draft, name, value)
        draft.save(update_fields=["content", *_BLANK])


def _without_numbers(content: dict[str, Any] | None) -> dict[str, Any] | None:
    """The content without the KSeF numbers of corrected invoices and of advances."""
    if not content:
        return content
    changed = dict(content)
    if correction := changed.get("correction"):
        corrected = [entry | {"ksef_number": ""} for entry in correction.get("corrected", ())]
        changed["correction"] = correction | {"corrected": corrected}
    if advances := changed.get("advances"):
        changed["advances"] = [entry | {"ksef_number": ""} for entry in advances]
    return changed


def _trail(
    client: Client,
    actor: Operator | None,
    kind: str,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    Event.objects.create(
        client=client,
        thing="office.client",
        thing_id=client.pk,
        actor=actor,
        kind=kind,
        before=before,
        after=after,
    )
