"""The check of drafts: everything that is wrong or odd, before anything is issued."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date

from django.utils import timezone

from obieg.core.errors import UserFixable
from obieg.core.polish import today
from obieg.fa.check import check
from obieg.fa.finding import Finding, Severity, error
from obieg.office.models import KsefEnvironment
from obieg.sales.content import SaleContent
from obieg.sales.models import Sale
from obieg.sales.numbering import preview_number
from obieg.sales.papers import UNKNOWN_NUMBER, Paper, paper_of, said_by
from obieg.sales.rules import Case, findings_by_books
from obieg.sales.sellers import is_checked_first, profile_of

SCHEMA = "fa.xsd."
REFUSED = frozenset(  # what KSeF refuses besides, weryfikacja-faktury.md; and the state of numbers
    {
        "fa.check.bom",
        "fa.check.instruction",
        "fa.check.size",
        "fa.check.characters",
        "fa.check.future_date",
        "fa.check.nip",
        "fa.check.internal_id",
        "sales.check.number_missing",
        "sales.check.number_used",
    }
)


def findings_of(sale: Sale, *, day: date | None = None) -> tuple[Finding, ...]:
    """Every finding about a draft as if it were issued on `day` (Warsaw's today by default).

    Nothing is kept and no number is used. An issued document is checked as it stands.
    """
    day = day or today()
    content = said_by(sale)
    try:
        number = expected_number(sale, content, day)
        paper = paper_of(sale, content, number=number, now=timezone.now(), day=day, strict=False)
    except UserFixable as refusal:
        return (error(refusal.code, "", str(refusal)),)
    return findings_of_paper(sale, paper, day)


def findings_of_paper(sale: Sale, paper: Paper, day: date) -> tuple[Finding, ...]:
    """The findings about the document that a draft would become.

    Where its kind is not checked before the approval, only what KSeF refuses is an error.
    """
    production = sale.client.environment == KsefEnvironment.PRODUCTION
    case = Case(sale, sale.client, paper.content, paper.invoice)
    found = (*check(paper.xml, today=day, production=production), *findings_by_books(case))
    if is_checked_first(sale.client, paper.invoice.kind):
        return found
    return tuple(map(_softened, found))


def _softened(finding: Finding) -> Finding:
    is_refused = finding.code.startswith(SCHEMA) or finding.code in REFUSED
    return finding if is_refused else replace(finding, severity=Severity.WARNING)


def check_many(sales: Iterable[Sale]) -> dict[int, tuple[Finding, ...]]:
    """The findings of each by its key, also kept on the rows (`Sale.findings`)."""
    found: dict[int, tuple[Finding, ...]] = {}
    for sale in sales:
        found[sale.pk] = findings_of(sale)
        sale.findings = as_json(found[sale.pk])
        Sale.objects.of_client(sale.client_id).filter(pk=sale.pk).update(findings=sale.findings)
    return found


def as_json(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as `Sale.findings` holds them."""
    return [{name: str(value) for name, value in asdict(one).items()} for one in findings]


def expected_number(sale: Sale, content: SaleContent | None, day: date) -> str:
    """The number that a draft has or would get; a dash where the client must give it."""
    if sale.number or content is None:
        return sale.number
    if content.number or profile_of(sale.client).own_numbers:
        return preview_number(sale.client, content, day) or UNKNOWN_NUMBER
    return UNKNOWN_NUMBER
