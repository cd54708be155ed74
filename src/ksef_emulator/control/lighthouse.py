"""Latarnia: the service that announces failures and maintenance, and the outage itself."""

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Choice, Model
from ksef_emulator.world import World


class Outage(Choice):
    """What is announced."""

    FAILURE = "FAILURE"
    TOTAL_FAILURE = "TOTAL_FAILURE"
    MAINTENANCE = "MAINTENANCE"


class Announcement(Model):
    """One message; an outage lasts until a message ends it."""

    id: str
    event: int
    category: Outage
    type: str
    title: str
    text: str
    start: datetime
    end: datetime | None
    published: datetime

    def as_json(self) -> dict[str, Any]:
        """Latarnia's form."""
        return {
            "id": self.id,
            "eventId": self.event,
            "category": self.category,
            "type": self.type,
            "title": self.title,
            "text": self.text,
            "start": self.start.isoformat(),
            "end": self.end and self.end.isoformat(),
            "version": 1,
            "published": self.published.isoformat(),
        }


TEXTS = {
    Outage.FAILURE: ("Awaria KSeF", "Trwa awaria Krajowego Systemu e-Faktur."),
    Outage.TOTAL_FAILURE: ("Awaria całkowita KSeF", "Trwa awaria całkowita KSeF."),
    Outage.MAINTENANCE: ("Niedostępność KSeF", "Trwają prace serwisowe."),
}


def announcements(world: World) -> Shelf[Announcement]:
    """Every announcement, the newest first."""
    return Shelf(world.db, "announcement", Announcement)


def current_outage(world: World) -> Announcement | None:
    """The outage that lasts now, if any."""
    newest = announcements(world).find()[:1]
    now = world.clock.now()
    for message in newest:
        if message.start <= now and (message.end is None or now < message.end):
            return message
    return None


def announce(world: World, category: Outage, *, ends: bool = False) -> None:
    """Announce that an outage begins or ends now."""
    now = world.clock.now()
    earlier = announcements(world).find()
    begun = earlier[0] if earlier else None
    title, text = TEXTS[category]
    kind = "FAILURE_END" if ends else "FAILURE_START"
    message = Announcement(
        id=world.numbering.uuid(),
        event=begun.event if ends and begun else len(earlier) + 1,
        category=category,
        type="MAINTENANCE_ANNOUNCEMENT" if category is Outage.MAINTENANCE else kind,
        title=f"{title} – zakończenie" if ends else title,
        text="System działa prawidłowo." if ends else text,
        start=begun.start if ends and begun else now,
        end=now if ends else None,
        published=now,
    )
    announcements(world).put(message.id, message)


def lighthouse_routes(world: World) -> list[Route]:
    """Routes of Latarnia."""

    def status(_request: Request) -> Response:
        outage = current_outage(world)
        body: dict[str, Any] = {"status": outage.category if outage else "AVAILABLE"}
        if outage:
            body["messages"] = [outage.as_json()]
        return JSONResponse(body)

    def messages(_request: Request) -> Response:
        return JSONResponse([message.as_json() for message in announcements(world).find()])

    return [
        Route("/latarnia/status", status, methods=["GET"]),
        Route("/latarnia/messages", messages, methods=["GET"]),
    ]
