"""The audit: what was done, sealed in a chain that anyone can verify, and its page."""
