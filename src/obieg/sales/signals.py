"""What sales tell the rooms beside them."""

from django.dispatch import Signal

# Sent with `client` and its `sales` (a list of sales.models.Sale), inside the transaction that
# recorded KSeF's answers on them.
sales_accepted = Signal()
sales_rejected = Signal()
