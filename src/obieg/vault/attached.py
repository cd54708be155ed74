"""What is attached to a client: while it is, KSeF knows the client by the same NIP."""

from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from obieg.office.models import Client
from obieg.office.signals import identity_asked
from obieg.vault.models import Credential, Enrolment
from obieg.vault.states import EnrolmentState

OPEN = frozenset(EnrolmentState) - {EnrolmentState.DONE, EnrolmentState.REFUSED}


@receiver(identity_asked, dispatch_uid="vault.attached")
def attached(client: Client, **_: Any) -> str:
    """The credentials in use, on trial or asked for; the database holds to the first two itself."""
    held = Credential.objects.of_client(client).filter(Q(active=True) | Q(on_trial=True))
    labels = list(held.filter(shredded_at=None).order_by("pk").values_list("label", flat=True))
    if labels:
        named = ", ".join(f"„{label}”" for label in labels)
        return f"przypięte jest poświadczenie {named}, najpierw wycofaj je i zniszcz"
    if Enrolment.objects.of_client(client).filter(state__in=OPEN).exists():
        return "trwa wniosek o certyfikat w jego kontekście"
    return ""
