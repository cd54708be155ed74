"""Forms of sales: the invoice, its seller, its buyers, the filters of the list."""
