"""May the office still do its work at each client, and who else has been let in?"""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, F, Max, Q
from django.urls import reverse

from obieg.calls.permissions.comparison import Comparison
from obieg.calls.permissions.knowing import strangers_at
from obieg.calls.permissions.models import Change, OfficeFirm, Order, Reading
from obieg.calls.permissions.scopes import names_of
from obieg.calls.permissions.states import UNDER_WAY
from obieg.core.polish import counted, plural
from obieg.office.models import Client
from obieg.office.rights import Right
from obieg.watch.findings import Finding, Look, Severity

ANSWER_WITHIN = timedelta(hours=2)  # KSeF usually takes seconds


def missing(look: Look) -> Iterator[Finding]:
    """Clients at whom the credential in use may not do what the office needs."""
    rows = look.rows(Reading).filter(environment=F("client__environment"), read_at__isnull=False)
    firm = OfficeFirm.present()
    for reading in rows.select_related("client"):
        lacking = Comparison(reading, firm).missing
        if lacking:
            text = f"w KSeF brakuje: {names_of(lacking)}"
            page = "clients-permissions" if _may_act(look) else "clients-page"
            yield _finding(
                "permissions.missing", Severity.STOP, text, reading.client, "+".join(lacking), page
            )


def changed(look: Look) -> Iterator[Finding]:
    """Permissions granted or taken back outside, until somebody has looked at them."""
    if not _may_act(look):
        return
    rows = look.rows(Change).filter(settled_at=None, environment=F("client__environment"))
    clients = _clients(look)
    ours = Count("pk", filter=Q(is_ours=True, kind=Change.Kind.VANISHED))
    for row in rows.values("client_id").annotate(n=Count("pk"), ours=ours, last=Max("pk")):
        changes = plural(row["n"], "zmiana", "zmiany", "zmian")
        text = f"{row['n']} {changes} uprawnień w KSeF poza Obiegiem"
        severity = Severity.STOP if row["ours"] else Severity.WATCH
        text += " (odebrano biuru)" if row["ours"] else ""
        client = clients[row["client_id"]]
        yield _finding("permissions.changed", severity, text, client, str(row["last"]))


def strange(look: Look) -> Iterator[Finding]:
    """Clients at whom somebody holds permissions whom the office does not know, or who left."""
    if not _may_act(look):
        return
    clients = _clients(look)
    for client_id, found in strangers_at(clients.values()).items():
        holders = {(one.grant.holder_kind, one.grant.holder_value) for one in found}
        former = any(one.former for one in found)
        who = counted(len(holders), "nieznany", "nieznanych", "nieznanych")
        text = f"{who} z uprawnieniami w KSeF"
        if former:
            text += ", w tym ktoś, kto już nie pracuje"
        severity = Severity.STOP if former else Severity.WATCH
        subject = f"{len(holders)}{'-left' if former else ''}"
        yield _finding("permissions.strangers", severity, text, clients[client_id], subject)


def unanswered(look: Look) -> Iterator[Finding]:
    """Orders that KSeF has not answered for long."""
    if not _may_act(look):
        return
    since = look.now - ANSWER_WITHIN
    rows = look.all_rows(Order).filter(state__in=UNDER_WAY, created_at__lt=since)
    for order in rows.select_related("client"):
        text = f"zlecenie uprawnień bez odpowiedzi KSeF: {order.get_act_display().lower()}"
        yield _finding("permissions.unanswered", Severity.WATCH, text, order.client, str(order.pk))


def _may_act(look: Look) -> bool:
    """Names and orders are for who may open the page; the background sees all."""
    return look.operator is None or look.operator.may(Right.PERMISSIONS)


def _clients(look: Look) -> dict[int, Client]:
    return {client.pk: client for client in look.rows(Client)}


def _finding(
    code: str,
    severity: Severity,
    text: str,
    client: Client,
    subject: str,
    page: str = "clients-permissions",
) -> Finding:
    address = reverse(page, args=[client.pk])
    return Finding(code, severity, text, address, client.pk, client.name, subject)
