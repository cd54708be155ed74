"""Who calls: the operator whose key came in the Authorization header."""

from datetime import timedelta
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import HttpBearer

from obieg.logins import pace, tries
from obieg.logins.address import address_of
from obieg.office.models import Client, Operator
from obieg.office.rights import Right
from obieg.sales.models import ApiToken, Sale

_NOTED_EVERY = timedelta(minutes=1)  # the last use is told to the minute, not written at each call

COST_OF_PDF = 5  # requests: it is drawn anew


class KeyRequest(HttpRequest):
    """A request whose key was recognised."""

    auth: ApiToken


class OperatorKey(HttpBearer):
    """`Authorization: Bearer obieg_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """The key, or TooManyTries for an address that has sent too many that are none.

        A valid key never waits for another's guesses: no one can guess it, and others share its
        address. It has a pace of its own, and so has the address (TooFast).
        """
        address = address_of(request)
        pace.spend(f"address:{address}", pace.ADDRESS)
        keys = ApiToken.objects.select_related("operator").filter(
            digest=ApiToken.hash(token), revoked_at__isnull=True, operator__is_active=True
        )
        key = keys.first()
        if key is None:
            tries.attempt(tries.of_keys(address)).failed()
            return None
        heavy = request.path.endswith("/pdf")
        pace.spend(f"key:{key.pk}", pace.KEY, cost=COST_OF_PDF if heavy else 1)
        _note_use(key)
        return key


def _note_use(key: ApiToken) -> None:
    now = timezone.now()
    if key.used_at is None or now - key.used_at > _NOTED_EVERY:
        ApiToken.objects.filter(pk=key.pk).update(used_at=now)


def operator_of(request: HttpRequest, right: Right) -> Operator:
    """The operator behind the key, or 403 where he lacks `right`."""
    operator = cast("KeyRequest", request).auth.operator
    if not operator.may(right):
        raise HttpError(403, f"Operator tego klucza nie ma uprawnienia: {right.label}.")
    return operator


def client_of(request: HttpRequest, context: str) -> Client:
    """The client of a NIP, the branch of an internal identifier, or 404 beyond the key's reach."""
    key = cast("KeyRequest", request).auth
    clients = Client.objects.visible_to(key.operator).in_context(context)
    if key.client_id is not None:
        clients = clients.filter(pk=key.client_id)
    client = clients.first()
    if client is None:
        raise HttpError(404, "Nie ma takiego klienta albo klucz go nie obejmuje.")
    return client


def sale_of(request: HttpRequest, sale_id: int) -> Sale:
    """The document, or 404 where the key does not reach it."""
    key = cast("KeyRequest", request).auth
    sales = Sale.objects.visible_to(key.operator).filter(pk=sale_id)
    if key.client_id is not None:
        sales = sales.filter(client_id=key.client_id)
    sale = sales.select_related("client").first()
    if sale is None:
        raise HttpError(404, "Nie ma takiego dokumentu albo klucz go nie obejmuje.")
    return sale
