"""The options that several commands share, so that one name means one thing everywhere.

Only types and help texts: nothing here reads or prints, and importing it costs no more than typer.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer


class Format(StrEnum):
    """How figures are printed."""

    table = "table"
    csv = "csv"
    json = "json"


class Shape(StrEnum):
    """How anything else is printed."""

    table = "table"
    json = "json"


class RowShape(StrEnum):
    """How rows are printed."""

    csv = "csv"
    json = "json"


FORMS = "2024, 2024-Q2, 2024-05, 2024-W18, 2024-05-17, 2024-05-01..2024-05-17 or last-month"
PERIODS = f"{FORMS} (may be repeated)"
SPAN = "Default: the whole span of the data."
Folder = Annotated[
    str, typer.Option("--workspace", "-w", metavar="DIR", help="The workspace: the folder with audit.toml.")
]
Teams = Annotated[
    list[str] | None, typer.Option("--team", metavar="T", help="A team (may be repeated); all by default.")
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", "-m", metavar="M", help="A measure's id (may be repeated); all by default."),
]
Periods = Annotated[list[str] | None, typer.Option("--period", metavar="P", help=f"{PERIODS}. {SPAN}")]
OnePeriod = Annotated[str | None, typer.Option("--period", metavar="P", help=f"{FORMS}. {SPAN}")]
By = Annotated[
    str | None, typer.Option(metavar="G", help="Split by a column: channel, agent, priority, type, hour ...")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT", help="Know nothing later than this (2026-06-01T00:00:00Z); by default as audit.toml says."
    ),
]
FigureFormat = Annotated[Format, typer.Option("--format", help="How to print.")]
PlainFormat = Annotated[Shape, typer.Option("--format", help="How to print.")]
