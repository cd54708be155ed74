"""Access to KSeF in a client's context: tokens kept sealed, shared by all processes, renewed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from obieg.calls.branches import told_of_branch
from obieg.core.errors import Transient
from obieg.ksef.errors import AccessDenied, AccessExpired, KsefRefused
from obieg.ksef.login import authenticate, refresh
from obieg.ksef.secrets import AccessToken, Tokens
from obieg.ksef.wire import Wire
from obieg.office.models import Client, Operator
from obieg.vault.envelope import Binding, seal, unseal
from obieg.vault.models import AccessGrant, Credential
from obieg.vault.opening import open_credential

ENDING = timedelta(seconds=60)  # a token this near its end is not begun with
LOGIN = 0x0B20  # class of advisory locks
LOCK_TIMEOUT = "20s"


class LoginBusy(Transient):
    """Another process has been logging the same client in for too long."""

    code = "calls.login_busy"
    message_pl = "Trwa logowanie do KSeF w kontekście tego klienta. Obieg spróbuje ponownie sam."


class ClientAccess:
    """The access of one client by one credential (`obieg.ksef.ports.Access`)."""

    def __init__(
        self,
        wire: Wire,
        *,
        client: Client,
        credential: Credential,
        actor: Operator | None,
        purpose: str,
        withdrawn_too: bool = False,
    ) -> None:
        self._wire = wire
        self._client = client
        self._credential = credential
        self._actor = actor
        self._purpose = purpose
        self._withdrawn_too = withdrawn_too
        self._held: AccessToken | None = None

    def token(self) -> str:
        """A token that is valid now: the one in hand, the stored one, refreshed, or a new login."""
        if self._held is None or _is_ending(self._held):
            self._held = self._stored_access() or self._obtain()
        return self._held.token

    def renew(self, rejected: str) -> str:
        """Another token than `rejected`: what another process got meanwhile, or a new login."""
        with alone_in_login(self._client):
            stored = self._stored_access()
            fresh = stored if stored and stored.token != rejected else self._log_in()
        self._held = fresh
        return fresh.token

    def _obtain(self) -> AccessToken:
        with alone_in_login(self._client):
            return self._stored_access() or self._refresh() or self._log_in()

    def _stored_access(self) -> AccessToken | None:
        tokens = self._stored()
        return tokens.access if tokens and not _is_ending(tokens.access) else None

    def _refresh(self) -> AccessToken | None:
        tokens = self._stored()
        if tokens is None or _is_ending(tokens.refresh):
            return None
        try:
            access = refresh(self._wire, tokens.refresh.token)
        except (AccessExpired, AccessDenied, KsefRefused):
            return None  # revoked, or its session was ended: a login will tell more
        self.keep(Tokens(access=access, refresh=tokens.refresh))
        return access

    def _log_in(self) -> AccessToken:
        purpose = f"logowanie: {self._purpose}"
        with (
            told_of_branch(self._client),
            open_credential(
                self._credential,
                actor=self._actor,
                purpose=purpose,
                client=self._client,
                withdrawn_too=self._withdrawn_too,
            ) as secret,
        ):
            tokens = authenticate(self._wire, secret, context=self._client.context)
        self.keep(tokens)
        return tokens.access

    def log_in(self) -> None:
        """Log in now, whatever access there is: a trial of the credential itself."""
        with alone_in_login(self._client):
            self._held = self._log_in()

    def _stored(self) -> Tokens | None:
        grant = AccessGrant.objects.of_client(self._client).filter(
            environment=self._credential.environment, credential=self._credential
        )
        if (row := grant.first()) is None:
            return None
        plain = json.loads(unseal(row, self._binding))
        return Tokens(
            access=AccessToken(plain["access"], row.access_until),
            refresh=AccessToken(plain["refresh"], row.refresh_until),
        )

    def keep(self, tokens: Tokens) -> None:
        """Seal what a login gave, for every process to use."""
        plain = {"access": tokens.access.token, "refresh": tokens.refresh.token}
        envelope = seal(json.dumps(plain).encode(), self._binding)
        AccessGrant.objects.of_client(self._client).update_or_create(
            client=self._client,
            environment=self._credential.environment,
            credential=self._credential,
            defaults={
                "access_until": tokens.access.until,
                "refresh_until": tokens.refresh.until,
                "ciphertext": envelope.ciphertext,
                "wrapped_key": envelope.wrapped_key,
                "master_key_id": envelope.master_key_id,
            },
        )

    @property
    def _binding(self) -> Binding:
        return Binding(self._client.pk, "access", self._credential.environment)


@contextmanager
def alone_in_login(client: Client) -> Iterator[None]:
    """Wait until no other process logs the client in, at most 20 seconds; then LoginBusy.

    The lock belongs to the connection, not to a transaction: calls to KSeF are made under it, and
    it ends with the process. It needs a direct connection (no pooling by transaction).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
        try:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOGIN, client.pk])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise LoginBusy from error
            raise
        finally:
            cursor.execute("RESET lock_timeout")
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOGIN, client.pk])


def _is_ending(token: AccessToken) -> bool:
    return token.until - ENDING <= datetime.now(UTC)
