"""What becomes of an operator's sessions in KSeF when he logs out."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from obieg.office.models import Operator
from obieg.sales.sending.sessions import close_sessions_of


@receiver(user_logged_out, dispatch_uid="sales.leaving")
def _close_sessions(user: Operator | None, **_: Any) -> None:
    if user is not None:
        close_sessions_of(user)
