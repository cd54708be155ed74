"""What the vault tells the rooms above it."""

from django.dispatch import Signal

# Sent with `client` and `actor`, inside a transaction: the office serves the client no more. A
# receiver switches off what is its own and returns what it did, as (what, how it ended) in Polish.
cooperation_ends = Signal()
