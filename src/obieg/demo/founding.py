"""The first step: the office with its people and its certificate; and how a client is admitted."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from obieg.calls.permissions.models import OfficeFirm
from obieg.demo.books import open_books
from obieg.demo.certificate import make_certificate
from obieg.demo.logins import Login
from obieg.demo.milestones import reach, reached
from obieg.demo.staff import hire
from obieg.demo.world.clients import Client as Firm
from obieg.demo.world.month import World
from obieg.inbox.channels import ensure_channels
from obieg.office.models import Assignment, Client, KsefEnvironment, Operator
from obieg.vault.credentials import add_certificate

FOUNDED = "founded"
INTERVAL = 30  # minutes; four roles at it stay within the 20 exports that KSeF allows an hour
OWNER = "maria"


@transaction.atomic
def found_office(world: World) -> None:
    """Everything of the office but its clients and invoices, whole or not at all, once."""
    if reached(FOUNDED):
        return
    certify(world, hire()[OWNER])
    reach(FOUNDED)


@transaction.atomic
def admit(
    members: Iterable[tuple[Firm, Login]], staff: dict[str, Operator], since: date
) -> list[Client]:
    """The firms as clients of the office: books, accountant, channels; made where missing.

    They come whole: with a client but without its channels, the scheduler would open these itself
    and begin with another day.
    """
    pairs = [(_client(firm), firm, person) for firm, person in members]
    open_books([(client, firm) for client, firm, _ in pairs], staff[OWNER])
    Assignment.objects.bulk_create(
        [Assignment(operator=staff[person.login], client=client) for client, _, person in pairs],
        ignore_conflicts=True,
    )
    for client, _, _ in pairs:
        ensure_channels(client, since=since)
    return [client for client, _, _ in pairs]


def _client(firm: Firm) -> Client:
    client, _ = Client.objects.across_clients().get_or_create(
        nip=firm.firm.nip,
        defaults={
            "name": firm.firm.name,
            "accounting_form": firm.form,
            "vat_period": firm.vat_period,
            "environment": KsefEnvironment.EMULATOR,
            "sync_interval": INTERVAL,
        },
    )
    return client


def certify(world: World, owner: Operator) -> None:
    """The office's certificate, with which it enters the contexts of all its clients."""
    certificate, key = make_certificate(world.office.nip, world.office.name)
    add_certificate(
        None,
        certificate,
        key,
        environment=KsefEnvironment.EMULATOR,
        label="Pieczęć biura (pokaz)",
        actor=owner,
    )
    OfficeFirm.objects.get_or_create(nip=world.office.nip, name=world.office.name)
