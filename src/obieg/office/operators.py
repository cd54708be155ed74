"""Who may change whose account, so that nobody raises himself and an owner always stays."""

from obieg.office.models import Operator
from obieg.office.rights import OfficeRole

LAST_OWNER = "To jedyny właściciel biura. Najpierw nadaj tę rolę komuś jeszcze."


def may_change(editor: Operator, operator: Operator) -> bool:
    """Whether `editor` may change the account: that of an owner is for owners."""
    is_owner = operator.pk is not None and operator.role == OfficeRole.OWNER
    return not is_owner or editor.role == OfficeRole.OWNER


def is_last_owner(operator: Operator) -> bool:
    """Whether nobody else could make an owner; the database keeps him as he is, too."""
    owners = Operator.objects.filter(role=OfficeRole.OWNER, is_active=True, sees_all_clients=True)
    return owners.filter(pk=operator.pk).exists() and not owners.exclude(pk=operator.pk).exists()
