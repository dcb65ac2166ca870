"""How the commands print: tables that fit what they are printed on, JSON without NaN, progress for those who watch.

Figures and lists go to standard output, everything about the work to standard error, so that output can be piped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

WIDE = 400  # columns when nobody watches: nothing is cut or folded


def say(text: str = "") -> None:
    """A line of the result."""
    print(text)


def tell(text: str) -> None:
    """A line about the work."""
    print(text, file=sys.stderr, flush=True)


def print_json(document: Any) -> None:
    """JSON in UTF-8; a NaN in it would be a fault and is refused."""
    print(json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False))


def watched() -> bool:
    """Whether a person looks at the messages."""
    return sys.stderr.isatty()


def print_table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = (), title: str = ""
) -> None:
    """A table; ``right`` names the columns of numbers. Text of the data is printed as it is, never as markup."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else WIDE, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(cell)) for cell in row))
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    say("\n".join([*([title] if title else []), *(line for line in lines if line), ""]))


@contextmanager
def load_progress() -> Iterator[Callable[[str, int, int], None]]:
    """What ``load`` reports to: a bar for a person, a line per step otherwise."""
    if not watched():
        yield lambda step, done, total: tell(f"{step} ({done + 1} of {total})")
        return
    with _bars() as bars:
        shown = bars.add_task("loading", total=None)
        yield lambda step, done, total: bars.update(shown, description=one_line(step), completed=done, total=total)


def _bars() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def one_line(text: str) -> str:
    """Text of the data on one line, without signs that steer a terminal."""
    return "".join(sign if sign.isprintable() or sign in "\u00a0\u202f" else " " for sign in str(text))
