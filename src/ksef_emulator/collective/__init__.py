"""Collective identifiers: one number for a payment of many invoices."""
