"""Asking KSeF for a token: claim, commit, call, record; and ending one by its number there.

A token whose answer was lost is in nobody's hands: `following` finds it by its mark and revokes it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.calls.gateways import open_with
from obieg.core.errors import ObiegError
from obieg.ksef.errors import KsefUnavailable
from obieg.ksef.tokens import NewToken
from obieg.office import jobs
from obieg.office.models import Client, Event, Operator
from obieg.vault.choice import choice_of, own_of
from obieg.vault.credentials import add_token, credential_for
from obieg.vault.errors import (
    CredentialInUse,
    TokenAnswerLost,
    TokenAskedAlready,
    TokenCannotGenerate,
    TokenNotNeeded,
)
from obieg.vault.models import (
    Credential,
    CredentialKind,
    TokenPurpose,
    TokenRequest,
)
from obieg.vault.shredding import note_revoked
from obieg.vault.states import TokenState

TOKEN = "vault.token"  # noqa: S105 - the name of a task
PURPOSE = "generowanie tokena"
REVOKING = "unieważnienie tokena"
SURELY_LOST = timedelta(minutes=2)  # after this KSeF would list a token that it made


@dataclass(frozen=True, slots=True)
class Wish:
    """The token that is wanted; `mark` is the form's, so that the same form makes one token."""

    mark: str
    description: str
    permissions: tuple[str, ...]
    purpose: TokenPurpose


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a wish; `token` only for another program, and nowhere else kept."""

    request: TokenRequest
    token: str | None = field(repr=False)


def login_for(client: Client, operator: Operator) -> Credential:
    """With what a token may be asked for by hand: anything but a token.

    The operator's own certificate, else the client's, its access signed outside, the office's.
    Raises TokenCannotGenerate, NoCredential, CertificateExpired.
    """
    choice = choice_of(client)
    ways = (own_of(operator, client), choice.credential, choice.signed, choice.office)
    for way in ways:
        if way is not None and way.kind != CredentialKind.TOKEN and not _has_ended(way):
            return way
    credential_for(client, operator=operator)  # tells where there is nothing at all
    raise TokenCannotGenerate(client=client.name)


def generate(client: Client, wish: Wish, *, actor: Operator) -> Made:
    """Ask KSeF for a token, now.

    One for Obieg goes into the vault on trial; one for another program is in the answer and
    nowhere else. Raises TokenCannotGenerate, TokenNotNeeded, TokenAskedAlready, TokenAnswerLost,
    KsefRefused (26001: a permission that one does not have), and what the gateway raises.
    """
    login = login_for(client, actor)
    require_needed(client, wish.purpose)
    request = _claim(client, wish, login, actor)
    try:
        with open_with(login, client, purpose=PURPOSE, actor=actor, by_hand=True) as (ksef, _):
            made = ksef.tokens.generate(wish.permissions, description=request.description)
    except KsefUnavailable as lost:
        if lost.ambiguous:
            raise TokenAnswerLost from lost
        refuse(request, str(lost), actor=actor)
        raise
    except ObiegError as error:
        refuse(request, str(error), actor=actor)
        raise
    _receive(request, made, actor)
    is_shown = wish.purpose == TokenPurpose.PROGRAM
    return Made(request, made.token if is_shown else None)


def require_needed(client: Client, purpose: str) -> None:
    """TokenNotNeeded where a token would take the place of a certificate."""
    own = choice_of(client).own
    if purpose == TokenPurpose.OBIEG and own and own.kind == CredentialKind.CERTIFICATE:
        raise TokenNotNeeded(client=client.name)


def revoke(client: Client, reference: str, *, actor: Operator) -> None:
    """End a token of the client's context in KSeF, whoever made it.

    Raises CredentialInUse where Obieg works with it, KsefRefused, and what the gateway raises.
    """
    kept = Credential.objects.of_client(client).filter(reference=reference, shredded_at=None)
    ours = kept.filter(kind=CredentialKind.TOKEN).order_by("-active", "-on_trial").first()
    if ours and (ours.active or ours.on_trial):
        raise CredentialInUse(label=ours.label)
    key = reader_for(client, actor)
    with open_with(key, client, purpose=REVOKING, actor=actor, by_hand=True) as (ksef, _):
        ksef.tokens.revoke(reference)
    with transaction.atomic():
        if ours:
            note_revoked(ours, actor=actor)
        Event.objects.create(
            client=client,
            thing="office.client",
            thing_id=client.pk,
            actor=actor,
            kind="revoke_token",
            after={"reference": reference, "environment": client.environment},
        )


def reader_for(client: Client, operator: Operator) -> Credential:
    """With what tokens are listed and ended by hand: who logs in with one sees that one alone."""
    try:
        return login_for(client, operator)
    except TokenCannotGenerate:
        return credential_for(client, operator=operator)


def refuse(request: TokenRequest, text: str, *, actor: Operator | None) -> None:
    """End the request: there is no token."""
    request.advance(TokenState.REFUSED, actor=actor, kind="refuse", error_text=text)


def queue(request_id: int, *, after: timedelta | None = None, failures: int = 0) -> None:
    """Queue the next step, now or `after` a while."""
    jobs.enqueue(
        TOKEN,
        {"request_id": request_id, "failures": failures},
        once=_job(request_id),
        lock=_job(request_id),
        at=None if after is None else timezone.now() + after,
    )


def _claim(client: Client, wish: Wish, login: Credential, actor: Operator) -> TokenRequest:
    """Committed before KSeF is asked, with the search for what might be lost."""
    try:
        with transaction.atomic(durable=True):
            request = TokenRequest.objects.create(
                client=client,
                environment=client.environment,
                mark=wish.mark,
                description=f"{wish.description} [Obieg {wish.mark}]",
                permissions=list(wish.permissions),
                purpose=wish.purpose,
                login=login,
                asked_by=actor,
            )
            told = {"description": request.description, "permissions": request.permissions}
            what = {**told, "purpose": str(wish.purpose), "login": login.pk}
            request.event(what, actor=actor, kind="generate").save()
            queue(request.pk, after=SURELY_LOST)
    except IntegrityError as error:
        raise TokenAskedAlready from error
    return request


def _receive(request: TokenRequest, made: NewToken, actor: Operator) -> None:
    with transaction.atomic():
        jobs.withdraw(_job(request.pk))
        if request.purpose == TokenPurpose.PROGRAM:
            request.advance(TokenState.DONE, actor=actor, kind="show", reference=made.reference)
            return
        credential = add_token(
            request.client,
            made.token,
            environment=request.environment,
            label=request.description[:200],
            actor=actor,
            on_trial=True,
        )
        request.advance(
            TokenState.PENDING,
            actor=actor,
            kind="keep",
            reference=made.reference,
            credential=credential,
        )
        queue(request.pk)


def _has_ended(credential: Credential) -> bool:
    end = credential.valid_to
    return end is not None and end <= timezone.now()


def _job(request_id: int) -> str:
    return f"token-{request_id}"
