"""Outgoing mail: an outbox in the database, sent by the office's SMTP server with retries."""
