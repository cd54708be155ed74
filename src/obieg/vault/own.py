"""An operator's own credentials: kept by him, used by him alone, withdrawn when he leaves."""

from typing import Any

from django.db.models import Q, QuerySet
from django.dispatch import receiver

from obieg.office.models import Operator
from obieg.office.rights import Right
from obieg.office.signals import switched_off
from obieg.vault.models import Credential
from obieg.vault.shredding import withdraw


def own_credentials(operator: Operator) -> QuerySet[Credential]:
    """His own that are still readable here, those in use first; without secrets."""
    return _shown(Credential.objects.of_operator(operator))


def others_credentials(operator: Operator) -> QuerySet[Credential]:
    """The own ones of others that he may withdraw and destroy: none without that right."""
    if not operator.may(Right.CREDENTIALS):
        return Credential.objects.across_clients().none()
    rows = Credential.objects.visible_to(operator).exclude(Q(operator=None) | Q(operator=operator))
    return _shown(rows)


def withdraw_all_of(operator: Operator, *, actor: Operator | None) -> int:
    """Take everything of his out of use; how much that was."""
    rows = Credential.objects.of_operator(operator).filter(Q(active=True) | Q(on_trial=True))
    held = list(rows.select_for_update())
    for credential in held:
        withdraw(credential, actor=actor)
    return len(held)


@receiver(switched_off, dispatch_uid="vault.own.switched_off")
def _switched_off(operator: Operator, actor: Operator, **_: Any) -> None:
    withdraw_all_of(operator, actor=actor)


def _shown(rows: QuerySet[Credential]) -> QuerySet[Credential]:
    whole = rows.filter(shredded_at=None).select_related("client", "operator")
    return whole.defer("ciphertext", "wrapped_key").order_by("-active", "-pk")
