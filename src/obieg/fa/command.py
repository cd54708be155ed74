"""`obieg show`: any structured invoice on the terminal, without a database."""

from html import escape
from importlib.resources import files
from pathlib import Path

import click

from obieg.fa.errors import UnreadableInvoice
from obieg.fa.export import to_json
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.fa.render import to_html, to_text
from obieg.fa.view import View, view


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Wypisz odczytane dane jako JSON.")
@click.option(
    "--html",
    "html_path",
    metavar="PLIK",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Zapisz fakturę jako samodzielną stronę HTML.",
)
@click.option("--ksef", "ksef_number", metavar="NUMER", help="Numer KSeF do pokazania na fakturze.")
def show(file: Path, *, as_json: bool, html_path: Path | None, ksef_number: str | None) -> None:
    """Pokaż fakturę ustrukturyzowaną FA(3) lub FA(2) z pliku XML."""
    invoice = _read(file)
    if as_json:
        click.echo(to_json(invoice))
        return
    shown = view(invoice, ksef_number=ksef_number)
    if html_path:
        html_path.write_text(to_page(shown), encoding="utf-8")
        click.echo(f"Zapisano {html_path}", err=True)
    else:
        click.echo(to_text(shown), nl=False)


def _read(file: Path) -> Invoice:
    try:
        return parse(file.read_bytes())
    except UnreadableInvoice as error:
        click.echo(f"{file}: {error} [{error.code}]", err=True)
        raise SystemExit(1) from error


def to_page(shown: View) -> str:
    """A complete page around the view, its small stylesheet inside."""
    style = files("obieg.fa").joinpath("page.css").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="pl">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(shown.title)}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n{to_html(shown)}\n</body>\n</html>\n"
    )
