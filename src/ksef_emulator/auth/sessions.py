"""Operations of /auth/sessions: the list of sessions and their end."""

from typing import Any

from ksef_emulator.auth.access import authentications, save
from ksef_emulator.auth.records import REVOKED, Authentication
from ksef_emulator.continuation import continued
from ksef_emulator.operation import Access, Call, operation
from ksef_emulator.wire import ContinuedPage


@operation("GET", "/auth/sessions")
def sessions(call: Call) -> dict[str, Any]:
    """The subject's live sessions in this context, the newest first."""
    page = call.query(ContinuedPage)
    now = call.world.clock.now()
    found = [
        item
        for item in _own(call)
        if item.redeemed
        and item.outcome.code == 200
        and item.refresh_until is not None
        and item.refresh_until > now
    ]
    items, token = continued(call, found, page.page_size)
    return {"continuationToken": token, "items": [_listed(call, item) for item in items]}


def _own(call: Call) -> list[Authentication]:
    return authentications(call.world).find(
        owner=str(call.context), tag=str(call.authentication.subject.identifier)
    )


def _listed(call: Call, item: Authentication) -> dict[str, Any]:
    return {
        **item.as_json(call.world.clock.micros()),
        "referenceNumber": item.reference,
        "isCurrent": item.reference == call.authentication.reference,
    }


@operation("DELETE", "/auth/sessions/current", access=Access.ACCESS_OR_REFRESH, status=204)
def end_current_session(call: Call) -> None:
    """End the session of the token used; its access tokens live out their time."""
    _revoke(call, call.authentication)


@operation("DELETE", "/auth/sessions/{referenceNumber}", status=204)
def end_session(call: Call) -> None:
    """End a session of the same subject; an unknown one is passed over in silence."""
    reference = call.reference()
    for item in _own(call):
        if item.reference == reference:
            _revoke(call, item)


def _revoke(call: Call, item: Authentication) -> None:
    save(call.world, item.model_copy(update={"outcome": REVOKED}))
