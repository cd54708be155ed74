"""Completeness: what KSeF says it stored, compared with what Obieg has, and the missing fetched."""
