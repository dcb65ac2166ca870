"""Which periods a report tells of: its own, those before it that the data cover whole, and the same one a year ago."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from auditkit.clocks.period import NEARLY_OVER, Period
from auditkit.store import Store

HISTORY = 13
LATE_START = timedelta(days=7)  # a period whose data begin later than this is no whole period


def history_of(store: Store, team: str, period: Period) -> tuple[tuple[Period, ...], Period | None]:
    """The last thirteen periods that the data cover whole, this one included, and the same one a year ago."""
    covered = store.coverage(team)
    before = [one for one in period.history(HISTORY)[:-1] if one.start + LATE_START >= covered.start]
    year = period.year_before()
    return (*before, period), year if year.start + LATE_START >= covered.start and year != period.previous() else None


def periods_of(history: tuple[Period, ...], year_before: Period | None) -> list[Period]:
    """Every period that a report counts, each once."""
    return list(dict.fromkeys([*history, *([year_before] if year_before else []), history[-1].previous()]))


@dataclass(frozen=True)
class Told:
    """What a team's report tells of: the periods of its history, the same period a year ago, as known at ``as_of``."""

    history: tuple[Period, ...]
    year_before: Period | None
    as_of: datetime

    @property
    def period(self) -> Period:
        """The report's own."""
        return self.history[-1]

    @property
    def periods(self) -> tuple[Period, ...]:
        """Every period that is counted."""
        return tuple(periods_of(self.history, self.year_before))


def told_of(store: Store, team: str, period: Period, as_of: datetime) -> Told:
    """What the report of a team and period tells of."""
    return Told(*history_of(store, team, period), as_of)


def reads_from(store: Store, team: str, period: Period) -> date:
    """The first day of which a team's report of this period tells."""
    return min(one.start for one in periods_of(*history_of(store, team, period)))


def is_partial(period: Period, zone: str, as_of: datetime) -> bool:
    """Whether the period is not over at as_of."""
    return midnight(period.end, zone) - as_of > NEARLY_OVER


def midnight(day: date, zone: str) -> datetime:
    """The instant at which a day begins in a zone, UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
