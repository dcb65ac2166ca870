"""Business hours: schedules, and a clock that runs only while a team is open.

In come weeks of opening hours, holidays, half days and when each schedule holds (written_hours.py reads them as people
write them); out comes a ``Clock``, whose reading is the open time so far, so that business time between two instants is
one reading minus another. A clock is compiled once per team and read by whole columns of int64 UTC microseconds. It
stands alone because every speed figure with a business twin depends on it, and because a plain walk through the
calendar can check it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np

from auditkit.clocks.zones import DAY_US, MINUTE_US, local_day, microseconds, to_utc, transitions

DAY_MINUTES = 1440

Spans = tuple[tuple[int, int], ...]

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
    else; any other day in ``holidays`` is closed. ``valid_from`` is the first day of the schedule, or the very instant
    (tz-aware) from which it holds; None is since always.
    """

    week: tuple[Spans, ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    special_days: Mapping[date, Spans] = field(default_factory=dict)
    valid_from: date | datetime | None = None

    def __post_init__(self) -> None:
        if len(self.week) != 7:
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
class Spell:
    """A schedule while it is in force: the days on which its shifts may begin (None: no bound), the instants that cut
    them (UTC microseconds, None: nothing does)."""

    schedule: Schedule
    first_day: date | None
    last_day: date | None
    from_us: int | None
    to_us: int | None

    def spans_on(self, day: date) -> Spans:
        """The spans that begin on ``day`` while the schedule is in force."""
        early = self.first_day is not None and day < self.first_day
        late = self.last_day is not None and day > self.last_day
        return () if early or late else self.schedule.spans_on(day)


@dataclass(frozen=True)
class Hours:
    """The schedules of a team in its time zone, in the order of ``valid_from``; each holds until the next one begins.

    Only the first may have no ``valid_from``. Before the first schedule begins, the team is closed. A shift past
    midnight belongs to the schedule of the day on which it began; a schedule that holds from an instant cuts it.
    """

    zone: str
    schedules: tuple[Schedule, ...]

    def __post_init__(self) -> None:
        starts = [self._begin(schedule) for schedule in self.schedules]
        if not starts or any(later <= earlier for earlier, later in pairwise(starts)):
            raise ValueError("schedules need dates of validity that ascend, and at least one schedule")

    def spells(self) -> list[Spell]:
        """The schedules, each with the days on which its shifts may begin and the instants that cut them."""
        starts = [schedule.valid_from for schedule in self.schedules]
        return [
            Spell(schedule, self._day(start, -1), self._day(end, 0), _instant(start), _instant(end))
            for schedule, start, end in zip(self.schedules, starts, [*starts[1:], None], strict=True)
        ]

    def _day(self, bound: date | datetime | None, before: int) -> date | None:
        """The first (or last) day of a bound; an instant also cuts shifts that began the day before it."""
        if isinstance(bound, datetime):
            return bound.astimezone(ZoneInfo(self.zone)).date() + timedelta(days=before)
        return bound - timedelta(days=1 + before) if bound and before == 0 else bound

    def _begin(self, schedule: Schedule) -> datetime:
        start = schedule.valid_from
        if isinstance(start, datetime):
            return start
        return datetime.combine(start or date(1, 1, 2), time(), ZoneInfo(self.zone))


@dataclass(frozen=True, eq=False)
class Clock:
    """A clock that runs only while the team is open, valid from ``first_us`` to ``last_us``, both included.

    ``edges`` (int64[n + 1]) cut time into n stretches, closed and open by turns; in stretch ``i`` the reading is
    ``intercept[i] + running[i] * instant``. ``slots`` gives the stretch at the start of each slot of ``2 ** shift``
    microseconds from ``slots_from`` on, none of which holds two edges; it is empty where the table would be too large.
    All methods take int64 UTC microseconds, none missing, and raise ValueError for an instant at which the clock is not
    valid.
    """

    first_us: int
    last_us: int
    edges: np.ndarray
    running: np.ndarray
    intercept: np.ndarray
    slots: np.ndarray
    shift: int
    slots_from: int

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
        return cls(first_us, last_us, edges, running, intercept, *_slots(edges, first_us, last_us), first_us)

    def within(self, first_us: int, last_us: int) -> Clock:
        """The same hours, valid from ``first_us`` to ``last_us`` (both within this clock) and 0 at ``first_us``."""
        begun = self.reading(np.array([first_us, last_us]))[0]
        return replace(self, first_us=first_us, last_us=last_us, intercept=self.intercept - begun)

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
        at = self.slots[(utc_us - self.slots_from) >> self.shift]
        return at + (utc_us >= self.edges[at + 1])


def _open_intervals(hours: Hours, first_us: int, last_us: int) -> tuple[np.ndarray, np.ndarray]:
    """Starts and ends, in UTC, of every shift that begins on a local day near the validity of the clock."""
    first_day, last_day = local_day(np.array([first_us, last_us]), hours.zone).tolist()
    days = range(first_day - _PAD_DAYS, last_day + _PAD_DAYS + 1)
    parts = [_shifts(spell, days, hours.zone) for spell in hours.spells()]
    return tuple(np.concatenate(side) for side in zip(*parts, strict=True))


def _shifts(spell: Spell, days: range, zone: str) -> tuple[np.ndarray, np.ndarray]:
    """The shifts of one schedule, cut where another takes over at an instant; cut-off ones have no length."""
    minutes = [
        (day * DAY_MINUTES + start, day * DAY_MINUTES + end)
        for day in days
        for start, end in spell.spans_on(date.fromordinal(day + _EPOCH_ORDINAL))
    ]
    wall = np.array(minutes, dtype=np.int64).reshape(-1, 2) * MINUTE_US
    starts, ends = _moments(wall[:, 0], zone), _moments(wall[:, 1], zone)
    if spell.from_us is not None:
        starts = np.maximum(starts, spell.from_us)
    return starts, ends if spell.to_us is None else np.minimum(ends, spell.to_us)


def _instant(bound: date | datetime | None) -> int | None:
    """UTC microseconds of a bound that is an instant; None for a day."""
    if not isinstance(bound, datetime):
        return None
    since = bound - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


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
