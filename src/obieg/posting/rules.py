"""Rules of posting: made, shown and deleted, each with its trail."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from obieg.inbox.models import Direction
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.books import books_of
from obieg.posting.errors import InvalidRule, NotForYou
from obieg.posting.models import Rule
from obieg.posting.refreshing import refresh_client
from obieg.posting.suggestion import TREATMENT_FIELDS, Treatment

THING = "posting.rule"
WRITTEN = ("name", "direction", "seller_nip", "text", "priority", *TREATMENT_FIELDS)


def visible_rules(operator: Operator, client: Client | None = None) -> ScopedQuerySet[Rule]:
    """The office's rules and those of the operator's clients, or of one of them; in their order."""
    clients = Client.objects.visible_to(operator)
    if client is not None:
        clients = clients.filter(pk=client.pk)
    rules = Rule.objects.across_clients().filter(Q(client__isnull=True) | Q(client__in=clients))
    return rules.order_by(F("client").asc(nulls_last=True), "priority", "pk")


@transaction.atomic
def create_rule(
    *,
    operator: Operator,
    client: Client | None,
    name: str,
    direction: str,
    treatment: Treatment,
    seller_nip: str = "",
    text: str = "",
    priority: int = 100,
) -> Rule:
    """Make a rule and propose the client's unclassified documents anew.

    With no client it is the office's. Raises InvalidRule, NotForYou, or Client.DoesNotExist.
    """
    _check_right(operator, client)
    rule = Rule(
        client=client,
        name=name.strip(),
        direction=direction,
        seller_nip=seller_nip.strip(),
        text=" ".join(text.split()),
        priority=priority,
        created_by=operator,
        **treatment.to_dict(),
    )
    _check(rule)
    rule.save()
    _note(rule, operator, "create", after=_written(rule))
    if client is not None:
        refresh_client(client.pk, direction)
    return rule


@transaction.atomic
def delete_rule(rule: Rule, *, operator: Operator) -> None:
    """Delete a rule; the trail keeps what it said."""
    _check_right(operator, rule.client)
    _note(rule, operator, "delete", before=_written(rule))
    rule.delete()


def add_defaults(rules: Iterable[Rule]) -> None:
    """Store rules of a template that are not there yet, by client and name."""
    for rule in rules:
        known = Rule.objects.across_clients().filter(
            client=rule.client, name=rule.name, direction=rule.direction, account=rule.account
        )
        if not known.exists():
            rule.save()


def _check_right(operator: Operator, client: Client | None) -> None:
    if client is None:
        if not operator.sees_all_clients:
            raise NotForYou
        return
    Client.objects.visible_to(operator).get(pk=client.pk)


def _check(rule: Rule) -> None:
    if not rule.name:
        raise InvalidRule(problem="Nazwij regułę: nazwa jest widoczna przy każdej propozycji.")
    if rule.direction == Direction.PURCHASE and not (rule.seller_nip or rule.text):
        raise InvalidRule(
            problem="Podaj NIP sprzedawcy albo tekst pozycji, których reguła dotyczy."
        )
    if not 0 <= rule.deductible_percent <= 100:
        raise InvalidRule(problem="Odliczenie VAT to od 0 do 100%.")
    if not rule.account:
        raise InvalidRule(problem="Podaj konto, na które reguła księguje.")
    if rule.client_id is not None:
        _check_books(rule, rule.client_id)


def _check_books(rule: Rule, client_id: int) -> None:
    books = books_of([client_id])[client_id]
    if rule.account not in books.accounts:
        raise InvalidRule(problem=f"W planie kont klienta nie ma konta „{rule.account}”.")
    if rule.vat_register not in books.registers:
        raise InvalidRule(problem=f"Klient nie ma rejestru VAT „{rule.vat_register}”.")
    if rule.cost_centre and rule.cost_centre not in books.cost_centres:
        raise InvalidRule(problem=f"Klient nie ma MPK „{rule.cost_centre}”.")
    if rule.project and rule.project not in books.projects:
        raise InvalidRule(problem=f"Klient nie ma projektu „{rule.project}”.")


def _written(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in WRITTEN}


def _note(rule: Rule, operator: Operator, kind: str, **facts: dict[str, Any]) -> None:
    Event.objects.create(
        client_id=rule.client_id,
        thing=THING,
        thing_id=rule.pk,
        actor=operator,
        kind=kind,
        **facts,
    )
