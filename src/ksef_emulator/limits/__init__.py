"""Limits: of requests, of sessions, of certificates."""
