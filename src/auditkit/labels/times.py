"""Days, periods and instants in words, in the nominative and as the answer to "when?".

In come days and periods, out go texts. Days and the names of months come from the Unicode CLDR; what a language
inflects ("in May 2026" is one word in Finnish) is a message of its own for each month, so that nothing is put
together from pieces of grammar.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from auditkit.clocks.period import Period
from auditkit.labels.numbers import SPACE
from auditkit.labels.sentences import Sentences
from auditkit.languages import locale_of, months, weekdays
from auditkit.translation import N_

_IN_MONTH = (
    N_("in January"),
    N_("in February"),
    N_("in March"),
    N_("in April"),
    N_("in May"),
    N_("in June"),
    N_("in July"),
    N_("in August"),
    N_("in September"),
    N_("in October"),
    N_("in November"),
    N_("in December"),
)
_IN_MONTH_OF_YEAR = (
    N_("in January {year}"),
    N_("in February {year}"),
    N_("in March {year}"),
    N_("in April {year}"),
    N_("in May {year}"),
    N_("in June {year}"),
    N_("in July {year}"),
    N_("in August {year}"),
    N_("in September {year}"),
    N_("in October {year}"),
    N_("in November {year}"),
    N_("in December {year}"),
)
_SINCE_MONTH = (
    N_("since January"),
    N_("since February"),
    N_("since March"),
    N_("since April"),
    N_("since May"),
    N_("since June"),
    N_("since July"),
    N_("since August"),
    N_("since September"),
    N_("since October"),
    N_("since November"),
    N_("since December"),
)
_IN_QUARTER_OF_YEAR = (N_("in Q1 {year}"), N_("in Q2 {year}"), N_("in Q3 {year}"), N_("in Q4 {year}"))


class Times(Sentences):
    """Days, periods and instants for one reader."""

    def day(self, day: date) -> str:
        """A day in words: ``17 May 2026``."""
        from babel.dates import format_date

        return _kept_together(format_date(day, "long", locale_of(self.language)))

    def period(self, period: Period) -> str:
        """A period in words: ``May 2026``, ``Q2 2026``, ``week 18 of 2026``, ``1 March – 17 May 2026``."""
        kind, year = _kind(period), str(period.start.year)
        if kind == "week":
            return self.say("week\u00a0{number} of {year}", number=_week(period), year=period.label[:4])
        if kind == "quarter":
            return self.say("Q{number}\u00a0{year}", number=_quarter(period), year=year)
        if kind == "month":
            return self._skeleton("yMMMM", period.start)
        return year if kind == "year" else self._span(period.start, period.end - timedelta(days=1))

    def period_short(self, period: Period, year: bool = True) -> str:
        """A period for a table's head: ``Sep 2026`` for months, else as in words. Without ``year``: ``September``."""
        if _kind(period) != "month":
            return self.period(period)
        if not year:
            return self.month(period.start.month)
        short = months(self.language, short=True)[period.start.month - 1]
        if self.language == "en":
            return f"{short}{SPACE}{period.start.year}"
        return self._skeleton("yMMM", period.start).removesuffix(f"{SPACE}года")

    def _span(self, first: date, last: date) -> str:
        if first == last:
            return self.day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{self._skeleton('d', first)}–{self.day(last)}"
        begin = self._skeleton("MMMMd", first) if first.year == last.year else self.day(first)
        return f"{begin} – {self.day(last)}"

    def within(self, period: Period, year: bool = True) -> str:
        """When: ``in May 2026``, ``on 17 May 2026``, ``during 1–17 May 2026``; ``in May`` without its ``year``.

        >>> from auditkit.clocks.period import parse_period
        >>> Times().within(parse_period("2026-05")), Times().within(parse_period("2026-05"), year=False)
        ('in May\xa02026', 'in May')
        """
        kind, number = _kind(period), str(period.start.year)
        if kind == "month" and not year:
            return self.tell(_IN_MONTH[period.start.month - 1])
        if kind == "month":
            return _year_kept(self.say(_IN_MONTH_OF_YEAR[period.start.month - 1], year=number), number)
        if kind == "quarter":
            return _year_kept(self.say(_IN_QUARTER_OF_YEAR[int(_quarter(period)) - 1], year=number), number)
        if kind == "week":
            return self.say("in week\u00a0{number} of {year}", number=_week(period), year=period.label[:4])
        if kind == "year":
            return self.say("in {year}", year=number)
        if period.days == 1:
            return self.say("on {day}", day=self.day(period.start))
        return self.say("during {days}", days=self.period(period))

    def since(self, period: Period) -> str:
        """From when on: ``since May`` for a month, else ``since the period before (Q2 2026)``."""
        if _kind(period) == "month":
            return self.tell(_SINCE_MONTH[period.start.month - 1])
        return self.say("since the period before ({period})", period=self.period(period))

    def instant(self, instant: datetime) -> str:
        """An instant in the reader's zone, with the zone's name."""
        from babel.dates import format_time

        local = instant.astimezone(ZoneInfo(self.zone))
        clock = format_time(local.time(), "short", locale=locale_of(self.language))
        return self.say("{day} at {time} ({zone})", day=self.day(local.date()), time=clock, zone=self.zone)

    def moment(self, instant: datetime) -> str:
        """An instant in the reader's zone, short enough for a table: ``4 May 2026, 13:05``."""
        from babel.dates import format_time

        local = instant.astimezone(ZoneInfo(self.zone))
        return f"{self.day(local.date())}, {format_time(local.time(), 'short', locale=locale_of(self.language))}"

    def weekday(self, number: int) -> str:
        """The name of a weekday; 1 is Monday."""
        return weekdays(self.language)[number - 1]

    def month(self, number: int, short: bool = False) -> str:
        """The name of a month as it stands by itself; 1 is January."""
        return months(self.language, short)[number - 1]

    def axis(self, periods: Sequence[Period]) -> list[str]:
        """Short names of periods along an axis; the year stands under the first one and where it changes."""
        names = []
        for place, period in enumerate(periods):
            new_year = place == 0 or periods[place - 1].start.year != period.start.year
            year = "" if _kind(period) == "year" else str(period.start.year)
            names.append(self._axis_name(period) + (f"\n{year}" if new_year else ""))
        return names

    def _axis_name(self, period: Period) -> str:
        kind = _kind(period)
        if kind == "week":
            return self.say("W{number}", number=_week(period))
        if kind == "quarter":
            return self.say("Q{number}", number=_quarter(period))
        if kind == "month":
            return self.month(period.start.month, short=True)
        return str(period.start.year) if kind == "year" else self._axis_day(period.start)

    def _axis_day(self, day: date) -> str:
        if self.language == "en":
            return f"{day.day} {self.month(day.month, short=True)}"
        return self._skeleton("MMMd", day)

    def _skeleton(self, parts: str, day: date) -> str:
        from babel.dates import format_skeleton

        return _kept_together(format_skeleton(parts, day, locale=locale_of(self.language)))

    def write(self, value: Any) -> str:
        """As in sentences, and days, instants and periods as well."""
        for kind, write in ((datetime, self.instant), (date, self.day), (Period, self.period)):
            if isinstance(value, kind):
                return write(value)
        return super().write(value)


def _kind(period: Period) -> str:
    """``month``, ``quarter``, ``week``, ``year`` or ``days``, by the way in which the period is written."""
    label = period.label
    if "W" in label:
        return "week"
    if "Q" in label:
        return "quarter"
    return {7: "month", 4: "year"}.get(len(label), "days")


def _week(period: Period) -> str:
    return str(int(period.label[6:]))


def _quarter(period: Period) -> str:
    return period.label[-1]


def _kept_together(text: str) -> str:
    """The date on one line, and without an abbreviation whose full stop would end a sentence (Russian ``2026 г.``)."""
    whole = text.replace("\u202f", " ").replace("\u00a0", " ").replace(" г.", " года")
    return whole.replace(" ", SPACE)


def _year_kept(text: str, year: str) -> str:
    """The text with its year kept on the line of the word before it."""
    return text.replace(f" {year}", f"{SPACE}{year}")
