"""Exports: approved dekrets are claimed, written into a file and kept, in one transaction."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from obieg.core.calendar import Month
from obieg.core.polish import WARSAW
from obieg.exports.archive import archive_of
from obieg.exports.errors import NothingToExport
from obieg.exports.models import Export, ExportContent, ExportedDekret, ExportFormat
from obieg.office.models import Client, Operator
from obieg.office.scope import ScopedQuerySet
from obieg.posting.models import Dekret
from obieg.posting.moves import advance_all
from obieg.posting.states import DekretState


def pending(client: Client, period: date) -> ScopedQuerySet[Dekret]:
    """The approved dekrets of a month (any of its days) that are in no file yet."""
    return _approved(client, period, again=False)


@transaction.atomic
def export(client: Client, period: date, *, operator: Operator, again: bool = False) -> Export:
    """Put the approved dekrets of a month into a file; with `again` those exported before too.

    Two exports at once share no document: the rows are locked, and whoever comes second finds
    them exported. Raises NothingToExport, or Client.DoesNotExist for another operator's client.
    """
    client = Client.objects.visible_to(operator).get(pk=client.pk)
    dekrets = _claimed(client, period, again=again)
    if not dekrets:
        raise NothingToExport(client=client.name, period=f"{period:%m.%Y}")
    had_been_exported = any(dekret.state == DekretState.EXPORTED for dekret in dekrets)
    advance_all(dekrets, DekretState.EXPORTED, actor=operator, kind="export")
    return _stored(client, period, dekrets, operator, again=had_been_exported)


def export_all(period: date, *, operator: Operator) -> list[Export]:
    """A file for each of the operator's clients that has something to export in the month.

    Each is a transaction of its own; a client whose documents somebody else takes is left out.
    """
    waiting = Dekret.objects.visible_to(operator).filter(
        period=Month.of(period).first, state=DekretState.APPROVED
    )
    clients = Client.objects.visible_to(operator).filter(pk__in=waiting.values("client"))
    made = []
    for client in clients:
        try:
            made.append(export(client, period, operator=operator))
        except NothingToExport:
            continue
    return made


def _approved(client: Client, period: date, *, again: bool) -> ScopedQuerySet[Dekret]:
    states = [DekretState.APPROVED, *([DekretState.EXPORTED] if again else [])]
    rows = Dekret.objects.of_client(client)
    return rows.filter(period=Month.of(period).first, state__in=states).order_by("pk")


def _claimed(client: Client, period: date, *, again: bool) -> list[Dekret]:
    locked = _approved(client, period, again=again).select_for_update(of=("self",), no_key=True)
    return list(locked.select_related("invoice", "decided_by"))


def _stored(
    client: Client, period: date, dekrets: Sequence[Dekret], operator: Operator, *, again: bool
) -> Export:
    moment = timezone.now()
    body = archive_of(client, dekrets, moment)
    made = Export.objects.create(
        client=client,
        period=Month.of(period).first,
        format=ExportFormat.CSV,
        created_at=moment,
        created_by=operator,
        again=again,
        documents=len(dekrets),
        file_name=_file_name(client, period, moment),
        sha256=hashlib.sha256(body).hexdigest(),
    )
    ExportContent.objects.create(export=made, body=body)
    ExportedDekret.objects.bulk_create(
        ExportedDekret(export=made, dekret=dekret) for dekret in dekrets
    )
    return made


def _file_name(client: Client, period: date, moment: datetime) -> str:
    """As `dekrety-9990757384-2026-11-20261121-081500.zip`."""
    return f"dekrety-{client.nip}-{period:%Y-%m}-{moment.astimezone(WARSAW):%Y%m%d-%H%M%S}.zip"
