"""XAdES: reading, verifying and making signatures."""
