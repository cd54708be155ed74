"""What a person may ask for: synchronise now, a period again, one invoice by its number."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from obieg.calls.gateways import open_gateway
from obieg.core.ksef_number import is_ksef_number
from obieg.core.polish import today
from obieg.inbox import windows
from obieg.inbox.channels import ensure_channels, roles_of
from obieg.inbox.errors import EmptyPeriod, NotInKsef
from obieg.inbox.intake import take_in
from obieg.inbox.jobs import enqueue_package, hasten_pass
from obieg.inbox.locks import lock_storing
from obieg.inbox.models import Channel, Invoice, Package, Role
from obieg.inbox.packages import claim_period
from obieg.inbox.reading import Marks, Received, read
from obieg.inbox.rows import Receipt
from obieg.ksef.errors import KsefRefused, NotKsefNumber
from obieg.ksef.gateway import Gateway
from obieg.ksef.lookup import look_up
from obieg.office.models import Client, Event, Operator

PURPOSE = "faktura po numerze"
NOT_FOUND = 21164  # KSeF API 2.9, GET /invoices/ksef/{ksefNumber}


def synchronise_now(client: Client, operator: Operator | None) -> list[Channel]:
    """Queue a pass over every channel of `client` for now; KSeF's limits still hold."""
    with transaction.atomic():
        channels = [channel for channel in ensure_channels(client) if channel.enabled]
        for channel in channels:
            hasten_pass(channel)
        _trail(client, operator, "synchronise_now", {})
    return channels


def fetch_period(
    client: Client, role: str, date_from: date, date_to: date, operator: Operator | None
) -> list[Package]:
    """Fetch again what KSeF stored from `date_from` to `date_to` (days in Warsaw, both included).

    Queues one package for each stretch that KSeF allows; what Obieg has already is not doubled and
    no position moves. Raises EmptyPeriod.
    """
    if date_from > min(date_to, today()):
        raise EmptyPeriod(date_from=date_from, date_to=date_to)
    with transaction.atomic():
        ensure_channels(client)
        channel = Channel.objects.of_client(client).get(environment=client.environment, role=role)
        packages = [
            claim_period(channel, start, end, operator)
            for start, end in windows.period(date_from, date_to, timezone.now())
        ]
        for package in packages:
            enqueue_package(package)
        asked = {"role": str(role), "from": date_from.isoformat(), "to": date_to.isoformat()}
        _trail(client, operator, "fetch_period", asked)
    return packages


def fetch_by_number(client: Client, ksef_number: str, operator: Operator | None) -> Invoice | None:
    """The invoice `ksef_number` of `client`: the stored one, else fetched from KSeF and stored.

    None where it came but could not be read and lies in quarantine. Raises NotKsefNumber before
    anything is asked, NotInKsef, and what the gateway raises (MustWait where a limit is reached).
    """
    number = ksef_number.strip().upper()
    if not is_ksef_number(number):
        raise NotKsefNumber(number=ksef_number)
    if stored := _stored(client, number):
        return stored
    with open_gateway(client, purpose=PURPOSE, actor=operator, by_hand=True) as ksef:
        seen = look_up(ksef, number, _likely_roles(client, number))
        if seen is None:
            raise NotInKsef(client=client.name, number=number)
        xml = _bytes(ksef, client, number)
    entry = seen.entry
    marks = Marks(entry.permanent_storage_date, entry.acquisition_date, entry.invoice_hash)
    receipt = Receipt(client.pk, client.environment, Role(seen.role), None, timezone.now())
    with transaction.atomic():
        lock_storing(client.pk)
        take_in(client, receipt, [read(Received(number, f"{number}.xml", xml, marks))])
        _trail(client, operator, "fetch_by_number", {"number": number})
    return _stored(client, number)


def _stored(client: Client, number: str) -> Invoice | None:
    return Invoice.objects.of_client(client).filter(ksef_number=number).first()


def _bytes(ksef: Gateway, client: Client, number: str) -> bytes:
    try:
        return ksef.invoice(number)
    except KsefRefused as refusal:
        if refusal.ksef_code != NOT_FOUND:
            raise
        raise NotInKsef(client=client.name, number=number) from refusal


def _likely_roles(client: Client, number: str) -> list[Role]:
    """The roles, the likeliest first: the number begins with the seller's NIP."""
    if client.taxpayer != client:  # a unit stands beside its head
        return sorted(roles_of(client), key=lambda role: role != Role.THIRD)
    if number.startswith(client.nip):
        return [Role.SELLER, Role.BUYER, Role.THIRD, Role.AUTHORIZED]
    return [Role.BUYER, Role.THIRD, Role.AUTHORIZED]


def _trail(client: Client, operator: Operator | None, kind: str, asked: dict[str, str]) -> None:
    Event.objects.create(
        client=client,
        thing="inbox.client",
        thing_id=client.pk,
        actor=operator,
        kind=kind,
        after=asked,
    )
