"""`python -m bench [name ...] [--json]`: runs the benches one after another on their own office."""

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click

from bench.office import own_database
from bench.table import Result, as_json, print_table

BENCHES = (
    "ingest",
    "suggest",
    "evaluate",
    "posting",
    "memory",
    "batch",
    "checking",
    "pdf",
    "growth",
    "desk",
)  # `desk` needs `growth`


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(BENCHES))
@click.option("--json", "quiet", is_flag=True, help="The results as JSON.")
def main(names: tuple[str, ...], quiet: bool) -> None:
    """Run the benches NAMES, by default all of them, one after another."""
    results: list[Result] = []
    with own_database() as scratch:
        for name in BENCHES:
            if not names or name in names:
                results += timed(name, scratch, quiet=quiet)
    if quiet:
        click.echo(as_json(results))
    else:
        print_table(results)


def timed(name: str, scratch: Path, *, quiet: bool) -> list[Result]:
    """Run one bench; its module is imported only when Django is there."""
    run: Callable[[Path], list[Result]] = import_module(f"bench.{name}").run
    started = time.monotonic()
    results = run(scratch)
    if not quiet:
        print(f"# {name}: {time.monotonic() - started:.0f} s", flush=True)
    return results


if __name__ == "__main__":
    main()
