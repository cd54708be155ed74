"""Pages of logging in."""
