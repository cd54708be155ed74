"""Peppol service providers."""
