"""What lies on the desk: one document's view, its dekret as a form, its entries and its trail."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Self
from zlib import crc32

from django.utils.safestring import SafeString, mark_safe

from obieg.core.errors import UserFixable
from obieg.core.money import ZERO
from obieg.fa.render import to_html
from obieg.fa.view import view
from obieg.inbox.models import Direction, Invoice
from obieg.inbox.queries import xml_of
from obieg.office.models import AccountingForm, Client, VatPeriod
from obieg.office.trail import TrailEntry
from obieg.posting import attention
from obieg.posting.books import deducts_before_filing
from obieg.posting.doubles import links_of
from obieg.posting.errors import Finding, InvalidDekret
from obieg.posting.lines_form import BaseLines, Lines, initial_of
from obieg.posting.models import ClosedPeriod, Dekret, DekretLine, Link, OutsidePurchase
from obieg.posting.obstacles import obstacles
from obieg.posting.outside import entries_of
from obieg.posting.periods import Placed, Term, placed, term_of
from obieg.posting.preview import Preview, preview_of, profile_of
from obieg.posting.states import WAITING, DekretState
from obieg.posting.suggestion import ProposedLine
from obieg.posting.terms_form import TermsForm
from obieg.posting.trail import trail

SAID_BY_VIEW = frozenset({attention.AMOUNT_DUE, attention.CORRECTION, attention.TOTAL_DIFFERS})


@dataclass
class Desk:
    """One document; `terms` and `lines` hold what was typed where something was."""

    dekret: Dekret
    terms: TermsForm
    lines: BaseLines
    faults: list[str] = field(default_factory=list)
    focus: int | None = None  # the line to go on typing in
    period_reason: str = ""  # why the month that is offered, or that was decided

    @classmethod
    def of(cls, dekret: Dekret, typed: Mapping[str, Any] | None = None) -> Self:
        """The desk of `dekret`, as proposed or as `typed` (a POST)."""
        currency, name = dekret.invoice.currency, f"d{dekret.pk}"
        term = term_of(dekret, before_filing=deducts_before_filing(profile_of(dekret)))
        found = _placed(dekret, term)
        started = {
            "period": found.period,
            "vat_month": found.apart,
            "exchange_rate": dekret.exchange_rate,
        }
        lines, ids = proposed(dekret), f"{name}_%s"
        desk = cls(
            dekret,
            TermsForm(
                typed,
                initial=started,
                currency=currency,
                first=term.first,
                deducted_from=_deducted_from(dekret, term),
                auto_id=ids,
            ),
            Lines(typed, initial=initial_of(lines), auto_id=ids),
            period_reason=found.reason,
        )
        return desk.offering(lines)

    def with_rows(self, rows: Sequence[dict[str, Any]], focus: int | None = None) -> Self:
        """The same desk with other lines, not yet checked."""
        lines = Lines(initial=rows, auto_id=self.lines.auto_id)
        desk = type(self)(self.dekret, self.terms, lines, self.faults, focus, self.period_reason)
        return desk.offering(())

    def offering(self, lines: Sequence[ProposedLine]) -> Self:
        """The same, each line with the client's lists to choose from and why it was proposed."""
        for form in self.lines:
            form.offer(self.dekret.pk)
        for form, line in zip(self.lines, lines, strict=False):
            form.explain(line)
        return self

    def is_valid(self) -> bool:
        """Whether what was typed can be approved as far as the forms can tell."""
        return all([self.terms.is_valid(), self.lines.is_valid()])

    def decision(self) -> dict[str, Any]:
        """What a valid desk decides: the lines are None where the proposal stands."""
        return {
            "lines": self.lines.lines() if self.lines.is_changed() else None,
            "period": self.terms.cleaned_data["period"],
            "vat_month": self.terms.cleaned_data.get("vat_month"),
            "exchange_rate": self.terms.cleaned_data.get("exchange_rate"),
        }

    def blame(self, error: UserFixable) -> None:
        """Say in the form what keeps the dekret from being decided, each thing at its field."""
        if not isinstance(error, InvalidDekret):
            self.faults.append(f"{error} (kod {error.code})")
            return
        for finding in error.findings:
            self._place(finding)

    def _place(self, finding: Finding) -> None:
        form = self.lines[finding.line - 1] if finding.line else self.terms
        if finding.field in form.fields and form.is_bound:
            form.add_error(finding.field, finding.text)
        else:
            self.faults.append(f"{finding.text} (kod {finding.code})")

    @property
    def invoice(self) -> Invoice:
        return self.dekret.invoice

    @property
    def client(self) -> Client:
        return self.dekret.client

    @property
    def has_kpir(self) -> bool:
        return self.client.accounting_form == AccountingForm.KPIR

    @property
    def is_open(self) -> bool:
        return self.dekret.state in WAITING

    @property
    def can_undo(self) -> bool:
        return self.dekret.state in (DekretState.APPROVED, DekretState.REJECTED)

    @property
    def version(self) -> str:
        """Changes when the proposal does: a decision about another document may improve it."""
        return format(crc32(json.dumps(self.dekret.proposal).encode()), "x")

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What to look at, without what the view of the invoice says already: codes and words."""
        codes = [code for code in self.dekret.warnings if code not in SAID_BY_VIEW]
        return [(code, attention.explain(code, self.invoice)) for code in codes]

    @property
    def obstacles(self) -> list[str]:
        """Why the document does not go with the others that are approved at once."""
        return obstacles(self.dekret, proposed(self.dekret)) if self.is_open else []

    @property
    def has_links(self) -> bool:
        """Whether the warnings speak of another document, so that it is worth asking for it."""
        return not {attention.DOUBLE, attention.CORRECTION}.isdisjoint(self.dekret.warnings)

    @cached_property
    def links(self) -> list[tuple[Link, Invoice]]:
        """Corrections, originals and doubles of the document, each with the other document."""
        own = self.dekret.invoice_id
        return [
            (link, link.other if link.invoice_id == own else link.invoice)
            for link in links_of(self.dekret.client_id, own)
        ]

    @cached_property
    def outside(self) -> list[OutsidePurchase]:
        """The purchases typed as received outside KSeF that are probably this document."""
        if attention.OUTSIDE not in self.dekret.warnings and self.is_open:
            return []
        return entries_of(self.dekret.client_id, self.dekret.invoice_id)

    @property
    def invoice_html(self) -> SafeString:
        """The view as HTML; `to_html` escapes every value."""
        seen = view(xml_of(self.invoice), ksef_number=self.invoice.ksef_number)
        return mark_safe(to_html(seen))  # noqa: S308 - escaped where it is built

    @cached_property
    def trail(self) -> Sequence[TrailEntry]:
        return trail(self.dekret)

    @cached_property
    def posted(self) -> list[DekretLine]:
        """The lines of an approved dekret."""
        lines = DekretLine.objects.of_client(self.dekret.client_id)
        return list(lines.filter(dekret=self.dekret))

    @property
    def totals(self) -> tuple[Decimal, Decimal]:
        """Net and VAT that the lines together should give."""
        lines = proposed(self.dekret)
        if not lines:
            return self.invoice.net, self.invoice.tax
        return sum((line.net for line in lines), ZERO), sum((line.vat for line in lines), ZERO)

    @cached_property
    def preview(self) -> Preview:
        """What the lines would do in the books, as they stand in the form or were approved."""
        lines = [form.seen() for form in self.lines] if self.is_open else self.posted
        return preview_of(self.dekret, lines, self.totals, in_columns=self.has_kpir)


def _deducted_from(dekret: Dekret, term: Term) -> date | None:
    """The first month that VAT may be deducted in; None where there is none to deduct."""
    exempt = dekret.client.vat_period == VatPeriod.EXEMPT
    return None if exempt or dekret.direction == Direction.SALE else term.deducted_from


def _placed(dekret: Dekret, term: Term) -> Placed:
    """The months to begin with and why: where a usual one is closed, the next open one."""
    if dekret.state not in WAITING and dekret.period:
        vat_month = dekret.vat_month or dekret.period
        return Placed(dekret.period, vat_month, dekret.period_reason)
    closed = ClosedPeriod.objects.of_client(dekret.client_id).filter(period__gte=term.usual)
    return placed(term, set(closed.values_list("period", flat=True)))


def proposed(dekret: Dekret) -> list[ProposedLine]:
    """The lines of the proposal, as they were made."""
    return [ProposedLine.from_dict(stored) for stored in dekret.proposal]
