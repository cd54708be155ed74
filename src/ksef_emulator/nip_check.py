"""The check digit of a NIP."""

WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def has_valid_check_digit(nip: str) -> bool:
    """Whether the tenth digit follows from the nine before it."""
    if len(nip) != 10 or not nip.isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(nip, WEIGHTS, strict=False))
    return total % 11 == int(nip[9])
