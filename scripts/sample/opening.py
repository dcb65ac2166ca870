"""Opening hours on a time line: business seconds between two instants, and the instant some business seconds later.

Instants are whole seconds since 1970 in UTC. Written apart from the product's own clock on purpose: the sample's
truth must not lean on the code that it tests.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sample.world import Team

FIRST_DAY, LAST_DAY = date(2025, 3, 1), date(2026, 9, 1)  # beyond both ends, so that nothing falls off


class Opening:
    """The spans in which a team is open, with the open seconds before each."""

    def __init__(self, team: Team) -> None:
        self.zone = ZoneInfo(team.zone)
        spans = sorted(self._spans(team))
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.before = [0]
        for start, end in spans:
            self.before.append(self.before[-1] + end - start)

    def _spans(self, team: Team) -> Iterator[tuple[int, int]]:
        day = FIRST_DAY
        while day < LAST_DAY:
            for start, end in team.open_on(day):
                yield self.instant(day, start), self.instant(day, end)
            day += timedelta(days=1)

    def instant(self, day: date, hour: float, second: int = 0) -> int:
        """The instant of a local wall time; ``hour`` may have a fraction."""
        wall = datetime.combine(day, time(int(hour), int(hour % 1 * 60)), self.zone)
        return int(wall.timestamp()) + second

    def local(self, instant: int) -> datetime:
        """The team's wall clock at an instant."""
        return datetime.fromtimestamp(instant, self.zone)

    def elapsed(self, instant: int) -> int:
        """Open seconds from the beginning of time up to an instant."""
        index = bisect_right(self.starts, instant)
        if index == 0:
            return 0
        return self.before[index - 1] + min(instant, self.ends[index - 1]) - self.starts[index - 1]

    def seconds(self, start: int, end: int) -> int:
        """Business seconds between two instants."""
        return self.elapsed(end) - self.elapsed(start)

    def is_open(self, instant: int) -> bool:
        """True when the team is at work."""
        index = bisect_right(self.starts, instant) - 1
        return index >= 0 and instant < self.ends[index]

    def later(self, instant: int, seconds: float) -> int:
        """The instant this many business seconds later; always inside opening hours."""
        goal = self.elapsed(instant) + max(int(seconds), 1)
        index = bisect_right(self.before, goal - 1) - 1
        return self.starts[index] + goal - self.before[index]

    def last_working_day(self, year: int, month: int) -> date:
        """The last weekday of a month on which the team is open."""
        day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        while day.weekday() > 4 or not self.is_open(self.instant(day, 15)):
            day -= timedelta(days=1)
        return day
