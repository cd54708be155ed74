"""The numbers that sellers give their invoices: each once, growing with the days."""

from collections import defaultdict
from datetime import date


class Numbering:
    """Counts the invoices of every seller."""

    def __init__(self) -> None:
        self._last: defaultdict[str, int] = defaultdict(int)

    def next(self, nip: str, pattern: str, day: date) -> str:
        """The seller's next number; `pattern` may name {n}, {mm} and {yyyy}."""
        if nip not in self._last:
            self._last[nip] = int(nip[3:7]) % 900  # nobody begins at one in the middle of a year
        self._last[nip] += 1
        return pattern.format(n=self._last[nip], mm=f"{day.month:02d}", yyyy=day.year)
