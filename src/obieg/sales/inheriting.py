"""How a new branch sells: as its head does, from an address of its own."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.dispatch import receiver

from obieg.office.branches import Inherited
from obieg.office.models import Client
from obieg.office.signals import branch_added
from obieg.sales.models import BankAccount, KindPolicy, SellerProfile

# of the head itself: on the invoice they stand in Podmiot1, not in the branch's Podmiot3
OF_THE_HEAD = ("name", "address1", "address2", "email", "phone", "krs", "regon", "bdo")


@receiver(branch_added, dispatch_uid="sales.inheriting")
def take_over_settings(
    head: Client, branch: Client, inherited: Collection[Inherited], **_: Any
) -> None:
    """Copy the head's profile, policies and bank accounts; numbers are the branch's own."""
    if Inherited.SALES not in inherited:
        return
    for model in (SellerProfile, KindPolicy, BankAccount):
        _copy(model, head, branch)
    own: dict[str, Any] = dict.fromkeys(OF_THE_HEAD, "")
    SellerProfile.objects.of_client(branch).update(**own)


def _copy(model: Any, head: Client, branch: Client) -> None:
    rows: list[models.Model] = list(model.objects.of_client(head))
    for row in rows:
        row.pk, row.client = None, branch  # type: ignore[attr-defined] # each has one
    model.objects.bulk_create(rows)
