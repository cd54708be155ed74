"""Obieg: the circulation of KSeF invoices in a Polish accounting office."""
