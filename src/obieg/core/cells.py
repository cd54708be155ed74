"""Texts as cells of a spreadsheet that never turn into formulas."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def plain_cell(text: str) -> str:
    """`text` as a cell of a CSV file; what a spreadsheet would compute gets an apostrophe.

    Blanks before it do not hide it: some spreadsheets take them away.
    """
    return f"'{text}" if text.startswith(FORMULA) or text.lstrip().startswith(FORMULA) else text


def typed_cell(text: str) -> str:
    """What `plain_cell` was made of, when the file comes back."""
    return text[1:] if text.startswith("'") and plain_cell(text[1:]) != text[1:] else text
