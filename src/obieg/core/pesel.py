"""PESEL, the number of a person: eleven digits, the last one a check digit."""

_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)


def is_pesel(text: str) -> bool:
    """Whether `text` is eleven digits with a right check digit."""
    if len(text) != 11 or not (text.isascii() and text.isdigit()):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:10], strict=True))
    return (10 - total % 10) % 10 == int(text[10])
