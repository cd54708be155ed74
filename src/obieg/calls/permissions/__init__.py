"""Permissions in KSeF: who may do what at a client, read, compared with what is needed, changed."""
