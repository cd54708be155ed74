"""Renewing certificates without a gap: the new one is asked for, tried and used before the end."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from obieg.calls.errors import NoContextForOffice, OtherOwner
from obieg.calls.models import RenewalSettings
from obieg.core.errors import UserFixable
from obieg.office.models import Client, Operator
from obieg.vault import enrolment
from obieg.vault.models import Credential, CredentialKind, CredentialUsage, Enrolment
from obieg.vault.states import EnrolmentState

log = structlog.get_logger(__name__)

Rows = QuerySet[Credential]

AHEAD = timedelta(days=30)
AGAIN = timedelta(hours=20)  # after a refusal, before it is asked for once more


@dataclass(frozen=True, slots=True)
class Renewal:
    """A certificate in use whose end is near, and what was done about it."""

    credential: Credential
    context: Client | None  # in which a new one is asked for
    obstacle: UserFixable | None  # why KSeF cannot be asked for it
    last: Enrolment | None  # since it became due

    @property
    def is_under_way(self) -> bool:
        return self.last is not None and self.last.is_under_way

    @property
    def failure(self) -> str:
        """Why there is no new one yet, in Polish; nothing while it may still come by itself."""
        if self.obstacle is not None:
            return str(self.obstacle)
        if self.last is not None and self.last.state == EnrolmentState.REFUSED:
            return self.last.error_text
        return ""

    def may_ask(self, now: datetime) -> bool:
        """Whether it is time to ask KSeF (again)."""
        if self.obstacle is not None or self.is_under_way:
            return False
        return self.last is None or self.last.created_at + AGAIN <= now


def due(now: datetime, *, rows: Iterable[Credential] | None = None) -> Iterator[Renewal]:
    """The certificates in use that end within 30 days of `now`; of `rows`, by default of all."""
    for credential in _ending(now) if rows is None else rows:
        context, obstacle = _context(credential)
        yield Renewal(credential, context, obstacle, _last(credential, context))


def renew_due(now: datetime | None = None) -> int:
    """Ask KSeF for what is due, where the office wants that; for how many."""
    if not RenewalSettings.present().automatic:
        return 0
    return sum(
        renew(one, actor=None) for one in due(now or timezone.now()) if one.may_ask(timezone.now())
    )


def renew(renewal: Renewal, *, actor: Operator | None) -> bool:
    """Ask KSeF for a certificate in the place of this one; whether it was. Logs what forbids it."""
    credential, context = renewal.credential, renewal.context
    if context is None:
        return False
    try:
        enrolment.begin(context, actor=actor, usage=CredentialUsage(credential.usage))
    except UserFixable as error:
        log.warning("renewal_refused", credential=credential.pk, error=error.code)
        return False
    return True


def ending_rows(now: datetime) -> Q:
    """The certificates in use that end within 30 days and, for logging in, have not ended."""
    soon = Q(
        active=True,
        operator=None,
        kind=CredentialKind.CERTIFICATE,
        usage__in=[CredentialUsage.AUTHENTICATION, CredentialUsage.OFFLINE],
        valid_to__lte=now + AHEAD,
    )
    served = Q(client=None) | Q(client__active=True, environment=F("client__environment"))
    alive = Q(usage=CredentialUsage.OFFLINE) | Q(valid_to__gt=now)
    return soon & served & alive


def _ending(now: datetime) -> Iterator[Credential]:
    rows = Credential.objects.across_clients().filter(ending_rows(now)).select_related("client")
    yield from rows.defer("ciphertext", "wrapped_key").order_by("valid_to", "pk")


def _context(credential: Credential) -> tuple[Client | None, UserFixable | None]:
    """The client to ask in the name of, or why nobody can."""
    if credential.client is not None:
        return credential.client, _obstacle(credential, credential.client)
    for client in Client.objects.across_clients().filter(
        active=True, environment=credential.environment
    ):
        if _obstacle(credential, client) is None:
            return client, None
    return None, NoContextForOffice(environment=credential.get_environment_display())


def _obstacle(credential: Credential, client: Client) -> UserFixable | None:
    try:
        access = enrolment.access_for(client)
    except UserFixable as error:
        return error
    if access.client_id != credential.client_id:
        return OtherOwner(label=credential.label, client=client.name)
    return None


def _last(credential: Credential, context: Client | None) -> Enrolment | None:
    """The last request for the same owner and usage since the certificate became due."""
    if context is None:
        return None
    assert credential.valid_to is not None  # noqa: S101 - filtered by it
    rows = Enrolment.objects.across_clients().filter(
        owner=credential.client_id,
        environment=credential.environment,
        usage=credential.usage,
        created_at__gte=max(credential.valid_to - AHEAD, credential.created_at),
    )
    others = rows.exclude(credential=credential)  # it is not its own renewal
    return others.defer("sealed_key").order_by("-pk").first()
