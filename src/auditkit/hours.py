"""Business hours: what is written in the configuration, and a clock that runs only while a team is open.

In come a week of opening hours, holidays, half days and the dates from which each schedule holds; out comes a
``Clock``, whose reading is the open time so far, so that business time between two instants is one reading minus
another. A clock is compiled once per team and read by whole columns of int64 UTC microseconds. It stands alone because
every speed figure with a business twin depends on it, and because a plain walk through the calendar can check it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

import numpy as np

from auditkit.zones import DAY_US, MINUTE_US, local_day, microseconds, to_utc, transitions

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 1440

Spans = tuple[tuple[int, int], ...]

_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_PAD_DAYS = 2  # a shift of up to a day may begin the day before, and offsets move an instant by up to a day
_MOST_SLOTS = 1 << 22  # 16 MB of table; beyond it a binary search is used
_FOREVER = np.iinfo(np.int64).max // 2  # leaves room for differences
_CHUNK = 1 << 16  # rows at a time, so that the intermediate columns stay in the processor's cache


@dataclass(frozen=True)
class Schedule:
    """One week of opening hours and its exceptions, in minutes of the local day.

    ``week`` has seven days, Monday first, each a tuple of ``(start_minute, end_minute)``; an end beyond 1440 is past
    midnight, and the shift belongs to the day on which it began. A day in ``special_days`` has those spans and nothing
    else; any other day in ``holidays`` is closed. ``valid_from`` is the first day of the schedule (None: since always).
    """

    week: tuple[Spans, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    special_days: Mapping[date, Spans] = field(default_factory=dict)
    valid_from: date | None = None

    def __post_init__(self) -> None:
        if len(self.week) != len(DAYS):
            raise ValueError(f"a week has 7 days, not {len(self.week)}")
        for start, end in (span for spans in (*self.week, *self.special_days.values()) for span in spans):
            if not (0 <= start < DAY_MINUTES and start < end <= start + DAY_MINUTES):
                raise ValueError(f"minutes {start} to {end}: a span begins within the day and lasts at most 24 h")

    def spans_on(self, day: date) -> Spans:
        """The spans that begin on ``day``."""
        if day in self.special_days:
            return self.special_days[day]
        return () if day in self.holidays else self.week[day.weekday()]


@dataclass(frozen=True)
class Hours:
    """The schedules of a team in its time zone, in the order of ``valid_from``; each holds until the next one begins.

    Only the first may have no ``valid_from``. Before the first schedule begins, the team is closed. A shift past
    midnight belongs to the schedule of the day on which it began.
    """

    zone: str
    schedules: tuple[Schedule, ...]

    def __post_init__(self) -> None:
        starts = [schedule.valid_from or date.min for schedule in self.schedules]
        if not starts or any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError("schedules need dates of validity that ascend, and at least one schedule")

    def spans_on(self, day: date) -> Spans:
        """The spans that begin on ``day``, by the schedule in force on it."""
        in_force = [schedule for schedule in self.schedules if (schedule.valid_from or date.min) <= day]
        return in_force[-1].spans_on(day) if in_force else ()


@dataclass(frozen=True, eq=False)
class Clock:
    """A clock that runs only while the team is open, valid from ``first_us`` to ``last_us``, both included.

    ``edges`` (int64[n + 1]) cut time into n stretches, closed and open by turns; in stretch ``i`` the reading is
    ``intercept[i] + running[i] * instant``. ``slots`` gives the stretch at the start of each slot of ``2 ** shift``
    microseconds, none of which holds two edges; it is empty where the table would be too large. All methods take int64
    UTC microseconds, none missing, and raise ValueError for an instant at which the clock is not valid.
    """

    first_us: int
    last_us: int
    edges: np.ndarray
    running: np.ndarray
    intercept: np.ndarray
    slots: np.ndarray
    shift: int

    @classmethod
    def compile(cls, hours: Hours, first_us: int, last_us: int) -> Clock:
        """The clock of ``hours`` for instants from ``first_us`` to ``last_us``; its reading at ``first_us`` is 0.

        A start or end that the wall clock skips lies at the moment of the change; of one that it shows twice, the first
        counts. Shifts that overlap count once.
        """
        if first_us > last_us:
            raise ValueError(f"a clock cannot begin at {first_us} and end at {last_us}")
        intervals = _merged(*_open_intervals(hours, first_us, last_us))
        before_all = first_us - 10 * DAY_US
        edges = np.concatenate([[before_all], np.column_stack(intervals).ravel(), [_FOREVER]])
        running = np.arange(len(edges) - 1) % 2
        open_so_far = np.concatenate([[0], np.cumsum(np.diff(edges)[:-1] * running[:-1])])
        intercept = open_so_far - running * edges[:-1]
        at_first = np.searchsorted(edges, first_us, side="right") - 1
        intercept -= intercept[at_first] + running[at_first] * first_us
        return cls(first_us, last_us, edges, running, intercept, *_slots(edges, first_us, last_us))

    def reading(self, utc_us: np.ndarray) -> np.ndarray:
        """Open microseconds from ``first_us`` to each instant, as int64."""
        return self._by_chunk(utc_us, np.int64, lambda part, at: self.intercept[at] + self.running[at] * part)

    def open_at(self, utc_us: np.ndarray) -> np.ndarray:
        """Whether the team is open at each instant; the moment of opening is open, the moment of closing is not."""
        return self._by_chunk(utc_us, np.bool_, lambda part, at: self.running[at] == 1)

    def between(self, start_us: np.ndarray, end_us: np.ndarray) -> np.ndarray:
        """Open microseconds from ``start_us`` to ``end_us``; negative where the end comes first."""
        return self.reading(end_us) - self.reading(start_us)

    def _by_chunk(self, utc_us, dtype, answer) -> np.ndarray:
        utc_us = microseconds(utc_us)
        if utc_us.size and not self.first_us <= utc_us.min() <= utc_us.max() <= self.last_us:
            raise ValueError(f"instants must lie between {self.first_us} and {self.last_us}, where the clock is valid")
        flat, result = utc_us.ravel(), np.empty(utc_us.size, dtype)
        for start in range(0, flat.size, _CHUNK):
            part = flat[start : start + _CHUNK]
            result[start : start + _CHUNK] = answer(part, self._stretch(part))
        return result.reshape(utc_us.shape)

    def _stretch(self, utc_us: np.ndarray) -> np.ndarray:
        """The stretch of each instant: the last edge at or before it."""
        if not self.slots.size:
            return np.searchsorted(self.edges, utc_us, side="right") - 1
        at = self.slots[(utc_us - self.first_us) >> self.shift]
        return at + (utc_us >= self.edges[at + 1])


def parse_week(hours: Mapping[str, str]) -> tuple[Spans, ...]:
    """The week (Monday first) of a mapping such as ``{"mon-fri": "08:00-16:00", "fri": "08:00-14:00"}``.

    The entry with fewer days wins, so Friday closes at 14:00 here; two of the same width for one day are an error. Days
    that are not named are closed. Raises ValueError with one line for each thing that is wrong.
    """
    problems: list[str] = []
    entries = []
    for key, text in hours.items():
        try:
            entries.append((parse_days(key), key, parse_spans(text)))
        except ValueError as error:
            problems.append(f"{key!r}: {error}")
    week = []
    for day, name in enumerate(DAYS):
        named = sorted((entry for entry in entries if day in entry[0]), key=lambda entry: len(entry[0]))
        week.append(named[0][2] if named else ())
        if len(named) > 1 and len(named[0][0]) == len(named[1][0]):
            problems.append(f"{name} is given twice, by {named[0][1]!r} and {named[1][1]!r} (expected once)")
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(week)


def parse_days(text: str) -> tuple[int, ...]:
    """The days (0 is Monday) of ``mon``, ``mon-fri``, ``sat-mon`` or ``daily``. Raises ValueError."""
    words = text.strip().lower()
    if words == "daily":
        return tuple(range(7))
    first, _, last = words.partition("-")
    start, end = _weekday(first), _weekday(last or first)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


def parse_spans(text: str) -> Spans:
    """The minutes of ``08:00-12:00, 13:00-17:00``, ``22:00-06:00``, ``24h`` or ``closed``. Raises ValueError."""
    words = text.strip().lower()
    if words in ("24h", "closed"):
        return ((0, DAY_MINUTES),) if words == "24h" else ()
    spans = tuple(sorted(_span(part.strip()) for part in words.split(",")))
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            raise ValueError(f"{_written(earlier)} and {_written(later)} overlap (expected spans that do not)")
    return spans


def holiday_dates(country: str, years: range) -> dict[date, str]:
    """Public holidays by day, from the holidays package, for ``FI`` or with a subdivision ``NO-03`` or ``GB-ENG``.

    Names are in the country's own language. Raises ValueError with the nearest code where there is no such country.
    """
    import holidays  # heavy, and only needed where the configuration names a country

    code, _, part = country.strip().upper().partition("-")
    known = holidays.list_supported_countries()
    if code not in known:
        raise ValueError(f"no holidays are known for {country!r} (expected a code such as FI{_near_country(country)})")
    if part and part not in known[code]:
        raise ValueError(f"{country!r} is not a part of {code} (expected {_parts(code, part, known[code])})")
    own_language = holidays.country_holidays(code).default_language  # without it the machine's locale would decide
    found = holidays.country_holidays(code, subdiv=part or None, years=years, language=own_language)
    return {day: name for day, name in sorted(found.items()) if day.year in years}


def _weekday(word: str) -> int:
    word = word.strip()
    if word in DAYS or word in _FULL_NAMES:
        return DAYS.index(word[:3])
    near = _near(word, (*DAYS, *_FULL_NAMES, "daily"))
    raise ValueError(f"{word!r} is not a day (expected mon to sun, a range such as mon-fri, or daily{near})")


def _span(text: str) -> tuple[int, int]:
    times = re.fullmatch(r"(\S+?)\s*[-–]\s*(\S+)", text)
    if not times:
        raise ValueError(f"{text!r} is not a span of hours (expected 08:00-16:00, 24h or closed)")
    start, end = _minute(times[1]), _minute(times[2])
    if start == DAY_MINUTES:
        raise ValueError(f"{text!r} begins at 24:00 (expected a start from 00:00 to 23:59)")
    if start == end:
        raise ValueError(f"{text!r} begins and ends at the same time (expected 24h or closed, if that is meant)")
    return start, end if end > start else end + DAY_MINUTES


def _minute(text: str) -> int:
    parts = re.fullmatch(r"(\d{1,2}):(\d\d)", text, re.ASCII)
    minute = int(parts[1]) * 60 + int(parts[2]) if parts else -1
    if not parts or int(parts[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"{text!r} is not a time of day (expected 00:00 to 24:00)")
    return minute


def _written(span: tuple[int, int]) -> str:
    start, end = span
    end = end if end <= DAY_MINUTES else end - DAY_MINUTES
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def _near(word: str, names) -> str:
    found = get_close_matches(word, list(names), n=1, cutoff=0.5)
    return f"; the nearest is {found[0]}" if found else ""


def _near_country(text: str) -> str:
    """The country nearest to ``text``, which may be a name in place of a code."""
    from holidays.registry import COUNTRIES

    codes = {name.replace("_", " "): entry[1] for name, entry in COUNTRIES.items()}
    found = get_close_matches(text.strip().lower(), codes, n=1)
    return f"; {found[0].title()} is {codes[found[0]]}" if found else _near(text.strip().upper(), codes.values())


def _parts(code: str, part: str, names: list[str]) -> str:
    near = get_close_matches(part, names, n=1, cutoff=0.5) or names[:1]
    return f"a code such as {code}-{near[0]}" if names else f"{code} alone: it has no parts"


def _open_intervals(hours: Hours, first_us: int, last_us: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends, in UTC, of every shift that begins on a local day near the validity of the clock."""
    first_day, last_day = local_day(np.array([first_us, last_us]), hours.zone).tolist()
    minutes = [
        (day * DAY_MINUTES + start, day * DAY_MINUTES + end)
        for day in range(first_day - _PAD_DAYS, last_day + _PAD_DAYS + 1)
        for start, end in hours.spans_on(date.fromordinal(day + _EPOCH_ORDINAL))
    ]
    wall = np.array(minutes, dtype=np.int64).reshape(-1, 2) * MINUTE_US
    return _moments(wall[:, 0], hours.zone), _moments(wall[:, 1], hours.zone)


def _moments(wall_us: np.ndarray, zone: str) -> np.ndarray:
    """The instants of wall-clock times; one that the clock skips is the moment of the change, so order is kept."""
    utc_us, missing, _ = to_utc(wall_us, zone)
    if missing.any():
        skipped = utc_us[missing]
        changes, _ = transitions(zone, int(skipped.min()) - 2 * DAY_US, int(skipped.max()))
        utc_us[missing] = changes[np.searchsorted(changes, skipped, side="right") - 1]
    return utc_us


def _merged(starts: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same open time as intervals that neither overlap nor touch, in order; empty ones are dropped."""
    order = np.argsort(starts, kind="stable")
    order = order[ends[order] > starts[order]]
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    begins = np.append(True, starts[1:] > ends[:-1])[: len(starts)]
    return starts[begins], ends[np.append(begins[1:], True)[: len(ends)]]


def _slots(edges: np.ndarray, first_us: int, last_us: int) -> tuple[np.ndarray, int]:
    """The stretch at the start of each slot, and the width of a slot as a power of two that holds at most one edge."""
    narrowest = int(np.diff(edges).min())
    shift = max(narrowest.bit_length() - 1, 0)
    count = ((last_us - first_us) >> shift) + 1
    if count > _MOST_SLOTS:
        return np.empty(0, np.int32), shift
    begins = first_us + (np.arange(count) << shift)
    return (np.searchsorted(edges, begins, side="right") - 1).astype(np.int32), shift
