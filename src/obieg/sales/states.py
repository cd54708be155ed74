"""The lives of a sales document and of a KSeF session."""

from django.db.models import TextChoices


class SaleState(TextChoices):
    DRAFT = "draft", "Szkic"
    READY = "ready", "Niewysłana"  # issued: numbered, its bytes frozen
    OUTSIDE = "outside", "Nie dotyczy KSeF"  # issued, and not for KSeF, or sent by another program
    WAITING = "waiting", "Tryb awaryjny – czeka"  # issued offline, sent when KSeF is back
    SENDING = "sending", "Wysyłana"  # the answer may be lost: ask KSeF, never send again blind
    ACCEPTED = "accepted", "Przyjęta – bez UPO"
    CONFIRMED = "confirmed", "Przyjęta – z UPO"
    REJECTED = "rejected", "Odrzucona"
    CANCELLED = "cancelled", "Anulowana"  # keeps its number; never what production accepted


IN_KSEF = frozenset({SaleState.ACCEPTED, SaleState.CONFIRMED})
UNSENT = frozenset({SaleState.READY, SaleState.WAITING})

SALE_TRANSITIONS = {
    SaleState.DRAFT: frozenset(
        {SaleState.READY, SaleState.OUTSIDE, SaleState.WAITING, SaleState.CANCELLED}
    ),
    SaleState.READY: frozenset(
        {
            SaleState.DRAFT,
            SaleState.SENDING,
            SaleState.WAITING,
            SaleState.OUTSIDE,
            SaleState.CANCELLED,
        }
    ),
    SaleState.OUTSIDE: frozenset(
        {SaleState.DRAFT, SaleState.READY, SaleState.ACCEPTED, SaleState.CANCELLED}
    ),
    SaleState.WAITING: frozenset({SaleState.SENDING, SaleState.ACCEPTED}),
    SaleState.SENDING: frozenset(
        {SaleState.ACCEPTED, SaleState.REJECTED, SaleState.READY, SaleState.WAITING}
    ),
    SaleState.ACCEPTED: frozenset({SaleState.CONFIRMED, SaleState.CANCELLED}),
    SaleState.CONFIRMED: frozenset({SaleState.CANCELLED}),
    SaleState.REJECTED: frozenset(
        {SaleState.DRAFT, SaleState.WAITING, SaleState.OUTSIDE, SaleState.CANCELLED}
    ),
    SaleState.CANCELLED: frozenset[SaleState](),
}


class OfflineMode(TextChoices):
    """How an invoice was issued without KSeF (art. 106nda, 106nh, 106nf, 106ng VAT Act)."""

    ONLINE = "", "Online"
    OFFLINE24 = "offline24", "Offline24"
    UNAVAILABLE = "unavailable", "Niedostępność KSeF"
    FAILURE = "failure", "Awaria KSeF"
    TOTAL_FAILURE = "total_failure", "Awaria całkowita"  # never sent


class SessionState(TextChoices):
    OPENING = "opening", "Otwierana"  # the answer may be lost: an empty session harms nobody
    OPEN = "open", "Otwarta"  # online: takes invoices; batch: takes its parts
    CLOSING = "closing", "Zamykana"  # the call to close may be lost: it can be repeated
    CLOSED = "closed", "Zamknięta"  # KSeF works on it, or its UPO is not here yet
    DONE = "done", "Zakończona"  # the UPO is here, or there was nothing to confirm
    FAILED = "failed", "Nieudana"


SESSION_TRANSITIONS = {
    SessionState.OPENING: frozenset({SessionState.OPEN, SessionState.FAILED}),
    SessionState.OPEN: frozenset({SessionState.CLOSING, SessionState.CLOSED, SessionState.FAILED}),
    SessionState.CLOSING: frozenset({SessionState.CLOSED, SessionState.FAILED}),
    SessionState.CLOSED: frozenset({SessionState.DONE, SessionState.FAILED}),
    SessionState.DONE: frozenset[SessionState](),
    SessionState.FAILED: frozenset[SessionState](),
}
