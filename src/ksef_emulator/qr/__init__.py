"""The verification pages behind the QR codes of invoices."""
