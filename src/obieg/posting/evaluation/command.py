"""`obieg evaluate`: how good the suggestions are, on a folder of posted invoices; no database."""

import json
from pathlib import Path

import click

from obieg.core.errors import UserFixable
from obieg.posting.evaluation.folder import documents_in
from obieg.posting.evaluation.playing import play
from obieg.posting.evaluation.report import as_text, report_of
from obieg.posting.learning.learner import Learner


@click.command()
@click.argument("folder", metavar="KATALOG", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Wypisz wyniki jako JSON.")
@click.option("--limit", metavar="LICZBA", type=int, help="Tylko tyle pierwszych dokumentów.")
def evaluate(folder: Path, *, as_json: bool, limit: int | None) -> None:
    """Oceń propozycje dekretów na fakturach z katalogu: labels.csv i invoices.zip.

    Faktury są odtwarzane w kolejności otrzymania: najpierw propozycja, potem nauka z dekretu.
    Wyniki liczą się od trzeciego miesiąca.
    """
    try:
        documents = list(documents_in(folder))[:limit]
    except UserFixable as error:
        raise click.ClickException(str(error)) from error
    report = report_of(list(play(documents, Learner())))
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else as_text(report))
