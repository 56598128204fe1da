"""Output for people: tables that know the width of Chinese, lines, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

import click

from reformflow.cli.texts import tell

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH: Final = 160
_Item = TypeVar("_Item")


def console() -> Console:
    """Return the console on standard output; wide enough for tables when nobody looks."""
    from rich.console import Console

    width = None if sys.stdout.isatty() else _WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, emoji=False, markup=False)


def table(
    title: str, header: Sequence[str], rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()
) -> None:
    """Print a table; the columns numbered in `right` hold figures."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, title=Text(title), title_justify="left", pad_edge=False)
    figures = set(right)
    for number, name in enumerate(header):
        made.add_column(
            Text(name), justify="right" if number in figures else "left", overflow="fold"
        )
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    page = console()
    with page.capture() as captured:
        page.print(made)
    # Trailing spaces only make lines wrap in a narrower window.
    click.echo("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_added(added: Iterable[str], lang: str) -> None:
    """Print the tables and columns that an upgrade has added, one on each line."""
    for name in added:
        click.echo(tell("added", lang, what=name))


@contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[Iterable[_Item]], Iterator[_Item]]]:
    """Give a wrapper that counts items on standard error, if that is a terminal."""
    if not sys.stderr.isatty():
        yield iter
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task(label, total=total)

        def counted(items: Iterable[_Item]) -> Iterator[_Item]:
            for item in items:
                yield item
                bar.advance(task)

        yield counted
