"""What is wrong with a draft's content, in Polish."""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

_TEXTS = {
    "extra_forbidden": "nieznane pole",
    "missing": "pole jest wymagane",
    "string_too_long": "najwyżej {max_length} znaków",
    "string_too_short": "co najmniej {min_length} znaków",
    "string_type": "wpisz tekst",
    "literal_error": "dozwolone: {expected}",
    "decimal_parsing": "to nie liczba",
    "decimal_type": "to nie liczba",
    "decimal_max_digits": "najwyżej {max_digits} cyfr",
    "decimal_max_places": "najwyżej {decimal_places} miejsc po przecinku",
    "decimal_whole_digits": "najwyżej {whole_digits} cyfr przed przecinkiem",
    "finite_number": "to nie liczba",
    "greater_than": "wartość musi być większa niż {gt}",
    "greater_than_equal": "wartość musi być co najmniej {ge}",
    "less_than_equal": "wartość może być najwyżej {le}",
    "date_from_datetime_parsing": "to nie data; wpisz np. 2026-11-21",
    "date_parsing": "to nie data; wpisz np. 2026-11-21",
    "date_type": "to nie data; wpisz np. 2026-11-21",
    "bool_parsing": "wpisz true albo false",
    "bool_type": "wpisz true albo false",
    "int_parsing": "to nie liczba całkowita",
    "int_type": "to nie liczba całkowita",
    "tuple_type": "to nie lista",
    "model_type": "to nie obiekt",
    "model_attributes_type": "to nie obiekt",
    "json_invalid": "to nie jest poprawny JSON",
}


def explain(error: ValidationError) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """The place (names and indexes in the content) and a Polish sentence of every mistake."""
    for mistake in error.errors(include_url=False, include_input=False):
        yield mistake["loc"], text_of(mistake["type"], mistake.get("ctx", {}))


def text_of(kind: str, facts: Mapping[str, object]) -> str:
    """The Polish sentence for a kind of mistake, pydantic's `type` and `ctx`."""
    return _TEXTS.get(kind, "niedozwolona wartość").format_map(facts)
