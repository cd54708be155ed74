"""KSeF tokens."""
