"""Operations of /peppol, and how providers come to be listed: by their first login."""

from datetime import datetime
from typing import Any

from ksef_emulator.auth.access import authentications
from ksef_emulator.identifiers import IdentifierType
from ksef_emulator.limits.rates import Group
from ksef_emulator.operation import Access, Call, operation
from ksef_emulator.wire import Page


@operation("GET", "/peppol/query", group=Group.ANONYMOUS, access=Access.NONE)
def providers(call: Call) -> dict[str, Any]:
    """Registered providers, the newest first."""
    page = call.query(Page)
    first_seen: dict[str, tuple[datetime, str]] = {}
    for authentication in authentications(call.world).find():  # the oldest comes last
        if authentication.context.type is IdentifierType.PEPPOL_ID:
            name = authentication.subject.organization_name or authentication.context.value
            first_seen[authentication.context.value] = (authentication.started, name)
    ordered = sorted(first_seen.items())
    ordered.sort(key=lambda entry: entry[1][0], reverse=True)
    start = page.page_offset * page.page_size
    end = start + page.page_size
    shown = [
        {"id": key, "name": name[:256], "dateCreated": created.isoformat()}
        for key, (created, name) in ordered[start:end]
    ]
    return {"peppolProviders": shown, "hasMore": len(ordered) > end}
