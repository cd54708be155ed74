"""What pages ask the inbox: how a client's synchronisation stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from obieg.inbox.models import Channel, Invoice, InvoiceXml, Package, Quarantined, Role
from obieg.inbox.states import OPEN, PackageState
from obieg.office.models import Client


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """One row of the client's page; moments aware in UTC, texts in Polish."""

    channel_id: int
    role: Role
    enabled: bool
    position: datetime  # everything that KSeF stored up to here is in Obieg
    last_run_at: datetime | None
    last_ok_at: datetime | None
    next_run_at: datetime
    fetched: int  # invoices, ever
    failures: int  # in a row
    error_code: str
    error_text: str
    working_on: PackageState | None  # state of the package under way


def channels_of(client: Client) -> list[ChannelStatus]:
    """The channels of `client` in its environment, in the order of the roles."""
    channels = Channel.objects.of_client(client).filter(environment=client.environment)
    under_way = Package.objects.of_client(client).filter(incremental=True, state__in=OPEN)
    states = dict(under_way.values_list("channel_id", "state"))
    statuses = [_status(channel, states.get(channel.pk)) for channel in channels]
    return sorted(statuses, key=lambda status: list(Role).index(status.role))


def _status(channel: Channel, state: str | None) -> ChannelStatus:
    return ChannelStatus(
        channel_id=channel.pk,
        role=Role(channel.role),
        enabled=channel.enabled,
        position=channel.position,
        last_run_at=channel.last_run_at,
        last_ok_at=channel.last_ok_at,
        next_run_at=channel.next_run_at,
        fetched=channel.fetched,
        failures=channel.failures,
        error_code=channel.error_code,
        error_text=channel.error_text,
        working_on=PackageState(state) if state else None,
    )


def packages_of(client: Client, limit: int = 50) -> list[Package]:
    """The last packages of `client` that brought something, are under way or went wrong.

    Newest first, with their channels; runs that found nothing new are left out.
    """
    packages = Package.objects.of_client(client).select_related("channel", "ordered_by")
    worth_showing = Q(invoices__gt=0) | Q(state__in=OPEN) | ~Q(error_code="") | Q(incremental=False)
    return list(packages.filter(worth_showing).order_by("-pk")[:limit])


def quarantined_of(client: Client) -> list[Quarantined]:
    """The files of `client` that wait to be readable, newest first, without their bytes."""
    waiting = Quarantined.objects.of_client(client).filter(resolved_at=None)
    return list(waiting.defer("content").order_by("-at"))


def xml_of(invoice: Invoice) -> bytes:
    """The bytes of a document, as KSeF holds them; the caller has already checked who asks."""
    return bytes(InvoiceXml.objects.of_client(invoice.client_id).get(pk=invoice.pk).xml)
