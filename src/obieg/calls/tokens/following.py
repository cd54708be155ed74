"""What becomes of a token that was asked for: it begins to work, or it is found and revoked."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.utils import timezone

from obieg.calls.gateways import open_with
from obieg.calls.tokens.asking import SURELY_LOST, login_for, queue, refuse, require_needed
from obieg.calls.trial import require_reading, try_credential
from obieg.core.errors import MustWait, Transient, UserFixable
from obieg.ksef.errors import CredentialRefused
from obieg.ksef.gateway import Gateway
from obieg.ksef.tokens import TokenEntry
from obieg.office.models import Operator
from obieg.vault.credentials import take_over
from obieg.vault.errors import OperatorsOwn, TokenUnfindable
from obieg.vault.models import Credential, TokenRequest
from obieg.vault.shredding import shred, withdraw
from obieg.vault.states import TokenState

log = structlog.get_logger(__name__)

PURPOSE = "sprawdzenie nowego tokena"
POLL = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_ACTIVATION = timedelta(hours=1)
SEES_ALL = "CredentialsManage"  # and may revoke what it sees
ENDED = frozenset({"Revoking", "Revoked", "Failed"})
NOTHING_MADE = "KSeF nie zna takiego tokena: nic nie powstało. Możesz zlecić następny."
NOT_ACTIVE = "KSeF nie aktywował tokena w ciągu godziny."
ANOTHER_PERSON = (
    "Odpowiedź KSeF nie dotarła. Czy token powstał, sprawdzi przyciskiem „Sprawdź w KSeF” osoba, "
    "której własnym poświadczeniem o niego poproszono: {operator}."
)


def carry(request_id: int, failures: int = 0) -> timedelta | None:
    """The next step in the background; queues its own continuation and says after how long."""
    row = _row(request_id)
    try:
        wait = _step(row)
        failures = 0
    except MustWait as limit:
        wait = max(limit.until - timezone.now(), timedelta())
    except Transient as error:
        log.warning("token_put_off", request=row.pk, error=error.code)
        failures += 1
        wait = min(timedelta(seconds=5 << min(failures, 10)), LONGEST_WAIT)
    except UserFixable as error:
        _leave_to_a_person(row, error)
        wait = None
    if wait is not None:
        queue(row.pk, after=wait, failures=failures)
    return wait


def search(request: TokenRequest, *, actor: Operator) -> TokenRequest:
    """Look now, by hand, for a token whose answer was lost; whoever asks, with his own access.

    Raises TokenUnfindable, and what the gateway raises.
    """
    row = _row(request.pk)
    if row.state == TokenState.ASKING:
        _recover(row, *_searcher(row, actor), actor=actor)
    return row


def _row(request_id: int) -> TokenRequest:
    related = ("client", "login__operator", "credential", "asked_by")
    return TokenRequest.objects.across_clients().select_related(*related).get(pk=request_id)


def _step(row: TokenRequest) -> timedelta | None:
    if row.state == TokenState.ASKING:
        since = timezone.now() - row.created_at
        if since < SURELY_LOST:
            return SURELY_LOST - since
        _recover(row, row.login, True, actor=None)
        return None
    if row.state == TokenState.PENDING:
        return _follow(row)
    return None


def _recover(row: TokenRequest, login: Credential, proves: bool, *, actor: Operator | None) -> None:
    """Revoke what was made and never received; `proves`: the login sees whatever there is."""
    opened = open_with(
        login,
        row.client,
        purpose=PURPOSE,
        actor=actor,
        withdrawn_too=True,
        by_hand=actor is not None,
    )
    with opened as (ksef, _):
        found = [one for one in _with_mark(ksef, row) if one.status not in ENDED]
        if not found and not (proves or SEES_ALL in ksef.permissions.held()):
            raise TokenUnfindable(label=row.login.label, mark=row.mark)
        for entry in found:
            ksef.tokens.revoke(entry.reference)
    if found:
        row.advance(TokenState.LOST, actor=actor, kind="revoke", reference=found[0].reference)
    else:
        refuse(row, NOTHING_MADE, actor=actor)


def _with_mark(ksef: Gateway, row: TokenRequest) -> list[TokenEntry]:
    """The tokens that bear the mark: one, or none."""
    found: list[TokenEntry] = []
    after, is_first = "", True
    while after or is_first:
        page = ksef.tokens.page(description=row.mark, after=after)
        found += [one for one in page.entries if row.mark in one.description]
        after, is_first = page.more, False
    return found


def _searcher(row: TokenRequest, actor: Operator) -> tuple[Credential, bool]:
    """With what to look, and whether that sees the token for certain: its author does."""
    owner_id = row.login.operator_id
    if row.login.shredded_at is None and owner_id in (None, actor.pk):
        return row.login, True
    if row.client.environment != row.environment:
        raise TokenUnfindable(label=row.login.label, mark=row.mark)
    return login_for(row.client, actor), False


def _follow(row: TokenRequest) -> timedelta | None:
    """PENDING: into use once KSeF has activated it and it has opened the client's context."""
    credential = row.credential
    assert credential is not None  # noqa: S101 - what is pending is in the vault
    if row.login.operator_id is None:
        with open_with(row.login, row.client, purpose=PURPOSE, actor=None, withdrawn_too=True) as (
            ksef,
            _,
        ):
            entry = ksef.tokens.status(row.reference)
        if entry.status == "Pending":
            return _later(row, credential)
        if entry.status in ENDED:
            _give_up(row, credential, "; ".join(entry.details) or f"Stan w KSeF: {entry.status}.")
            return None
    try:
        trial = try_credential(credential, row.client, actor=row.asked_by)
    except CredentialRefused:  # with an operator's own login only the token itself can be asked
        return _later(row, credential)
    try:
        require_reading(trial)
        require_needed(row.client, row.purpose)
    except UserFixable as error:
        _give_up(row, credential, str(error))
        return None
    with transaction.atomic():
        take_over(credential, actor=row.asked_by)
        row.advance(TokenState.DONE, actor=row.asked_by, kind="take_over")
    return None


def _later(row: TokenRequest, credential: Credential) -> timedelta | None:
    if row.created_at + LONGEST_ACTIVATION > timezone.now():
        return POLL
    _give_up(row, credential, NOT_ACTIVE)
    return None


def _give_up(row: TokenRequest, credential: Credential, text: str) -> None:
    """It will not be used: destroyed here; what there is in KSeF is on the list, to be revoked."""
    with transaction.atomic():
        withdraw(credential, actor=row.asked_by)
        shred(credential, actor=row.asked_by)
        refuse(row, text, actor=None)


def _leave_to_a_person(row: TokenRequest, error: UserFixable) -> None:
    """Something in the way does not go away by itself.

    A token on trial is given up; a claim without an answer stays, for it may not be forgotten.
    """
    row = _row(row.pk)
    log.warning("token_left_to_a_person", request=row.pk, error=error.code)
    if row.state == TokenState.PENDING and row.credential:
        _give_up(row, row.credential, str(error))
    elif row.state == TokenState.ASKING:
        text = str(error)
        if isinstance(error, OperatorsOwn):
            text = ANOTHER_PERSON.format(operator=error.facts["operator"])
        TokenRequest.objects.of_client(row.client_id).filter(pk=row.pk).update(error_text=text)
