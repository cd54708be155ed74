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
    " INTEGER": " LICZBA",
    " TEXT": " TEKST",
}
# What click says of wrong arguments (its English is the key of its own translations).
COMPLAINTS = {
    r"No such command '(.*?)'\.": "Nie ma polecenia „{}”.",
    r"No such option '?(.*?)'?\.(?= |$)": "Nie ma opcji „{}”.",
    r"Did you mean '?(.*?)'?\?": "Może chodziło o „{}”?",
    r"\(Did you mean one of: (.*)\?\)": "Może chodziło o jedno z: {}?",
    r"Missing argument '(.*?)'\.": "Brakuje argumentu „{}”.",
    r"Missing option '(.*?)'\.": "Brakuje opcji „{}”.",
    r"Invalid value for '(.*?)': ": "Zła wartość „{}”: ",
    r"(?:File|Directory|Path) '(.*)' does not exist\.": "nie ma „{}”.",
    r"Directory '(.*)' is a file\.": "„{}” jest plikiem, a potrzebny jest katalog.",
    r"File '(.*)' is a directory\.": "„{}” jest katalogiem, a potrzebny jest plik.",
    r"\w+ '(.*)' is not readable\.": "nie wolno czytać „{}”.",
    r"'(.*)' is not a valid integer(?: range)?\.": "„{}” nie jest liczbą całkowitą.",
    r"(\S+) is not in the range (.*)\.": "{} jest poza zakresem {}.",
    r"Option '(.*)' requires an argument\.": "Opcja „{}” wymaga wartości.",
    r"Option '(.*)' does not take a value\.": "Opcja „{}” nie przyjmuje wartości.",
    r"Got unexpected extra arguments? \((.*)\)": "Zbędne argumenty: {}.",
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


def speak_polish(command: click.Command) -> None:
    """Let a command, and those under it, explain themselves in Polish."""
    command.context_class = Context
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            speak_polish(inner)


def complaint(error: click.ClickException) -> str:
    """What was wrong with the arguments, and where the help is."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    text = error.format_message()
    for english, words in COMPLAINTS.items():
        if found := re.search(english, text):
            text = text[: found.start()] + words.format(*found.groups()) + text[found.end() :]
    place = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else ""
    return f"Błąd: {text}" + (f"\nPomoc: {place} --help" if place else "")


def polish(text: str) -> str:
    return KNOWN.sub(lambda found: WORDS[found[0]], text)
