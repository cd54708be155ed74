"""Numbers of rows: one after another, a correction's state after with its state before's."""

from dataclasses import dataclass


@dataclass(slots=True)
class Numbering:
    """Hands out NrWierszaFa in the order of the rows."""

    highest: int = 0
    before: int = 0  # the number of the row just passed, where it was a state before

    def following(self, *, before: bool) -> int:
        """The number that a row without one of its own gets."""
        return self.before if self.before and not before else self.highest + 1

    def take(self, number: int, *, before: bool) -> int:
        """Pass a row with this number."""
        self.highest = max(self.highest, number)
        self.before = number if before else 0
        return number
