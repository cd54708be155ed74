"""The words of click's own help, in Polish."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click

HEADINGS = {"Options": "Opcje", "Commands": "Polecenia"}
WORDS = {
    "Show this message and exit.": "Pokazuje tę pomoc.",
    "Show the version and exit.": "Pokazuje wersję.",
    "[OPTIONS]": "[OPCJE]",
    "COMMAND [ARGS]...": "POLECENIE [OPCJE]",
    "[default: ": "[domyślnie: ",
    "[required]": "[wymagane]",
}
KNOWN = re.compile("|".join(re.escape(word) for word in WORDS))


class Formatter(click.HelpFormatter):
    """Lays help out as click does and says it in Polish."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, polish(args), prefix or "Użycie: ")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        with super().section(HEADINGS.get(name, name)):
            yield

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        translated = [(term, polish(text)) for term, text in rows]
        super().write_dl(translated, col_max, col_spacing)


class Context(click.Context):
    """What a command needs in order to be explained in Polish."""

    formatter_class = Formatter


def polish(text: str) -> str:
    return KNOWN.sub(lambda found: WORDS[found[0]], text)
