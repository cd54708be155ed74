"""Branches of a client: taking one on, and changing what KSeF knows a client by."""

from django.db import IntegrityError, transaction
from django.db.models import TextChoices

from obieg.core.errors import UserFixable
from obieg.office.models import Assignment, Client, Event, Operator, UnitKind
from obieg.office.signals import branch_added, identity_asked, identity_changed


class Inherited(TextChoices):
    """What a new branch may take over from its head, as it stands on that day."""

    BOOKS = "books", "plan kont, rejestry VAT, MPK i reguły księgowania"
    SALES = "sales", "ustawienia sprzedaży, rachunki bankowe"
    OPERATORS = "operators", "przypisani operatorzy"


class IdentityLocked(UserFixable):
    """A credential, documents or branches hang on what KSeF knows the client by."""

    code = "office.identity_locked"
    message_pl = "Nie można zmienić NIP ani identyfikatora klienta {client}: {reasons}."


class IdentityTaken(UserFixable):
    """KSeF's context is another client's."""

    code = "office.identity_taken"
    message_pl = "Kontekst {context} ma już inny klient biura."


@transaction.atomic
def add_branch(branch: Client, *, inherited: frozenset[Inherited], actor: Operator) -> Client:
    """Store a new branch with what it takes over from its head, and who works at it."""
    head = branch.branch_of
    assert head is not None  # noqa: S101 - a branch has one
    for name in ("accounting_form", "vat_period", "environment", "sync_interval"):
        setattr(branch, name, getattr(head, name))
    branch.save()
    _assign(branch, head, with_operators=Inherited.OPERATORS in inherited, actor=actor)
    branch_added.send(Client, head=head, branch=branch, inherited=inherited, actor=actor)
    after = {"context": branch.context, "kind": branch.unit_kind, "name": branch.unit_name}
    Event.objects.create(
        client=branch,
        thing="office.client",
        thing_id=branch.pk,
        actor=actor,
        kind="create",
        after={**after, "branch_of": head.pk, "inherited": sorted(inherited)},
    )
    return branch


def _assign(branch: Client, head: Client, *, with_operators: bool, actor: Operator) -> None:
    served = set()
    if with_operators:
        rows = Assignment.objects.filter(client=head)
        served = set(rows.values_list("operator_id", flat=True))
    if not actor.sees_all_clients:
        served.add(actor.pk)
    Assignment.objects.bulk_create(Assignment(operator_id=one, client=branch) for one in served)


def locks_of(client: Client) -> list[str]:
    """Why the client's NIP and internal identifier stay as they are; empty where they may change.

    Each a part of a Polish sentence.
    """
    told = [text for _, text in identity_asked.send(Client, client=client) if text]
    own = Client.objects.across_clients().filter(branch_of=client, unit_kind=UnitKind.INTERNAL)
    if own.exists():
        told.append("identyfikatory jego oddziałów zaczynają się tym NIP")
    return told


@transaction.atomic
def change_identity(client: Client, *, nip: str, internal_id: str, actor: Operator) -> Client:
    """Let KSeF know the client by another NIP or identifier. IdentityLocked, IdentityTaken.

    The database refuses it too while a credential is attached (vault, migration 0005).
    """
    held = Client.objects.of_client(client.pk).select_for_update().get()
    before = held.context
    if (held.nip, held.internal_id) == (nip, internal_id):
        return held
    if reasons := locks_of(held):
        raise IdentityLocked(client=held.name, reasons="; ".join(reasons))
    held.nip, held.internal_id = nip, internal_id
    try:
        with transaction.atomic():
            held.save(update_fields=["nip", "internal_id"])
    except IntegrityError as error:
        if "one_client_in_a_context" not in str(error):
            raise
        raise IdentityTaken(context=held.context) from error
    identity_changed.send(Client, client=held)
    Event.objects.create(
        client=held,
        thing="office.client",
        thing_id=held.pk,
        actor=actor,
        kind="change_identity",
        before={"context": before},
        after={"context": held.context},
    )
    return held
