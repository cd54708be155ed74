"""Health for machines: which of the installation's own checks are not green; nobody's names."""

from django.utils import timezone

from obieg.watch.checks.table import CHECKS, findings
from obieg.watch.findings import Look, Severity
from obieg.watch.models import WatchSettings

MACHINE = frozenset(
    {"jobs.worker", "jobs.queue", "jobs.failed", "disk.free", "backup.age", "audit.seal"}
)
_TOLD = [check for check in CHECKS if check.code in MACHINE]


def health() -> dict[str, object]:
    """`status` is ok, watch or stop; `problems` are codes with their severity, without texts."""
    found = list(findings(Look(None, timezone.now(), WatchSettings.present()), _TOLD))
    problems = [{"code": one.code, "severity": str(one.severity)} for one in found]
    severities = {one.severity for one in found}
    status = next((str(s) for s in (Severity.STOP, Severity.WATCH) if s in severities), "ok")
    return {"status": status, "problems": problems}
