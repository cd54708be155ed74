"""What a new branch posts by: the books of its head as they are, or those of a new client."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.dispatch import receiver

from obieg.office.branches import Inherited
from obieg.office.models import Client
from obieg.office.signals import branch_added
from obieg.posting.charts import apply_template
from obieg.posting.models import Account, Dimension, Profile, Rule, Vehicle

BOOKS = (Account, Profile, Dimension, Vehicle, Rule)


@receiver(branch_added, dispatch_uid="posting.inheriting")
def take_over_books(
    head: Client, branch: Client, inherited: Collection[Inherited], **_: Any
) -> None:
    """Copy the head's books, which from then on are the branch's own."""
    if Inherited.BOOKS in inherited and Account.objects.of_client(head).exists():
        for model in BOOKS:
            _copy(model, head, branch)
    else:
        apply_template(branch)


def _copy(model: Any, head: Client, branch: Client) -> None:
    rows: list[models.Model] = list(model.objects.of_client(head))
    for row in rows:
        row.pk, row.client = None, branch  # type: ignore[attr-defined] # each of BOOKS has one
    model.objects.bulk_create(rows)
