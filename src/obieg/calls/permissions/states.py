"""The life of an order to grant permissions in KSeF or to take one back."""

from django.db.models import TextChoices


class OrderState(TextChoices):
    NEW = "new", "Zlecone"
    ASKING = "asking", "Wysyłane"  # the answer may be lost: ask KSeF whether it is granted
    SENT = "sent", "W KSeF"  # KSeF works on it; its status is asked for
    DONE = "done", "Wykonane"
    REFUSED = "refused", "Nieudane"


ORDER_TRANSITIONS = {
    OrderState.NEW: frozenset({OrderState.ASKING, OrderState.DONE, OrderState.REFUSED}),
    OrderState.ASKING: frozenset(
        {OrderState.SENT, OrderState.NEW, OrderState.DONE, OrderState.REFUSED}
    ),
    OrderState.SENT: frozenset({OrderState.DONE, OrderState.REFUSED}),
    OrderState.DONE: frozenset[OrderState](),
    OrderState.REFUSED: frozenset[OrderState](),
}
UNDER_WAY = tuple(state for state in OrderState if ORDER_TRANSITIONS[state])
