"""The weeks around a change: whole ones, counted from its day both ways, so that none lies across it.

In come the day of the change and the days that can be looked at, out go periods of seven days, or of twenty-eight where
weeks hold too few rows. Every weekday is in each of them once, or four times, so that weekends trouble no comparison.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from auditkit.clocks.period import Period, span

WEEK, FOUR_WEEKS = 7, 28
LONGEST_BEFORE, LONGEST_AFTER = timedelta(days=728), timedelta(days=364)
FEWEST = {WEEK: (8, 4), FOUR_WEEKS: (6, 3)}  # periods before and after without which nothing is concluded


@dataclass(frozen=True)
class Window:
    """The periods, each of ``days`` days; the change took effect at the beginning of period ``at``."""

    periods: tuple[Period, ...]
    at: int
    days: int

    @property
    def before(self) -> int:
        """How many lie before the change."""
        return self.at

    @property
    def after(self) -> int:
        """How many lie after it."""
        return len(self.periods) - self.at

    @property
    def first(self) -> date:
        """The first day looked at."""
        return self.periods[0].start

    @property
    def end(self) -> date:
        """The first day no longer looked at."""
        return self.periods[-1].end


def window(day: date, days: int, first: date, end: date) -> Window:
    """The whole periods of so many days from ``first`` to before ``end``, counted from ``day``."""
    first, end = max(first, day - LONGEST_BEFORE), min(end, day + LONGEST_AFTER)
    before, after = max((day - first).days // days, 0), max((end - day).days // days, 0)
    begins = [day + timedelta(days=days * number) for number in range(-before, after)]
    return Window(tuple(span(begin, begin + timedelta(days=days)) for begin in begins), before, days)
