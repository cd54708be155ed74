"""`obieg show` and `obieg check`: structured invoices on the terminal, without a database."""

import json
from dataclasses import asdict
from html import escape
from importlib.resources import files
from pathlib import Path

import click

from obieg.fa.check import Finding, Severity, check, has_errors
from obieg.fa.errors import UnreadableInvoice
from obieg.fa.export import to_json
from obieg.fa.model import Invoice
from obieg.fa.parse import parse
from obieg.fa.pdf import invoice_pdf
from obieg.fa.render import to_html, to_text
from obieg.fa.view import View, view


@click.command()
@click.argument(
    "file", metavar="PLIK", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Wypisz odczytane dane jako JSON.")
@click.option(
    "--html",
    "html_path",
    metavar="PLIK",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Zapisz fakturę jako samodzielną stronę HTML.",
)
@click.option(
    "--pdf",
    "pdf_path",
    metavar="PLIK",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Zapisz fakturę jako PDF/A-3 z dołączonym plikiem XML.",
)
@click.option("--ksef", "ksef_number", metavar="NUMER", help="Numer KSeF do pokazania na fakturze.")
def show(
    file: Path,
    *,
    as_json: bool,
    html_path: Path | None,
    pdf_path: Path | None,
    ksef_number: str | None,
) -> None:
    """Pokaż fakturę ustrukturyzowaną FA(3) lub FA(2) z pliku XML."""
    xml = file.read_bytes()
    invoice = _read(file, xml)
    if as_json:
        click.echo(to_json(invoice))
        return
    shown = view(invoice, ksef_number=ksef_number)
    if html_path:
        _save(html_path, to_page(shown).encode())
    if pdf_path:
        _save(pdf_path, invoice_pdf(xml, ksef_number=ksef_number))
    if not (html_path or pdf_path):
        click.echo(to_text(shown), nl=False)


def _save(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    click.echo(f"Zapisano {path}", err=True)


@click.command("check")
@click.argument(
    "paths",
    metavar="PLIK...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--json", "as_json", is_flag=True, help="Wypisz uwagi jako JSON.")
@click.option("--test", is_flag=True, help="Środowisko testowe: błędny NIP jest ostrzeżeniem.")
def check_command(paths: tuple[Path, ...], *, as_json: bool, test: bool) -> None:
    """Sprawdź faktury przed wysłaniem: schemat i reguły, wszystkie uwagi naraz.

    Kod wyjścia 0, gdy nie ma błędów; 1, gdy są.
    """
    found = {path: check(path.read_bytes(), production=not test) for path in paths}
    if as_json:
        plain = {str(path): [asdict(one) for one in findings] for path, findings in found.items()}
        click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
    else:
        for path, findings in found.items():
            _tell(path, findings)
    if any(map(has_errors, found.values())):
        raise SystemExit(1)


def _tell(path: Path, findings: tuple[Finding, ...]) -> None:
    click.echo(f"{path}: {'bez uwag' if not findings else ''}".rstrip())
    for finding in findings:
        kind = "BŁĄD" if finding.severity is Severity.ERROR else "uwaga"
        click.echo(f"  {kind}: {finding.text} [{finding.code}] {finding.place}".rstrip())


def _read(file: Path, xml: bytes) -> Invoice:
    try:
        return parse(xml)
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
