"""Invoices: reading, storing, queries, exports."""
