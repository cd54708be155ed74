"""Facts of money, numbers and dates that every room shares; no Django here."""
