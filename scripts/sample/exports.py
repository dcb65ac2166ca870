"""A file before it is written, and the ways in which systems print instants, days and durations.

An ``Export`` holds headers and rows of printable values. Each row keeps the thing it was printed from under
``ORIGIN``, so that dirt can be planted on chosen tickets; that key is never written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sample import world
from sample.world import Team

ORIGIN, SHORT = "_origin", "_short"  # keys of a row that are not columns
CODES = {team.name: team.code for team in world.TEAMS}


@dataclass
class Export:
    """One file: ``form`` is csv, jsonl, json, xlsx or parquet; the path's ending says how it is packed."""

    path: str
    table: str
    team: str
    form: str
    rows: list[dict[str, Any]]
    encoding: str = "utf-8"
    delimiter: str = ","
    headers: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = [header for header in self.rows[0] if header != ORIGIN]


def wall(team: Team, form: str, nothing: str = "") -> Callable[[int | None], str]:
    """A function that prints an instant as the team's wall clock shows it."""
    zone = ZoneInfo(team.zone)
    return lambda instant: nothing if instant is None else datetime.fromtimestamp(instant, zone).strftime(form)


def utc(instant: int | None) -> str:
    """An instant in ISO form; blank for none."""
    return "" if instant is None else f"{datetime.fromtimestamp(instant, UTC):%Y-%m-%dT%H:%M:%SZ}"


def day(day: date | None) -> str:
    """A day in ISO form; blank for none."""
    return "" if day is None else day.isoformat()


def minutes_clock(seconds: int | None) -> str:
    """Seconds as hh:mm:ss; blank for none."""
    return "" if seconds is None else f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def or_blank(value: int | None) -> int | str:
    """The value; blank for none."""
    return "" if value is None else value
