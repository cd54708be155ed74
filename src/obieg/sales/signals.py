"""What sales tell the rooms beside them."""

from django.dispatch import Signal

# Sent with `sale` (sales.models.Sale), inside the transaction that recorded KSeF's answer.
sale_accepted = Signal()
sale_rejected = Signal()
