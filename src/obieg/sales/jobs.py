"""Asking for sending from other parts of sales, in the transaction that issues a document."""

from obieg.sales.sending.queueing import enqueue_sending

__all__ = ["enqueue_sending"]
