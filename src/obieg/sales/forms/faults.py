"""What the content refuses, in Polish."""

from pydantic_core import ErrorDetails

TEXTS = {
    "missing": "Uzupełnij to pole.",
    "string_too_long": "Najwyżej {max_length} znaków.",
    "string_too_short": "Co najmniej {min_length} znaki.",
    "decimal_max_places": "Najwyżej {decimal_places} miejsc po przecinku.",
    "decimal_max_digits": "Za długa liczba.",
    "decimal_whole_digits": "Za długa liczba.",
    "greater_than": "Musi być większe od {gt}.",
    "greater_than_equal": "Nie może być mniejsze od {ge}.",
    "less_than_equal": "Nie może być większe od {le}.",
    "literal_error": "Wybierz z listy.",
    "decimal_type": "Uzupełnij to pole.",
    "date_type": "Uzupełnij to pole.",
    "string_type": "Uzupełnij to pole.",
}

MISSING = frozenset({"missing", "decimal_type", "date_type", "string_type"})


def fault_text(fault: ErrorDetails) -> str:
    """The Polish text of one fault that pydantic found."""
    text = TEXTS.get(fault["type"], "Tej wartości nie da się zapisać.")
    return text.format_map(fault.get("ctx") or {})


def is_missing(fault: ErrorDetails) -> bool:
    """Whether the thing that holds the value is nothing without it."""
    return fault["type"] in MISSING
