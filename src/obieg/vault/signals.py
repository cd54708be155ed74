"""What the vault tells the rooms above it, and what it asks them."""

from django.dispatch import Signal

# Sent with `client` and `actor`, inside a transaction: the office serves the client no more. A
# receiver switches off what is its own and returns what it did, as (what, how it ended) in Polish.
cooperation_ends = Signal()

# Sent with `serial` (of an Offline certificate) or `client`, the other None: how many documents
# signed by that certificate, or issued offline by that client, are not in KSeF yet. Once revoked,
# the certificate verifies none of them (CIRFMF/ksef-docs, kody-qr.md, code II).
offline_documents = Signal()
