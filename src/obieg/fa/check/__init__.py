"""What is wrong with an invoice before it is sent: every finding at once, nothing raised."""

from datetime import date
from pathlib import Path

from obieg.core.polish import today as warsaw_today
from obieg.fa.check.amounts import AMOUNT_RULES
from obieg.fa.check.annotations import ANNOTATION_RULES
from obieg.fa.check.context import Context
from obieg.fa.check.document import check_bytes
from obieg.fa.check.kinds import KIND_RULES
from obieg.fa.check.lines import LINE_RULES
from obieg.fa.check.parties import PARTY_RULES
from obieg.fa.check.payment import PAYMENT_RULES
from obieg.fa.errors import UnreadableInvoice
from obieg.fa.finding import Finding, Severity, error
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.fa.schema import check_schema

__all__ = ["Context", "Finding", "Severity", "check", "check_invoice", "has_errors"]

RULES = (
    *PARTY_RULES,
    *KIND_RULES,
    *LINE_RULES,
    *AMOUNT_RULES,
    *ANNOTATION_RULES,
    *PAYMENT_RULES,
)


def check(
    xml: bytes,
    *,
    today: date | None = None,
    production: bool = True,
    schemas: Path | None = None,
) -> tuple[Finding, ...]:
    """Every finding about a document: its bytes, the official schema, then the sense.

    `today` is the day of sending (Warsaw's by default); `production` makes wrong check digits of a
    NIP errors, because only that environment refuses them; `schemas` as in `check_schema`.
    """
    findings = (*check_bytes(xml), *check_schema(xml, schemas=schemas))
    try:
        invoice = parse(xml)
    except UnreadableInvoice as unreadable:
        return findings or (error(unreadable.code, "", str(unreadable)),)
    return (*findings, *check_invoice(invoice, today=today, production=production))


def check_invoice(
    invoice: Invoice, *, today: date | None = None, production: bool = True
) -> tuple[Finding, ...]:
    """The findings about an invoice's sense alone."""
    context = Context(today or warsaw_today(), production=production)
    return tuple(finding for rule in RULES for finding in rule(invoice, context))


def has_errors(findings: tuple[Finding, ...]) -> bool:
    return any(finding.severity is Severity.ERROR for finding in findings)
