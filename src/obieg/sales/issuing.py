"""Issuing: a draft gets its number and its bytes for good; and the ways back.

Whether the operator may do it (Right.ISSUE) is for the view or the API to ask: one place, so that
work in the background needs no operator.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from obieg.core.polish import today
from obieg.fa.check import has_errors
from obieg.fa.finding import Finding
from obieg.office.models import KsefEnvironment, Operator
from obieg.sales.checking import as_json, check_many, findings_of, findings_of_paper
from obieg.sales.columns import columns_of_invoice
from obieg.sales.content import SaleContent
from obieg.sales.drafts import locked_draft
from obieg.sales.errors import (
    AcceptedForGood,
    HasCorrections,
    NeedsConfirmation,
    NotIssuable,
    NumberMissing,
    NumberUsed,
    OriginalNotAccepted,
    SentElsewhere,
)
from obieg.sales.models import Sale, SaleXml, Sending, Series
from obieg.sales.numbering import give_number, series_for
from obieg.sales.offline import codes, marking
from obieg.sales.papers import Paper, issue_day, paper_of, said_by
from obieg.sales.rules import TECHNICAL_CONTENT
from obieg.sales.sellers import profile_of
from obieg.sales.states import OfflineMode, SaleState
from obieg.sales.storage import digest, kept

__all__ = [
    "NeedsConfirmation",
    "NotIssuable",
    "OriginalNotAccepted",
    "cancel",
    "check_many",
    "findings_of",
    "issue",
    "mark_outside",
    "reopen",
]

CONFIRMED = frozenset(  # warnings that ask
    {"fa.check.not_today", "sales.check.stale_before", TECHNICAL_CONTENT}
)


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number of a document, and the series that gave it."""

    number: str
    series: Series | None = None


def issue(
    sale: Sale,
    *,
    actor: Operator | None,
    confirmed: frozenset[str] = frozenset(),
    mode: str = OfflineMode.ONLINE,
) -> Sale:
    """Number, build, check and freeze a draft, all or nothing; queue it where it is to be sent.

    Raises NotIssuable, NeedsConfirmation, OriginalNotAccepted, OriginalMissing, NotADraft,
    NumberMissing, NumberUsed, UnknownSeries, UnwritableText, and of an offline `mode`
    NoOfflineCertificate: then nothing is kept and no number is used. A technical correction keeps
    its mode.
    """
    with transaction.atomic():
        stored = locked_draft(sale)
        mode = mode or stored.offline_mode
        marking.require_for(stored, mode, confirmed=confirmed)
        now, day, content = timezone.now(), today(), said_by(stored)
        numbered = _numbered(stored, content, day)
        number = numbered.number
        paper = paper_of(stored, content, number=number, now=now, day=day, strict=True)
        findings = findings_of_paper(stored, paper, day)
        _require(findings, confirmed)
        _freeze(stored, paper, now)
        _advance(stored, paper, numbered, findings, actor=actor, mode=mode)
        if codes.is_signed(stored):
            codes.sign_after_commit(stored, actor=actor)
        _enqueue(stored)
    sale.refresh_from_db()
    return sale


def _numbered(sale: Sale, content: SaleContent | None, day: date) -> Numbered:
    """The number it has, or was given, or the next one of its series."""
    if sale.number or content is None:
        return Numbered(sale.number, sale.series)
    if content.number:
        return Numbered(content.number)
    if not profile_of(sale.client).own_numbers:
        raise NumberMissing
    series = series_for(sale.client, content.kind, content.series)
    issued = issue_day(sale, content, day)
    return Numbered(give_number(sale.client, series, issued, content.kind), series)


def _require(findings: tuple[Finding, ...], confirmed: frozenset[str]) -> None:
    if has_errors(findings):
        raise NotIssuable(findings=findings)
    asked = [one for one in findings if one.code in CONFIRMED - confirmed]
    if asked:
        raise NeedsConfirmation(findings=asked)


def _freeze(sale: Sale, paper: Paper, now: datetime) -> None:
    """Keep the bytes as the next version."""
    sale.version += 1
    name = f"{sale.pk}-{sale.version}.xml"
    SaleXml.objects.create(
        sale=sale,
        version=sale.version,
        sha256=digest(paper.xml),
        size=len(paper.xml),
        at=now,
        **kept(paper.xml, client=sale.client, name=name, at=now),
    )


def _advance(
    sale: Sale,
    paper: Paper,
    numbered: Numbered,
    findings: tuple[Finding, ...],
    *,
    actor: Operator | None,
    mode: str,
) -> None:
    invoice = paper.invoice
    columns = columns_of_invoice(invoice)
    quiet = {
        **columns,
        "findings": as_json(findings),
        "series": numbered.series,
        "approval": None,
        "issued_by": actor,
        "issued_at": timezone.now(),
        **_UNSENT,
    }
    if paper.content is not None:
        quiet["content"] = paper.content.model_dump(mode="json", exclude_defaults=True)
    try:
        with transaction.atomic():
            Sale.objects.of_client(sale.client_id).filter(pk=sale.pk).update(**quiet)
            sale.advance(
                _state_of(sale, mode),
                actor=actor,
                kind="issue",
                number=invoice.number,
                issue_date=invoice.issue_date,
                version=sale.version,
                sha256=digest(paper.xml),
                environment=sale.client.environment,
                **marking.marks(sale.client, mode, invoice.issue_date),
            )
    except IntegrityError as error:
        if "sale_number_once" not in str(error):
            raise
        raise NumberUsed(number=invoice.number, kind=invoice.kind) from error


_UNSENT: dict[str, Any] = {
    "session": None,
    "reference": "",
    "claimed_at": None,
    "sent_at": None,
    "ksef_code": None,
    "ksef_text": "",
}


def _state_of(sale: Sale, mode: str) -> SaleState:
    if mode == OfflineMode.TOTAL_FAILURE or sale.sending == Sending.OUTSIDE:
        return SaleState.OUTSIDE
    return SaleState.WAITING if mode else SaleState.READY


def _enqueue(sale: Sale) -> None:
    if sale.state == SaleState.READY and sale.sending == Sending.SEND:
        from obieg.sales.jobs import enqueue_sending  # sending rests on issued documents

        enqueue_sending([sale])


def reopen(sale: Sale, *, actor: Operator | None) -> Sale:
    """Back to a draft that keeps its number; a rejected offline document is then corrected
    technically, by the hash of what was rejected first: those bytes the buyer was given.

    Raises SentElsewhere, HasCorrections, IllegalTransition.
    """
    with transaction.atomic():
        stored = _locked(sale)
        stored.require(SaleState.DRAFT)
        if stored.ksef_number:
            raise SentElsewhere(number=stored.number, ksef_number=stored.ksef_number)
        _require_alone(stored)
        changes: dict[str, Any] = {}
        if stored.state == SaleState.REJECTED and stored.offline_mode:
            changes["corrects_sha256"] = stored.corrects_sha256 or stored.sha256
        stored.advance(SaleState.DRAFT, actor=actor, kind="reopen", **changes)
    sale.refresh_from_db()
    return sale


def cancel(sale: Sale, *, actor: Operator | None) -> Sale:
    """Give a document up; its number stays used. AcceptedForGood where production has it."""
    with transaction.atomic():
        stored = _locked(sale)
        if stored.ksef_number and stored.environment == KsefEnvironment.PRODUCTION:
            raise AcceptedForGood(number=stored.number, ksef_number=stored.ksef_number)
        _require_alone(stored)
        stored.advance(SaleState.CANCELLED, actor=actor, kind="cancel", approval=None)
    sale.refresh_from_db()
    return sale


def mark_outside(sale: Sale, *, actor: Operator | None) -> Sale:
    """Decide that a document is not for KSeF; a draft is issued so."""
    with transaction.atomic():
        stored = _locked(sale)
        stored.event({"sending": Sending.OUTSIDE}, actor=actor, kind="outside").save()
        Sale.objects.of_client(stored.client_id).filter(pk=stored.pk).update(
            sending=Sending.OUTSIDE
        )
        stored.sending = Sending.OUTSIDE
        if stored.state == SaleState.DRAFT:
            issue(stored, actor=actor)
        else:
            stored.advance(SaleState.OUTSIDE, actor=actor, kind="outside")
    sale.refresh_from_db()
    return sale


def _locked(sale: Sale) -> Sale:
    rows = Sale.objects.of_client(sale.client_id).select_for_update(no_key=True, of=("self",))
    return rows.select_related("client").get(pk=sale.pk)


def _require_alone(sale: Sale) -> None:
    """HasCorrections where an issued document corrects this one."""
    issued = Sale.objects.of_client(sale.client_id).filter(corrects=sale.pk)
    other = issued.exclude(state__in=[SaleState.DRAFT, SaleState.CANCELLED]).first()
    if other is not None:
        raise HasCorrections(number=sale.number, other=other.number)
