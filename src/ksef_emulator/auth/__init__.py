"""Authentication: challenges, signatures, KSeF tokens, bearer tokens and their sessions."""
