"""Opening the gateway to KSeF for a client: credential, access, limits, connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from obieg.calls.access import ClientAccess
from obieg.calls.limiter import CallMeter
from obieg.calls.models import ToldRates
from obieg.ksef.environment import environment
from obieg.ksef.gateway import Gateway
from obieg.ksef.wire import Wire
from obieg.office.models import Client, Operator
from obieg.vault.credentials import credential_for
from obieg.vault.models import Credential
from obieg.vault.opening import require_his


@contextmanager
def open_gateway(
    client: Client, *, purpose: str, actor: Operator | None = None, by_hand: bool = False
) -> Iterator[Gateway]:
    """The gateway in the client's context and environment, open within the `with` block.

    It uses the credential chosen for the client (`vault.choice`); NoCredential or
    CertificateExpired where there is none that works. With `by_hand` the actor waits at the
    screen, and his own credential goes first: never in the background, whoever asked for the work.
    It logs in at the first call that needs it. Its calls may not be made inside a transaction.
    """
    credential = credential_for(client, operator=actor if by_hand else None)
    opened = open_with(credential, client, purpose=purpose, actor=actor, by_hand=by_hand)
    with opened as (gateway, _):
        yield gateway


@contextmanager
def open_with(
    credential: Credential,
    client: Client,
    *,
    purpose: str,
    actor: Operator | None,
    withdrawn_too: bool = False,
    by_hand: bool = False,
) -> Iterator[tuple[Gateway, ClientAccess]]:
    """The same by a given credential, with its access: for trials, enrolments, revocations.

    OperatorsOwn where it is an operator's own, unless he himself uses it `by_hand`: an access that
    he opened does not serve others either.
    """
    require_his(credential, actor if by_hand else None)
    meter = CallMeter(client, credential.environment, credential.pk)
    with Wire(environment(credential.environment), meter) as wire:
        access = ClientAccess(
            wire,
            client=client,
            credential=credential,
            actor=actor,
            purpose=purpose,
            withdrawn_too=withdrawn_too,
        )
        yield Gateway(wire, access), access


def learn_rates(client: Client, *, actor: Operator | None = None) -> None:
    """Ask KSeF for the limits of the client's context, and keep to them from now on."""
    with open_gateway(client, purpose="limity wywołań", actor=actor) as gateway:
        rates = gateway.rate_limits()
    rows = [
        ToldRates(
            environment=client.environment,
            context=client.context,
            group=group.value,
            per_second=told.per_second,
            per_minute=told.per_minute,
            per_hour=told.per_hour,
            told_at=timezone.now(),
        )
        for group, told in rates.items()
    ]
    ToldRates.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["environment", "context", "group"],
        update_fields=["per_second", "per_minute", "per_hour", "told_at"],
    )
