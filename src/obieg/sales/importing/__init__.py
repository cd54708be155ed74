"""Sales from files: a table (CSV or XLSX) with many invoices, or structured XML."""
