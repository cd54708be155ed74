"""Permissions: grants, what follows from them, queries."""
