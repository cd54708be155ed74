"""Sending to KSeF: claims, sessions, batches, answers, reconciling, UPO."""

from obieg.sales.sending.queueing import Queued, send

__all__ = ["Queued", "send"]
