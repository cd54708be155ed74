"""KSeF certificates: requests, issue, revocation."""
