"""Answering a warning: somebody looked, and it is said no more; the trail keeps who."""

from django.db import transaction

from obieg.office.models import Operator
from obieg.posting import attention, doubles, outside, trail
from obieg.posting.models import Dekret, Link


@transaction.atomic
def heed(dekret: Dekret, code: str, *, operator: Operator) -> Dekret:
    """Take the warning `code` away; a possible double is answered to be another document.

    Raises Dekret.DoesNotExist for a foreign client. What is not warned of changes nothing.
    """
    locked = Dekret.objects.visible_to(operator).select_for_update(of=("self",), no_key=True)
    held = locked.get(pk=dekret.pk)
    if code not in held.warnings:
        return held
    if code == attention.DOUBLE:
        links = Link.objects.of_client(held.client_id).filter(invoice=held.invoice_id, answer="")
        for link in links.filter(kind=Link.Kind.DOUBLE):
            doubles.answer(link, same=False, operator=operator)
    if code == attention.OUTSIDE:
        outside.deny(held.client_id, held.invoice_id)
    held.warnings = [warning for warning in held.warnings if warning != code]
    held.save(update_fields=["warnings"])
    trail.note(held, operator, "heed", after={"note": attention.text_of(code)})
    return held
