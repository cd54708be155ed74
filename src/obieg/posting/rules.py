"""Rules of posting: made, changed and deleted, each with its trail."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from obieg.inbox.models import Direction
from obieg.office.models import Client, Event, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.books import books_of
from obieg.posting.errors import InvalidRule, NotForYou
from obieg.posting.models import Rule
from obieg.posting.models.rules import CONDITIONS
from obieg.posting.refreshing import refresh_client
from obieg.posting.suggestion import TREATMENT_FIELDS, Treatment

THING = "posting.rule"
CIRCUMSTANCES = ("valid_from", "valid_to", "active", "why")
WRITTEN = ("name", "direction", "priority", *CONDITIONS, *CIRCUMSTANCES, *TREATMENT_FIELDS)


def visible_rules(operator: Operator, client: Client | None = None) -> ScopedQuerySet[Rule]:
    """The office's rules and those of the operator's clients, or of one of them; in their order."""
    clients = Client.objects.visible_to(operator)
    if client is not None:
        clients = clients.filter(pk=client.pk)
    rules = Rule.objects.across_clients().filter(Q(client__isnull=True) | Q(client__in=clients))
    return rules.order_by(F("client").asc(nulls_last=True), "priority", "pk")


def draft(
    *,
    client: Client | None,
    name: str,
    direction: str,
    treatment: Treatment,
    priority: int = 100,
    **given: Any,
) -> Rule:
    """A rule that is not stored, with `given` of CONDITIONS and CIRCUMSTANCES, cleaned."""
    return Rule(
        client=client,
        name=name.strip(),
        direction=direction,
        priority=priority,
        **{key: _clean(value) for key, value in given.items()},
        **treatment.to_dict(),
    )


@transaction.atomic
def create_rule(
    *,
    operator: Operator,
    client: Client | None,
    name: str,
    direction: str,
    treatment: Treatment,
    priority: int = 100,
    **given: Any,
) -> Rule:
    """Make a rule and propose the client's unclassified documents anew.

    With no client it is the office's. Raises InvalidRule, NotForYou, or Client.DoesNotExist.
    """
    rule = draft(
        client=client,
        name=name,
        direction=direction,
        treatment=treatment,
        priority=priority,
        **given,
    )
    return store_rule(rule, operator=operator)


@transaction.atomic
def store_rule(rule: Rule, *, operator: Operator) -> Rule:
    """Store a draft, or a rule whose fields were changed; the trail keeps what it said before.

    Raises InvalidRule, NotForYou, or Client.DoesNotExist for a client of somebody else.
    """
    check_right(operator, rule.client)
    check_rule(rule)
    before = _stored(rule, operator)
    if before is None:
        rule.created_by = operator
        rule.save()
        _note(rule, operator, "create", after=_written(rule))
    elif (after := _written(rule)) != before:
        rule.save()
        changed = [name for name in WRITTEN if before[name] != after[name]]
        facts = {"before": {n: before[n] for n in changed}, "after": {n: after[n] for n in changed}}
        _note(rule, operator, "edit", **facts)
    if rule.client_id is not None and rule.active:
        refresh_client(rule.client_id, rule.direction)
    return rule


@transaction.atomic
def delete_rule(rule: Rule, *, operator: Operator) -> None:
    """Delete a rule; the trail keeps what it said."""
    check_right(operator, rule.client)
    _note(rule, operator, "delete", before=_written(rule))
    rule.delete()


def history_of(rule: Rule) -> list[Event]:
    """Who made and changed the rule, the newest first; the caller has checked who asks."""
    events = Event.objects.across_clients().filter(thing=THING, thing_id=rule.pk)
    return list(events.select_related("actor").order_by("-pk"))


def add_defaults(rules: Iterable[Rule]) -> None:
    """Store rules of a template that are not there yet, by client and name."""
    for rule in rules:
        known = Rule.objects.across_clients().filter(
            client=rule.client, name=rule.name, direction=rule.direction, account=rule.account
        )
        if not known.exists():
            rule.save()


def check_right(operator: Operator, client: Client | None) -> None:
    """NotForYou for the office's rule, Client.DoesNotExist for a client of somebody else."""
    if client is None:
        if not operator.sees_all_clients:
            raise NotForYou
        return
    Client.objects.visible_to(operator).get(pk=client.pk)


def check_rule(rule: Rule) -> None:
    """InvalidRule where the rule says nothing, or names what the client's books lack."""
    if not rule.name:
        raise InvalidRule(problem="Nazwij regułę: nazwa jest widoczna przy każdej propozycji.")
    if rule.direction == Direction.PURCHASE and rule.is_default:
        raise InvalidRule(
            problem="Podaj NIP sprzedawcy, tekst pozycji albo inny warunek, którego reguła dotyczy."
        )
    if not 0 <= rule.deductible_percent <= 100:
        raise InvalidRule(problem="Odliczenie VAT to od 0 do 100%.")
    if not rule.account:
        raise InvalidRule(problem="Podaj konto, na które reguła księguje.")
    _check_order(rule)
    if rule.client_id is not None:
        _check_books(rule, rule.client_id)


def _check_order(rule: Rule) -> None:
    if _is_reversed(rule.amount_from, rule.amount_to):
        raise InvalidRule(problem="Kwota „od” jest większa niż kwota „do”.")
    if _is_reversed(rule.valid_from, rule.valid_to):
        raise InvalidRule(problem="Reguła kończy się, zanim zacznie obowiązywać.")


def _is_reversed(start: Decimal | date | None, end: Decimal | date | None) -> bool:
    return start is not None and end is not None and start > end  # type: ignore[operator] # alike


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


def _stored(rule: Rule, operator: Operator) -> dict[str, Any] | None:
    """What the rule says in the database; whoever changes it must be allowed to touch that too."""
    if rule._state.adding:  # noqa: SLF001 - Django's own word for `not stored yet`
        return None
    locked = Rule.objects.across_clients().select_for_update(of=("self",))
    kept = locked.select_related("client").get(pk=rule.pk)
    check_right(operator, kept.client)
    return _written(kept)


def _clean(value: Any) -> Any:
    return " ".join(value.split()) if isinstance(value, str) else value


def _written(rule: Rule) -> dict[str, Any]:
    return {name: _plain(getattr(rule, name)) for name in WRITTEN}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value


def _note(rule: Rule, operator: Operator, kind: str, **facts: dict[str, Any]) -> None:
    Event.objects.create(
        client_id=rule.client_id,
        thing=THING,
        thing_id=rule.pk,
        actor=operator,
        kind=kind,
        **facts,
    )
