"""The first step: the office with its people, its clients and their books, its certificate."""

from django.db import transaction

from obieg.calls.permissions.models import OfficeFirm
from obieg.demo.books import open_books
from obieg.demo.certificate import make_certificate
from obieg.demo.milestones import reach
from obieg.demo.staff import assign, hire
from obieg.demo.world.clients import Client as Firm
from obieg.demo.world.month import World
from obieg.office.models import Client, KsefEnvironment, Operator
from obieg.vault.credentials import add_certificate

FOUNDED = "founded"
INTERVAL = 30  # minutes; four roles at it stay within the 20 exports that KSeF allows an hour


@transaction.atomic
def found_office(world: World) -> None:
    """Everything of the office that is not an invoice, whole or not at all."""
    operators = hire()
    owner = operators[-1]
    pairs = [(admit(firm), firm) for firm in world.clients]
    assign(operators, [client for client, _ in pairs])
    open_books(pairs, owner)
    certify(world, owner)
    reach(FOUNDED, clients=len(pairs))


def admit(firm: Firm) -> Client:
    """A client of the demo office, made where missing."""
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
