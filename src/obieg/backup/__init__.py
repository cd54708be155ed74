"""Backup and restore: everything but the master key, in one sealed file."""
