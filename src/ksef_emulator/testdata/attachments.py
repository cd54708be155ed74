"""Consents to send invoices with attachments."""

from datetime import date

from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World


class AttachmentConsent(Model):
    """A firm that may send attachments, until a day if one is set."""

    nip: str
    ends: date | None = None


def attachment_consents(world: World) -> Shelf[AttachmentConsent]:
    """Consents by NIP."""
    return Shelf(world.db, "attachment", AttachmentConsent)


def may_attach(world: World, nip: str) -> bool:
    """Whether the firm may send attachments today."""
    consent = attachment_consents(world).get(nip)
    today = world.clock.now().date()
    return consent is not None and (consent.ends is None or today < consent.ends)
