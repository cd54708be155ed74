"""What the office tells the rooms above it."""

from django.dispatch import Signal

# Sent with `operator` and `actor`: somebody gave the operator a new password.
password_set = Signal()
# Sent with `operator` and `actor`, inside a transaction: the operator may not log in any more.
switched_off = Signal()
# Sent with `client`: may its NIP and internal identifier change? A receiver answers why not, in a
# part of a Polish sentence, or nothing.
identity_asked = Signal()
# Sent with `client`, inside a transaction: KSeF knows it by another NIP or identifier now.
identity_changed = Signal()
# Sent with `head`, `branch`, `inherited` (office.branches.Inherited) and `actor`, inside a
# transaction: a new branch takes over from its head what is named.
branch_added = Signal()
