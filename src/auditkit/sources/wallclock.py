"""Wall-clock times to UTC inside DuckDB: the rule of ``zones.to_utc`` as an SQL expression.

In go the name of a column of local microseconds, a zone and the range of the values; out come the expression of the
UTC microseconds and the conditions for times that the clock skipped or showed twice. A zone changes its offset a few
times a year, so the expression is a short binary search, exact to the microsecond, and the rows never leave the
database.
"""

from __future__ import annotations

from dataclasses import dataclass

from auditkit.clocks.zones import DAY_US, transitions


@dataclass(frozen=True)
class WallClock:
    """SQL over one column of local microseconds: the UTC microseconds, and which times are in doubt."""

    utc: str
    skipped: str
    twice: str


def wall_clock(local: str, zone: str, first_us: int, last_us: int) -> WallClock:
    """The expressions for local times between ``first_us`` and ``last_us`` in ``zone``.

    Skipped times count on with the offset before the gap; of times shown twice the first is taken (as in
    ``zones.to_utc``).
    """
    instants, offsets = transitions(zone, first_us - 2 * DAY_US, last_us + 2 * DAY_US)
    changes = [
        (int(instant), int(before), int(after))
        for instant, before, after in zip(instants, offsets[:-1], offsets[1:], strict=True)
    ]
    settled = [instant + max(before, after) for instant, before, after in changes]
    gaps = [(instant + before, instant + after) for instant, before, after in changes if after > before]
    overlaps = [(instant + after, instant + before) for instant, before, after in changes if after < before]
    utc = f"({local} - {_search(local, settled, [int(one) for one in offsets])})"
    return WallClock(utc, _within(local, gaps, first_us, last_us), _within(local, overlaps, first_us, last_us))


def _search(value: str, bounds: list[int], leaves: list[int]) -> str:
    """A binary search as nested CASE: ``leaves[i]`` for values below ``bounds[i]`` and not below the bound before."""
    if not bounds:
        return f"({leaves[0]})"
    middle = len(bounds) // 2
    below = _search(value, bounds[:middle], leaves[: middle + 1])
    above = _search(value, bounds[middle + 1 :], leaves[middle + 1 :])
    return f"CASE WHEN {value} < {bounds[middle]} THEN {below} ELSE {above} END"


def _within(value: str, ranges: list[tuple[int, int]], first_us: int, last_us: int) -> str:
    met = [(start, stop) for start, stop in ranges if start <= last_us and stop > first_us]
    return " OR ".join(f"({value} >= {start} AND {value} < {stop})" for start, stop in met) or "FALSE"
