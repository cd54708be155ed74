"""Moving a client from its token to the office's certificate, once that has opened KSeF."""

from datetime import timedelta

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.calls.trial import Trial, try_credential
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.ksef.errors import AccessDenied
from obieg.office.jobs import enqueue
from obieg.office.models import Client, Operator
from obieg.vault.choice import choice_of, choose
from obieg.vault.credentials import withdraw_current
from obieg.vault.errors import NoOfficeCertificate
from obieg.vault.models import Credential, CredentialKind, CredentialUsage, Move, Way
from obieg.vault.states import MoveState

log = structlog.get_logger(__name__)

MOVE = "calls.move_from_token"
LONGEST_WAIT = timedelta(minutes=15)


def office_certificate_for(client: Client) -> Credential | None:
    """The office's certificate for the client's environment, unless it has ended."""
    held = Credential.objects.of_office().filter(
        environment=client.environment,
        active=True,
        usage=CredentialUsage.AUTHENTICATION,
        valid_to__gt=timezone.now(),
    )
    return held.first()


def token_in_use(client: Client) -> Credential | None:
    """The token of the client's own that is kept for use."""
    held = (
        Credential.objects.of_client(client)
        .shared()
        .filter(environment=client.environment, active=True, kind=CredentialKind.TOKEN)
    )
    return held.first()


def begin(client: Client, *, actor: Operator | None) -> Move | None:
    """Queue the trial; None where the client has no token or one is queued already.

    Raises NoOfficeCertificate.
    """
    token = token_in_use(client)
    if token is None:
        return None
    if office_certificate_for(client) is None:
        raise NoOfficeCertificate(environment=client.get_environment_display())
    try:
        with transaction.atomic():
            move = Move.objects.create(client=client, token=token, asked_by=actor)
            move.event({"token_id": token.pk}, actor=actor, kind="ask").save()
            _queue(move.pk)
    except IntegrityError:
        return None
    return move


def carry(move_id: int, failures: int = 0) -> timedelta | None:
    """Try and, where the certificate opens at least what the token did, take the token away.

    It queues its own next attempt and says after how long.
    """
    move = Move.objects.across_clients().select_related("client", "token").get(pk=move_id)
    if move.state != MoveState.QUEUED:
        return None
    try:
        _try(move)
    except MustWait as limit:
        wait = max(limit.until - timezone.now(), timedelta())
    except Transient as error:
        log.warning("move_put_off", move=move.pk, error=error.code)
        failures += 1
        wait = min(timedelta(seconds=5 << min(failures, 10)), LONGEST_WAIT)
    except UserFixable as error:
        move.advance(MoveState.FAILED, actor=None, kind="fail", error_text=str(error))
        return None
    else:
        return None
    _queue(move.pk, after=wait, failures=failures)
    return wait


def _try(move: Move) -> None:
    certificate = office_certificate_for(move.client)
    if certificate is None:
        raise NoOfficeCertificate(environment=move.client.get_environment_display())
    before = try_or_nothing(move)
    _require_as_much(try_credential(certificate, move.client, actor=move.asked_by), before)
    with transaction.atomic():
        client = Client.objects.of_client(move.client_id).select_for_update(no_key=True).get()
        if token_in_use(client) == move.token:
            withdraw_current(client, client.environment, CredentialUsage.AUTHENTICATION)
        if choice_of(client).way == Way.OWN:  # what it was moved to would not be used
            choose(client, Way.AUTO, actor=move.asked_by)
        move.advance(MoveState.DONE, actor=move.asked_by, kind="take_over")


def try_or_nothing(move: Move) -> Trial:
    """What the token opens now: nothing where KSeF no longer takes it."""
    try:
        return try_credential(move.token, move.client, actor=move.asked_by)
    except UserFixable:
        return Trial(frozenset())


def _require_as_much(certificate: Trial, token: Trial) -> None:
    """Reading always; issuing where the token could issue."""
    if not certificate.may_read:
        raise AccessDenied(text="biuro nie ma uprawnienia do przeglądania faktur (InvoiceRead)")
    if token.may_issue and not certificate.may_issue:
        raise AccessDenied(text="biuro nie ma uprawnienia do wystawiania faktur (InvoiceWrite)")


def _queue(move_id: int, *, after: timedelta | None = None, failures: int = 0) -> None:
    enqueue(
        MOVE,
        {"move_id": move_id, "failures": failures},
        once=f"move-{move_id}",
        lock=f"move-{move_id}",
        at=None if after is None else timezone.now() + after,
    )
