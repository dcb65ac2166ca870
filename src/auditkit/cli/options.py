"""The options that several commands share, so that one name means one thing everywhere.

Types and help texts, and how limits are read: nothing here prints, and importing it costs no more than typer.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Any

import typer

from auditkit.errors import Problem, UsageError


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


class Engine(StrEnum):
    """How cells are run."""

    auditkit = "auditkit"
    nbclient = "nbclient"


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
EngineChoice = Annotated[
    Engine, typer.Option(help="How cells are run: in a process forked from a warm one, or in a stock kernel.")
]
Dask = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Work on a Dask cluster that is there already: its scheduler's address."),
]
CellTime = Annotated[
    str | None, typer.Option("--cell-time", metavar="D", help="The longest that one cell may take; 15m by default.")
]
ReportTime = Annotated[
    str | None, typer.Option("--report-time", metavar="D", help="The longest that one report may take; 1h by default.")
]
Memory = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="The most memory that one report may use (2GB); by default a fair share."),
]
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?I?B?)\s*", re.IGNORECASE)


def limits_of(cell_time: str | None, report_time: str | None, memory: str | None) -> dict[str, Any]:
    """The limits that were given, in seconds and bytes; UsageError for what is none."""
    given: dict[str, Any] = {}
    for option, key, text in (
        ("--cell-time", "cell_seconds", cell_time),
        ("--report-time", "notebook_seconds", report_time),
    ):
        if text is not None:
            given[key] = _duration(option, text)
    if memory is not None:
        given["memory_bytes"] = size_of(memory)
    return given


def size_of(text: str) -> int:
    """Bytes of a size as people write it.

    >>> size_of("2GB"), size_of("1.5 gb"), size_of("512MiB")
    (2000000000, 1500000000, 536870912)
    """
    found = _SIZE.fullmatch(text)
    unit = (found[2] if found else "?").upper().removesuffix("B")
    steps = {"": 0, "K": 1, "M": 2, "G": 3, "T": 4}
    if found is None or unit.removesuffix("I") not in steps or float(found[1]) <= 0:
        raise UsageError(Problem(f"--memory {text!r}", "is not a size", "a size such as 2GB or 512MiB"))
    return int(float(found[1]) * (1024 if unit.endswith("I") else 1000) ** steps[unit.removesuffix("I")])


def _duration(option: str, text: str) -> float:
    from auditkit.clocks.durations import parse_duration

    try:
        seconds = parse_duration(text)
    except ValueError:
        seconds = 0.0
    if seconds <= 0:
        raise UsageError(Problem(f"{option} {text!r}", "is not a duration", "a duration such as 90s, 15m or 1h"))
    return seconds
