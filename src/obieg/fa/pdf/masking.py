"""The QR code's mask, chosen as the standard asks, all modules of a candidate weighed at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import segno

_MASKS = range(8)
_EDGE = 4  # light modules between two lines, so that nothing reaches from one into the next
_DIGITS = bytes.maketrans(b"\0\1", b"01")


@dataclass(frozen=True, slots=True)
class Grid:
    """The modules of a symbol, dark ones set, as one number: the lines after each other."""

    rows: int
    columns: int

    def __xor__(self, other: "Grid") -> "Grid":
        return Grid(self.rows ^ other.rows, self.columns ^ other.columns)

    def __and__(self, other: "Grid") -> "Grid":
        return Grid(self.rows & other.rows, self.columns & other.columns)


@dataclass(frozen=True, slots=True)
class Frame:
    """What symbols of one version and error level share."""

    side: int
    changes: tuple[Grid, ...]  # by mask: the modules that differ from those under mask 0
    weighed: Grid  # all but the information on format and version, as the standard weighs them
    pairs: int  # the modules that have a next one in their line


def modules(text: str, error: str) -> list[str]:
    """The QR code of `text`, its rows as the digits 1 (dark) and 0; the very symbol that segno
    would choose (ISO/IEC 18004:2015, 7.8.3), in a quarter of its time.
    """
    matrix = segno.make(text, error=error, micro=False, boost_error=False, mask=0).matrix
    frame = _frame(len(matrix), error)
    first = _grid(matrix)
    plain = first & frame.weighed
    mask = min(_MASKS, key=lambda n: penalty(plain ^ (frame.changes[n] & frame.weighed), frame))
    return _digits(first ^ frame.changes[mask], frame.side)


def penalty(grid: Grid, frame: Frame) -> int:
    """The points of table 11: runs, blocks, likenesses of a finder pattern, share of dark."""
    stride = frame.side + _EDGE
    alike = _alike(grid.rows, frame.pairs)
    blocks = alike & alike >> stride & ~(grid.rows ^ grid.rows >> stride)
    area = frame.side**2
    unbalanced = abs(100 * grid.rows.bit_count() - 50 * area) // (5 * area)
    return (
        _runs(alike)
        + _runs(_alike(grid.columns, frame.pairs))
        + 3 * blocks.bit_count()
        + 40 * (_finders(grid.rows) + _finders(grid.columns))
        + 10 * unbalanced
    )


def _alike(lines: int, pairs: int) -> int:
    """The modules whose next one is of the same colour."""
    return ~(lines ^ lines >> 1) & pairs


def _runs(alike: int) -> int:
    """Three points for five modules of a colour in a line, and one for each further."""
    five = alike & alike >> 1
    five &= five >> 2
    return five.bit_count() + 2 * (five & ~(five << 1)).bit_count()


def _finders(lines: int) -> int:
    """How often dark, light, three dark, light, dark stand beside four light modules."""
    dark = lines & lines >> 2 & lines >> 3 & lines >> 4 & lines >> 6
    found = dark & ~(lines >> 1 | lines >> 5)
    before = lines << 1 | lines << 2 | lines << 3 | lines << 4
    after = lines >> 7 | lines >> 8 | lines >> 9 | lines >> 10
    counted = found & ~(before & after)
    if counted & (counted >> 4 | counted >> 6):
        return _apart(counted)
    return counted.bit_count()


def _apart(counted: int) -> int:
    """How many there are when none may begin within the seven modules of another."""
    number = 0
    while counted:
        number += 1
        start = (counted & -counted).bit_length() - 1
        counted = counted >> start + 7 << start + 7
    return number


@cache
def _frame(side: int, error: str) -> Frame:
    """Asks segno for a symbol under every mask: what differs is the same for every text."""
    version = (side - 17) // 4
    made = [
        _grid(
            segno.make(
                "0", version=version, error=error, micro=False, boost_error=False, mask=mask
            ).matrix
        )
        for mask in _MASKS
    ]
    weighed = [bytearray([1] * side) for _ in range(side)]
    for row, column in _unweighed(side):
        weighed[row][column] = 0
    return Frame(
        side=side,
        changes=tuple(grid ^ made[0] for grid in made),
        weighed=_grid(weighed),
        pairs=_packed([bytes([1] * (side - 1) + [0])] * side),
    )


def _grid(matrix: Sequence[bytes | bytearray]) -> Grid:
    return Grid(_packed(matrix), _packed(map(bytes, zip(*matrix, strict=True))))


def _packed(lines: Iterable[bytes | bytearray]) -> int:
    """The lines as one number, the first module of the first line lowest."""
    edge = bytes(_EDGE)
    return int((edge + edge.join(lines) + edge).translate(_DIGITS)[::-1], 2)


def _digits(grid: Grid, side: int) -> list[str]:
    stride = side + _EDGE
    text = f"{grid.rows >> _EDGE:0{side * stride}b}"[::-1]
    return [text[start : start + side] for start in range(0, side * stride, stride)]


def _unweighed(side: int) -> Iterable[tuple[int, int]]:
    """Where the information on format and version stands (row, column), and the dark module."""
    near, far = [0, 1, 2, 3, 4, 5, 7, 8], range(side - 8, side)
    for place in (*near, *far):
        yield 8, place
        yield place, 8
    if side >= 45:  # version 7
        for short, long in product(range(side - 11, side - 8), range(6)):
            yield short, long
            yield long, short
