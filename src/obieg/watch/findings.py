"""What a check finds: how bad, in which words, where to look, and at whose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from obieg.office.models import Client, Operator
from obieg.watch.models import Severity, WatchSettings

__all__ = ["Finding", "Look", "Severity", "worst_first"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not all right; without a client it is the office's own."""

    code: str  # of its check
    severity: Severity
    text: str  # Polish
    url: str  # the filtered list where it can be mended
    client_id: int | None = None
    client: str = ""
    subject: str = ""  # tells apart findings of one check at one client

    @property
    def key(self) -> str:
        """What stays the same as long as it is the same trouble."""
        return f"{self.code}:{self.client_id or ''}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Look:
    """Whose things the checks look at, when, and from where on something is worth telling."""

    operator: Operator | None  # None: everybody's, for background work
    now: datetime
    settings: WatchSettings

    def rows(self, model: type[models.Model]) -> Any:
        """The rows of the served clients that may be looked at."""
        path = "" if model is Client else f"{getattr(model, 'client_path', 'client')}__"
        return self.all_rows(model).filter(**{f"{path}active": True})

    def all_rows(self, model: type[models.Model]) -> Any:
        """The same with clients that are no longer served."""
        rows: Any = getattr(model, "objects")  # noqa: B009 - the stubs know no managers of `type[Model]`
        return rows.across_clients() if self.operator is None else rows.visible_to(self.operator)


def worst_first(finding: Finding) -> tuple[int, str]:
    """The order of a list of findings."""
    return (0 if finding.severity == Severity.STOP else 1, finding.text)
