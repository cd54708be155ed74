"""Every check, in the order of the page."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from obieg.office.rights import Right
from obieg.watch.checks import (
    credentials,
    documents,
    ksef,
    machine,
    permissions,
    review,
    synchronisation,
    vault,
)
from obieg.watch.findings import Finding, Look


@dataclass(frozen=True, slots=True)
class Check:
    """One kind of trouble; the office's own are for who administers it."""

    code: str
    label: str
    find: Callable[[Look], Iterable[Finding]]
    is_office: bool = False


CHECKS = (
    Check("ksef.outage", "Przerwa w pracy KSeF", ksef.outage),
    Check("ksef.calls", "Łączność z KSeF", ksef.failures, is_office=True),
    Check("sync.late", "Spóźniona synchronizacja", synchronisation.late),
    Check("sync.failing", "Synchronizacja z błędem", synchronisation.failing),
    Check("packages.stuck", "Paczki, które stoją", synchronisation.stuck),
    Check("files.quarantined", "Pliki w kwarantannie", synchronisation.quarantined),
    Check("completeness.missing", "Brakujące faktury", ksef.incomplete),
    Check("completeness.failed", "Nieudane porównanie z KSeF", ksef.not_compared),
    Check(
        "documents.unclassified", "Dokumenty bez klasyfikacji ponad 24 h", documents.unclassified
    ),
    Check("sales.rejected", "Faktury odrzucone", documents.rejected),
    Check("sales.unanswered", "Wysyłki bez odpowiedzi", documents.unanswered),
    Check("sales.offline", "Terminy faktur offline", documents.offline),
    Check("credentials.missing", "Klienci bez dostępu do KSeF", credentials.missing),
    Check("credentials.expiring", "Kończące się poświadczenia", credentials.expiring),
    Check("credentials.office", "Certyfikat biura", credentials.office_expiring, is_office=True),
    Check(
        "credentials.operator",
        "Własne poświadczenia operatorów",
        credentials.operators_expiring,
        is_office=True,
    ),
    Check("credentials.renewal", "Nieodnowione certyfikaty", vault.not_renewed),
    Check(
        "credentials.renewal_office",
        "Nieodnowiony certyfikat biura",
        vault.not_renewed_office,
        is_office=True,
    ),
    Check("credentials.unended", "Poświadczenia do zakończenia", vault.unended),
    Check("vault.rotation", "Rotacja klucza głównego", vault.rotation_unfinished, is_office=True),
    Check("credentials.token", "Klienci na tokenach (do 31.12.2026)", credentials.tokens),
    Check("credentials.review", "Przegląd poświadczeń", review.due, is_office=True),
    Check("permissions.missing", "Brakujące uprawnienia w KSeF", permissions.missing),
    Check("permissions.changed", "Uprawnienia zmienione poza Obiegiem", permissions.changed),
    Check("permissions.strangers", "Nieznani z uprawnieniami w KSeF", permissions.strange),
    Check("permissions.unanswered", "Zlecenia uprawnień bez odpowiedzi", permissions.unanswered),
    Check("jobs.worker", "Proces roboczy", machine.worker, is_office=True),
    Check("jobs.queue", "Kolejka zadań", machine.queue, is_office=True),
    Check("jobs.failed", "Nieudane zadania", machine.failed_jobs, is_office=True),
    Check("disk.free", "Miejsce na dysku", machine.disk, is_office=True),
    Check("backup.age", "Kopia zapasowa", machine.backup, is_office=True),
    Check("audit.seal", "Plombowanie śladu", machine.seal, is_office=True),
    Check("mail.failed", "Niewysłane listy", machine.letters, is_office=True),
    Check("webhook.failed", "Webhook", machine.webhook, is_office=True),
)
CHECK_OF = {check.code: check for check in CHECKS}


def findings(look: Look, checks: Iterable[Check] = CHECKS) -> Iterator[Finding]:
    """What is not all right for who looks."""
    office = look.operator is None or look.operator.may(Right.ADMINISTER)
    for check in checks:
        if office or not check.is_office:
            yield from check.find(look)
