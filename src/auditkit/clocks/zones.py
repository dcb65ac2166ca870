"""Time zones on arrays: UTC instants to wall clocks and back, exact to the microsecond.

In and out are NumPy arrays of int64 microseconds since 1970-01-01T00:00, either UTC or read off a wall clock. The
offsets come from ``zoneinfo``; only the few instants at which a zone changes its offset are looked up, so that a row
costs one short binary search. It stands alone because loading, business hours and groupings by local day all need the
same answer, and because it must not wait for pandas.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

MINUTE_US = 60_000_000
DAY_US = 86_400_000_000

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_S = 86_400
# Published tables end before 2100; after it a zone only follows a yearly rule, whose changes are weeks apart.
_RULES_ONLY_FROM = 2100
_FOREVER = np.iinfo(np.int64).max


def is_zone(name: str) -> bool:
    """Whether ``name`` is a time zone of the IANA database, such as ``Europe/Helsinki``."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def transitions(zone: str, first_us: int, last_us: int) -> tuple[np.ndarray, np.ndarray]:
    """The UTC instants after ``first_us`` and up to ``last_us`` at which the zone's offset changes.

    Returns ``(instants, offsets)``: int64[n] in microseconds, ascending, and int64[n + 1], where ``offsets[i]`` is what
    to add to UTC from ``instants[i - 1]`` on and before ``instants[i]``. Instants must lie in the years 2 to 9998, else
    ValueError (a missing value was passed on). An unknown zone raises zoneinfo's error; see :func:`is_zone`.
    """
    instants, offsets = _offset_changes(zone, _year(first_us), _year(last_us))
    start, stop = np.searchsorted(instants, [first_us, last_us], side="right")
    return instants[start:stop], offsets[start : stop + 1]


def to_local(utc_us: np.ndarray, zone: str) -> np.ndarray:
    """The wall clock of ``zone`` at each UTC instant: int64 microseconds since 1970-01-01T00:00 on that clock."""
    utc_us = microseconds(utc_us)
    if not utc_us.size:
        return utc_us.copy()
    instants, offsets = transitions(zone, int(utc_us.min()), int(utc_us.max()))
    return utc_us + offsets[np.searchsorted(instants, utc_us, side="right")]


def to_utc(local_us: np.ndarray, zone: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The UTC instant at which the wall clock of ``zone`` shows each time: ``(utc_us, missing, twice)``.

    ``missing`` marks times that the clock skipped: they count on with the offset before the gap, so that 03:30 in a gap
    from 03:00 to 04:00 becomes 04:30. ``twice`` marks times that it showed two times: the first is taken. Both rules
    are those of RFC 5545, section 3.3.5, and of ``fold=0`` in Python (PEP 495).
    """
    local_us = microseconds(local_us)
    if not local_us.size:
        return local_us.copy(), np.zeros(local_us.shape, bool), np.zeros(local_us.shape, bool)
    instants, offsets = transitions(zone, int(local_us.min()) - 2 * DAY_US, int(local_us.max()) + 2 * DAY_US)
    before, after = offsets[:-1], offsets[1:]
    # Around each change the clock shows [doubtful, settled) never or twice; from `settled` on the new offset holds.
    doubtful = np.append(instants + np.minimum(before, after), _FOREVER)
    settled = instants + np.maximum(before, after)
    following = np.searchsorted(settled, local_us, side="right")
    in_doubt = local_us >= doubtful[following]
    forward = np.append(after > before, False)[following]
    return local_us - offsets[following], in_doubt & forward, in_doubt & ~forward


def local_day(utc_us: np.ndarray, zone: str) -> np.ndarray:
    """The calendar day of ``zone`` at each UTC instant: int32 days since 1970-01-01."""
    return (to_local(utc_us, zone) // DAY_US).astype(np.int32)


@lru_cache(maxsize=4096)
def midnight_us(day: date, zone: str) -> int:
    """The start of a local day, as UTC microseconds: midnight, or the end of a gap that swallows it."""
    wall = np.array([(day - _EPOCH.date()).days * DAY_US], dtype=np.int64)
    return int(to_utc(wall, zone)[0][0])


def microseconds(values: np.ndarray) -> np.ndarray:
    """``values`` as int64. TypeError for anything but integers: the unit of another type would be a guess."""
    values = np.asarray(values)
    if values.dtype.kind not in "iu":
        raise TypeError(f"integer microseconds are needed, not {values.dtype}")
    return values.astype(np.int64, copy=False)


@lru_cache(maxsize=256)
def _offset_changes(zone: str, first_year: int, last_year: int) -> tuple[np.ndarray, np.ndarray]:
    """All changes of offset in the given years (both included), as :func:`transitions` returns them; read only."""
    info = ZoneInfo(zone)
    seconds = _sampled_seconds(first_year, last_year)
    samples = [_offset(info, second) for second in seconds]
    changed = [index for index in range(1, len(samples)) if samples[index] != samples[index - 1]]
    instants = [_first_second_after(info, seconds[index - 1], seconds[index]) for index in changed]
    found = (
        np.array(instants, dtype=np.int64) * 1_000_000,
        np.array([samples[0], *(samples[index] for index in changed)], dtype=np.int64),
    )
    for array in found:
        array.setflags(write=False)
    return found


def _sampled_seconds(first_year: int, last_year: int) -> list[int]:
    """UTC seconds close enough together that no two changes of offset fall between neighbours."""
    first, last = _second(first_year), _second(last_year + 1)
    tables_end = min(max(first, _second(_RULES_ONLY_FROM)), last)
    return [*range(first, tables_end, _DAY_S), *range(tables_end, last, 14 * _DAY_S), last]


def _first_second_after(info: ZoneInfo, low: int, high: int) -> int:
    """The second after ``low`` and up to ``high`` from which the offset is no longer the one at ``low``."""
    before = _offset(info, low)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(info, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(info: ZoneInfo, second: int) -> int:
    """The zone's offset from UTC in microseconds at a UTC second."""
    offset = (_EPOCH + timedelta(seconds=second)).astimezone(info).utcoffset()
    return offset // timedelta(microseconds=1)


def _second(year: int) -> int:
    """The UTC second at which a year begins."""
    return (datetime(year, 1, 1, tzinfo=UTC) - _EPOCH) // timedelta(seconds=1)


def _year(instant_us: int) -> int:
    """The UTC year of an instant, which must leave room for an offset on either side."""
    try:
        year = (_EPOCH + timedelta(microseconds=instant_us)).year
    except OverflowError:
        year = 0
    if not 2 <= year <= 9998:
        raise ValueError(f"{instant_us} us is not an instant in the years 2 to 9998 (a missing value?)")
    return year
