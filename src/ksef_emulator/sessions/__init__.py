"""Sending: online and batch sessions, verification, UPO."""
