"""How every documented exception code is provoked by a real request."""
