"""What the person at the terminal sees of the load."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

import click

LABEL_WIDTH = 34
T = TypeVar("T")


class Bar(Protocol):
    """A progress bar as `click` makes it."""

    def update(self, n_steps: int) -> None: ...


@contextmanager
def bar(label: str, length: int) -> Iterator[Bar]:
    """A bar of `length` steps with the time that is left."""
    shape = click.progressbar(
        length=length,
        label=f"  {label:<{LABEL_WIDTH}}",
        show_pos=True,
        fill_char="█",
        empty_char="·",
        bar_template="%(label)s %(bar)s %(info)s",
        width=24,
    )
    with shape as shown:
        yield shown


def followed(label: str, length: int, steps: Iterable[T]) -> Iterator[T]:
    """`steps` with a bar that counts them."""
    with bar(label, length) as shown:
        for step in steps:
            yield step
            shown.update(1)


def say(text: str) -> None:
    click.echo(text)
