"""Periods: half-open spans of whole days, ``start <= day < end``, in the team's own time zone.

A period is written 2024, 2024-Q2, 2024-05, 2024-W18, 2024-05-17 or 2024-05-01..2024-05-17 (both days included). It
knows no time zone: which instants belong to it is settled by the local day of each row, which is stored with the
facts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from auditkit.errors import Problem, UsageError

NEARLY_OVER = timedelta(hours=12)  # data that end this close to midnight cover the day
FORMS = "2024, 2024-Q2, 2024-05, 2024-W18, 2024-05-17, 2024-05-01..2024-05-17 or last-month"


@dataclass(frozen=True, order=True)
class Period:
    """A span of days: ``start`` is in it, ``end`` is the first day after it; ``label`` is how it is written."""

    start: date
    end: date
    label: str

    def __str__(self) -> str:
        return self.label

    @property
    def days(self) -> int:
        """Number of days in the period."""
        return (self.end - self.start).days

    def each_day(self) -> list[date]:
        """Every day of the period, in order."""
        return [self.start + timedelta(days=number) for number in range(self.days)]

    def previous(self) -> Period:
        """The period of the same kind just before this one."""
        if re.fullmatch(r"\d{4}", self.label):
            return parse_period(f"{self.start.year - 1:04d}")
        if "Q" in self.label:
            return quarter_of(self.start - timedelta(days=1))
        if re.fullmatch(r"\d{4}-\d\d", self.label):
            return month_of(self.start - timedelta(days=1))
        if "W" in self.label:
            return week_of(self.start - timedelta(days=1))
        return span(self.start - timedelta(days=self.days), self.start)

    def year_before(self) -> Period:
        """The same period one year earlier (the same ISO week for a week)."""
        year = self.start.year - 1
        if "W" in self.label:
            iso = self.start.isocalendar()
            last_week = date(iso.year - 1, 12, 28).isocalendar().week
            return week_of(date.fromisocalendar(iso.year - 1, min(iso.week, last_week), 1))
        if ".." in self.label or re.fullmatch(r"\d{4}-\d\d-\d\d", self.label):
            last = self.end - timedelta(days=1)
            last_before = _same_day(last, year + last.year - self.start.year)
            return span(_same_day(self.start, year), last_before + timedelta(days=1))
        return parse_period(self.label.replace(str(self.start.year), str(year), 1))

    def history(self, count: int) -> list[Period]:
        """The last ``count`` periods of this kind, oldest first, this one last."""
        periods = [self]
        while len(periods) < count:
            periods.append(periods[-1].previous())
        return periods[::-1]


def parse_period(text: str, last_complete_day: date | None = None) -> Period:
    """Read a period as users write it.

    ``last_complete_day`` is what ``last-month`` counts from: the last whole day that the data cover.
    Raises UsageError with the forms that are understood.
    """
    text = text.strip()
    if text == "last-month" and last_complete_day is not None:
        return last_complete_month(last_complete_day)
    try:
        return _parse(text)
    except (ValueError, OverflowError):
        raise UsageError(
            Problem(f"period {text!r}", "is not a period", FORMS, "Write it in one of these forms.")
        ) from None


def last_complete_day(as_of: datetime, zone: str) -> date:
    """The last day that is over in ``zone`` at ``as_of``, or nearly so."""
    return (as_of + NEARLY_OVER).astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def last_complete_month(last_complete_day: date) -> Period:
    """The last calendar month that is over on ``last_complete_day`` (that day included)."""
    tomorrow = last_complete_day + timedelta(days=1)
    return month_of(tomorrow.replace(day=1) - timedelta(days=1))


def month_of(day: date) -> Period:
    """The calendar month that holds ``day``."""
    start = day.replace(day=1)
    return Period(start, (start + timedelta(days=32)).replace(day=1), f"{start.year:04d}-{start.month:02d}")


def quarter_of(day: date) -> Period:
    """The calendar quarter that holds ``day``."""
    quarter = (day.month + 2) // 3
    start = date(day.year, 3 * quarter - 2, 1)
    return Period(start, (start + timedelta(days=93)).replace(day=1), f"{day.year:04d}-Q{quarter}")


def week_of(day: date) -> Period:
    """The ISO week that holds ``day``."""
    iso = day.isocalendar()
    start = date.fromisocalendar(iso.year, iso.week, 1)
    return Period(start, start + timedelta(days=7), f"{iso.year:04d}-W{iso.week:02d}")


def span(start: date, end: date) -> Period:
    """The days from ``start`` up to and without ``end``."""
    last = end - timedelta(days=1)
    return Period(start, end, str(start) if start == last else f"{start}..{last}")


def _parse(text: str) -> Period:
    if match := re.fullmatch(r"(\d{4})", text):
        year = int(match[1])
        return Period(date(year, 1, 1), date(year + 1, 1, 1), text)
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return quarter_of(date(int(match[1]), 3 * int(match[2]), 1))
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return month_of(date(int(match[1]), int(match[2]), 1))
    if match := re.fullmatch(r"(\d{4})-W(\d\d)", text):
        return week_of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = date.fromisoformat(text)
        return span(day, day + timedelta(days=1))
    if match := re.fullmatch(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)", text):
        start, last = date.fromisoformat(match[1]), date.fromisoformat(match[2])
        if last < start:
            raise ValueError(text)
        return span(start, last + timedelta(days=1))
    raise ValueError(text)


def _same_day(day: date, year: int) -> date:
    """The same day in another year; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
