"""Invoices issued without KSeF: outages, marks, deadlines, QR codes, technical corrections."""
