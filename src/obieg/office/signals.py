"""What the office tells the rooms above it."""

from django.dispatch import Signal

# Sent with `operator` and `actor`: somebody gave the operator a new password.
password_set = Signal()
# Sent with `operator` and `actor`, inside a transaction: the operator may not log in any more.
switched_off = Signal()
