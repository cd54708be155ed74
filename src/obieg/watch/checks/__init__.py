"""The checks: each finds one kind of trouble; `table.CHECKS` lists them all."""
