"""Internal identifiers of a firm's units: NIP, hyphen, five digits of which the last checks."""


def has_valid_internal_check(value: str) -> bool:
    """Whether the last digit follows from the fourteen before it (weights 1 and 3 by turns)."""
    digits = value.replace("-", "")
    if len(digits) != 15 or not digits.isdigit():
        return False
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:14]))
    return total % 10 == int(digits[14])


def is_own_internal_id(value: str, nip: str) -> bool:
    """Whether the identifier belongs to the firm and checks."""
    return value.startswith(f"{nip}-") and has_valid_internal_check(value)
