"""The clock of each team: its written opening hours, compiled for the span of its data.

In comes the configuration, out comes a ``Clock`` (hours.py), or None for a team whose hours nobody wrote: its
business figures are then absent, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np

from auditkit.clocks.hours import Clock, Hours, Schedule
from auditkit.clocks.written_hours import holiday_dates, parse_spans, parse_week
from auditkit.clocks.zones import DAY_US
from auditkit.config import HOLIDAY_KEYS, Config
from auditkit.errors import ConfigError, Problem

MARGIN_US = 400 * DAY_US  # so that an as_of after the data still reads the same clock


def team_clock(config: Config, team: str, first_us: int, last_us: int) -> Clock | None:
    """The team's clock, valid for all its instants and for more than a year after them; None where no hours are
    written. Teams with the same hours share one that was compiled for whole years.
    """
    written, end = config.hours_of(team), last_us + MARGIN_US
    if not written:
        return None
    try:
        shared = _compiled(_Written(repr(written), written), config.zone_of(team), _year(first_us), _year(end))
    except ValueError as error:
        raise ConfigError(Problem(f"audit.toml, key 'hours.{team}'", str(error))) from None
    return shared.within(first_us, end)


@dataclass(frozen=True)
class _Written:
    """Opening hours as written, known by their text."""

    text: str
    schedules: list[dict] = field(compare=False)


@lru_cache(maxsize=256)
def _compiled(written: _Written, zone: str, first_year: int, last_year: int) -> Clock:
    """The clock of written hours from the beginning of the first year to the end of the last."""
    years = range(first_year - 1, last_year + 2)
    schedules = [_schedule(one, years, ZoneInfo(zone)) for one in written.schedules]
    hours = Hours(zone, tuple(sorted(schedules, key=lambda one: _begin(one, ZoneInfo(zone)))))
    return Clock.compile(hours, _new_year(first_year), _new_year(last_year + 1))


def _new_year(year: int) -> int:
    """The UTC microseconds at which a year begins."""
    return (date(year, 1, 1) - date(1970, 1, 1)).days * DAY_US


def reading_at(config: Config, team: str, first_us: int, last_us: int, instant_us: int) -> float | None:
    """The open seconds that the team's clock shows at an instant; None where its hours are unknown.

    An instant outside the clock's validity reads as the nearest one inside.
    """
    clock = team_clock(config, team, first_us, last_us)
    if clock is None:
        return None
    inside = min(max(instant_us, clock.first_us), clock.last_us)
    return float(clock.reading(np.array([inside], dtype=np.int64))[0] / 1e6)


def _schedule(written: dict, years: range, zone: ZoneInfo) -> Schedule:
    week = parse_week({key: value for key, value in written.items() if key not in HOLIDAY_KEYS})
    special = {date.fromisoformat(day): parse_spans(spans) for day, spans in written.get("special", {}).items()}
    start = written.get("from")
    if isinstance(start, datetime) and start.tzinfo is None:
        start = start.replace(tzinfo=zone)
    return Schedule(week, _holidays(written.get("holidays", []), years), special, start)


def _begin(schedule: Schedule, zone: ZoneInfo) -> datetime:
    """When a schedule begins to hold: a day begins at its midnight; always comes first."""
    start = schedule.valid_from
    return start if isinstance(start, datetime) else datetime.combine(start or date(1, 1, 2), time(), zone)


def _holidays(written: str | list, years: range) -> dict[date, str]:
    """Holidays by day, of a country, of dates, or of a list that mixes both."""
    found: dict[date, str] = {}
    for one in [written] if isinstance(written, str) else written:
        if isinstance(one, date):
            found[one] = "holiday"
        elif len(one) == 10 and one[4] == "-":
            found[date.fromisoformat(one)] = "holiday"
        else:
            found |= holiday_dates(one, years)
    return found


def _year(instant_us: int) -> int:
    return datetime.fromtimestamp(instant_us / 1e6, UTC).year
