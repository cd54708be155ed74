"""Limits of a context's sessions and of a subject's certificates."""

from pydantic import Field

from ksef_emulator.identifiers import Identifier, IdentifierType
from ksef_emulator.storage import Shelf
from ksef_emulator.wire import Model
from ksef_emulator.world import World


class SessionLimits(Model):
    """Sizes in megabytes of 1,000,000 bytes."""

    max_invoice_size_in_mb: int = Field(default=1, alias="maxInvoiceSizeInMB", ge=0, le=5)
    max_invoice_with_attachment_size_in_mb: int = Field(
        default=3, alias="maxInvoiceWithAttachmentSizeInMB", ge=0, le=10
    )
    max_invoices: int = Field(default=10_000, ge=0, le=100_000)


class CollectiveLimits(Model):
    """Invoices under one collective identifier."""

    max_invoices: int = Field(default=500, ge=2, le=5000)


class ContextLimits(Model):
    """What a context may send."""

    online_session: SessionLimits
    batch_session: SessionLimits
    collective_identifier: CollectiveLimits


DEFAULT_CONTEXT_LIMITS = ContextLimits(
    online_session=SessionLimits(),
    batch_session=SessionLimits(),
    collective_identifier=CollectiveLimits(),
)


class SubjectLimits(Model):
    """How many certificates a subject may ask for and hold."""

    max_enrollments: int
    max_certificates: int


# ksef-docs, limity/limity.md
DEFAULT_SUBJECT_LIMITS = {
    IdentifierType.NIP: SubjectLimits(max_enrollments=300, max_certificates=100),
    IdentifierType.PESEL: SubjectLimits(max_enrollments=12, max_certificates=6),
    IdentifierType.FINGERPRINT: SubjectLimits(max_enrollments=12, max_certificates=6),
}


def context_limits(world: World, context: Identifier) -> ContextLimits:
    """The limits that hold in a context."""
    return context_overrides(world).get(str(context)) or DEFAULT_CONTEXT_LIMITS


def context_overrides(world: World) -> Shelf[ContextLimits]:
    """Own limits by context."""
    return Shelf(world.db, "context-limits", ContextLimits)


def subject_limits(world: World, subject: Identifier) -> SubjectLimits:
    """The limits that hold for a subject."""
    own = subject_overrides(world).get(str(subject))
    return own or DEFAULT_SUBJECT_LIMITS.get(
        subject.type, DEFAULT_SUBJECT_LIMITS[IdentifierType.FINGERPRINT]
    )


def subject_overrides(world: World) -> Shelf[SubjectLimits]:
    """Own limits by subject."""
    return Shelf(world.db, "subject-limits", SubjectLimits)
