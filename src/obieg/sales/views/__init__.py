"""Pages of sales: the list, the invoice's form, the document, sessions, the seller's settings."""
