"""Labels: numbers, durations, periods and instants as people read them. The one place where anything is rounded.

In come bare figures (shares in 0..1, seconds, counts) with their intervals, out go short texts. The interval decides
how many digits a figure deserves. A no-break space keeps a number and its unit together, thousands are parted by a
narrow one, and nothing at all is a dash. Words and number signs come from languages.py. Nothing here knows measures
or tables.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from auditkit.languages import decimal_mark, locale_of, months, own_name, weekdays
from auditkit.period import Period
from auditkit.translation import Said, Shown, catalogue

NOTHING = "–"
SPACE = "\u00a0"
THIN = "\u202f"
MINUS = "−"
MINUTE, HOUR, DAY = 60, 3600, 86400
BUSINESS_HOURS_BELOW = 100  # business time is told in hours: a "day" of it would be ambiguous
PER_THOUSAND = "per 1,000"
COARSE_RATE = 5  # half-width of an interval, per thousand, from which a decimal of the rate says nothing
COARSE_SHARE = 0.05  # half-width of an interval from which a decimal of a percentage says nothing


@dataclass(frozen=True)
class Labels:
    """Formats for one reader: ``language`` (one of :data:`AVAILABLE`) and the time ``zone`` (IANA name) of instants."""

    language: str = "en"
    zone: str = "UTC"

    @property
    def language_name(self) -> str:
        """The language in its own words."""
        return own_name(self.language)

    # Sentences -------------------------------------------------------------------------------------------------------

    def say(self, message: str, /, **values: Any) -> str:
        """A sentence in the reader's language, with its ``{placeholders}`` filled.

        A whole number is written as a count, a day, an instant and a period as dates, several values as a list; what
        was :func:`said` or :func:`shown` elsewhere is told in this language; a text stands as it is. A bare float is
        refused: say how it is to be written.

        >>> Labels().say("{team} has {count} tickets", team="Oslo", count=1200)
        'Oslo has 1\u202f200 tickets'
        """
        return self._filled(catalogue(self.language).gettext(message), values)

    def say_in(self, context: str, message: str, /, **values: Any) -> str:
        """As :meth:`say`, for a short text whose translation depends on where it stands."""
        return self._filled(catalogue(self.language).pgettext(context, message), values)

    def say_n(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """A sentence with a count in it, ``{count}``, in the form that the language has for such a number.

        The space after the count does not break, so that a number never stands without what it counts.

        >>> Labels().say_n("{count} ticket", "{count} tickets", 1)
        '1\xa0ticket'
        """
        message = catalogue(self.language).ngettext(one, many, count).replace("{count} ", f"{{count}}{SPACE}")
        return self._filled(message, {"count": count} | values)

    def tell(self, text: str | None) -> str:
        """What was said or declared in English (:func:`said`, ``N_``), in the reader's language."""
        if not text:
            return ""
        if not isinstance(text, Said):
            return catalogue(self.language).gettext(text)
        if text.many:
            rest = {name: value for name, value in text.values.items() if name != "count"}
            return self.say_n(text.message, text.many, text.values["count"], **rest)
        return self.say(text.message, **text.values)

    def listed(self, words: Sequence[str], last: str = "and") -> str:
        """Words as a list in a sentence, the last one after "and" (or "or").

        >>> Labels().listed(["one", "two", "three"]), Labels("fi").listed(["yksi", "kaksi"], "or")
        ('one, two and three', 'yksi tai kaksi')
        """
        from babel.lists import format_list

        style = "or" if last == "or" else "standard"
        return format_list(
            [self._written("words", one) for one in words],
            style,
            locale_of(self.language),
        )

    def _filled(self, message: str, values: Mapping[str, Any]) -> str:
        if not values:
            return message
        return message.format(**{name: self._written(name, value) for name, value in values.items()})

    def _written(self, name: str, value: Any) -> str:
        if isinstance(value, Said):
            return self.tell(value)
        if isinstance(value, Shown):
            return getattr(self, value.kind)(*value.given)
        if isinstance(value, str):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            return self.count(value)
        if isinstance(value, list | tuple):
            return self.listed([self._written(name, one) for one in value])
        for kind, write in ((datetime, self.instant), (date, self.day), (Period, self.period)):
            if isinstance(value, kind):
                return write(value)
        raise TypeError(f"{name}={value!r}: a text or a whole number; other values are written by Labels first")

    # Numbers ---------------------------------------------------------------------------------------------------------

    def number(self, value: float | None, decimals: int = 0) -> str:
        """A bare number with a true minus and narrow spaces between thousands; a dash for nothing.

        >>> Labels().number(-1234.56, 1)
        '−1\u202f234.6'
        """
        if not _known(value):
            return NOTHING
        text = f"{abs(_half_up(value, decimals)):,.{decimals}f}".replace(",", THIN).replace(
            ".", decimal_mark(self.language)
        )
        return (MINUS if _half_up(value, decimals) < 0 else "") + text

    def count(self, value: float | None) -> str:
        """A whole number of things."""
        return self.number(value)

    def counted(self, value: float | None, plural: str) -> str:
        """A count with its noun, given in the plural.

        >>> Labels().counted(1, "tickets"), Labels().counted(2, "replies")
        ('1\xa0ticket', '2\xa0replies')
        """
        noun = _singular(plural) if value == 1 else plural
        return f"{self.count(value)}{SPACE}{noun}"

    def sample_size(self, *counts: float | None) -> str:
        """What a figure rests on: ``n = 412``, or ``n = 412 and 398`` for a comparison."""
        return f"n{SPACE}={SPACE}{listed([self.count(count) for count in counts])}"

    def signed(self, value: float | None, decimals: int = 0) -> str:
        """A number that always shows its sign, except zero."""
        if not _known(value):
            return NOTHING
        return ("+" if _half_up(value, decimals) > 0 else "") + self.number(value, decimals)

    def share(self, value: float | None, low: float | None = None, high: float | None = None) -> str:
        """A share of 0..1 as a percentage; its interval settles the decimals.

        Only nothing is 0 % and only all is 100 %: what lies between stays visibly between.

        >>> Labels().share(0.8108), Labels().share(0.81, 0.70, 0.89), Labels().share(0.9998)
        ('81.1\xa0%', '81\xa0%', '>\xa099.9\xa0%')
        """
        if not _known(value):
            return NOTHING
        decimals = _share_decimals(low, high)
        smallest = 10.0**-decimals
        if 0 < value < 1 and _half_up(100 * value, decimals) == 100:
            return f">{SPACE}{self.number(100 - smallest, decimals)}{SPACE}%"
        if 0 < value < 1 and _half_up(100 * value, decimals) == 0:
            return f"<{SPACE}{self.number(smallest, decimals)}{SPACE}%"
        return f"{self.number(100 * value, decimals)}{SPACE}%"

    def percent(self, value: float | None) -> str:
        """A share as a whole percentage, for axes and targets: as many decimals as it has, at most one."""
        if not _known(value):
            return NOTHING
        whole = abs(100 * value - round(100 * value)) < 1e-6
        return f"{self.number(100 * value, 0 if whole else 1)}{SPACE}%"

    def points(self, difference: float | None, coarse: bool = False) -> str:
        """A difference of two shares, in percentage points, with its sign."""
        return f"{self.signed(_times(difference, 100), 0 if coarse else 1)}{SPACE}points"

    # Durations -------------------------------------------------------------------------------------------------------

    def duration(self, seconds: float | None, half_width: float = 0.0, business: bool = False) -> str:
        """Seconds in the two units that suit: ``45 s``, ``3 min 12 s``, ``2 h 05 min``, ``3.4 d``.

        ``half_width`` of the interval, in seconds, drops the smaller unit when it says nothing. ``business`` time stays
        in hours.

        >>> Labels().duration(7500), Labels().duration(293760), Labels().duration(293760, business=True)
        ('2\xa0h\xa005\xa0min', '3.4\xa0d', '81\xa0h\xa036\xa0min')
        """
        if not _known(seconds):
            return NOTHING
        sign, seconds = (MINUS if seconds < 0 else ""), abs(seconds)
        if _half_up(seconds, 0) < MINUTE:
            decimals = 1 if seconds < 10 and seconds != round(seconds) else 0
            return f"{sign}{self.number(seconds, decimals)}{SPACE}s"
        if _half_up(seconds, 0) < HOUR:
            return sign + self._pair(seconds, MINUTE, 1, "min", "s", half_width >= MINUTE)
        if (_half_up(seconds / MINUTE, 0) * MINUTE < DAY) or business:
            coarse = half_width >= 2 * HOUR or seconds >= BUSINESS_HOURS_BELOW * HOUR
            return sign + self._pair(seconds, HOUR, MINUTE, "h", "min", coarse)
        days = seconds / DAY
        decimals = 0 if days >= 30 or half_width >= 5 * DAY else 1
        return f"{sign}{self.number(days, decimals)}{SPACE}d"

    def _pair(self, seconds: float, unit: int, smaller: int, name: str, smaller_name: str, coarse: bool) -> str:
        if coarse:
            return f"{self.number(seconds / unit)}{SPACE}{name}"
        whole, rest = divmod(int(_half_up(seconds / smaller, 0)), unit // smaller)
        return f"{self.number(whole)}{SPACE}{name}{SPACE}{rest:02d}{SPACE}{smaller_name}"

    def duration_short(self, seconds: float | None, business: bool = False) -> str:
        """A duration without empty parts, for targets and axes: ``4 h``, ``20 s``, ``1 h 30 min``, ``2 d``."""
        text = self.duration(seconds, business=business)
        for empty in (f"{SPACE}00{SPACE}s", f"{SPACE}00{SPACE}min"):
            text = text.removesuffix(empty)
        return text.replace(f"{decimal_mark(self.language)}0{SPACE}d", f"{SPACE}d")

    # Figures by unit -------------------------------------------------------------------------------------------------

    def value(
        self,
        unit: str,
        value: float | None,
        low: float | None = None,
        high: float | None = None,
        *,
        statistic: str = "",
        business: bool = False,
    ) -> str:
        """A figure of a measure's ``unit``, with the digits that its interval justifies."""
        if not _known(value):
            return NOTHING
        if is_net(unit, statistic):
            return self.signed(100 * value, 0 if _half(low, high) >= 0.02 else 1)
        if unit == "share":
            return self.share(value, low, high)
        if unit == "seconds":
            return self.duration(value, _half(low, high), business)
        if unit in ("ratio", "coefficient"):
            return self.number(value, 2)
        if unit == PER_THOUSAND:
            return f"{self.number(value, 0 if _half(low, high) >= COARSE_RATE else 1)}{SPACE}per {self.count(1000)}"
        if statistic == "net":
            return self.signed(value)
        if statistic in ("count", "max", ""):
            return self.number(value, 0 if value == round(value) else 1)
        return self.number(value, 1 if _half(low, high) >= 0.25 or statistic in ("median", "p90") else 2)

    def interval(
        self,
        unit: str,
        low: float | None,
        high: float | None,
        *,
        statistic: str = "",
        business: bool = False,
        half: float | None = None,
    ) -> str:
        """An interval in a measure's ``unit``: ``79.9–82.2 %``, ``1:58–2:14 h``, ``+18 to +48``.

        A limit that does not exist is left open; with neither there is a dash. ``half`` is the half-width that settles
        the digits, where it is not the interval's own.
        """
        if not _known(low) and not _known(high):
            return NOTHING
        if unit == "seconds" and _known(low) and _known(high):
            return self.duration_interval(low, high, business)
        ends = (low, high) if half is None else (-half, half)
        lower, upper = (self.value(unit, limit, *ends, statistic=statistic, business=business) for limit in (low, high))
        if not _known(low) or not _known(high):
            return f"up to {upper}" if _known(high) else f"from {lower}"
        if statistic == "net" or unit == "coefficient":  # they may be negative: a dash would read as a minus
            return f"{lower} to {upper}"
        first, last = lower.split(SPACE), upper.split(SPACE)
        if len(first) == len(last) == 2 and first[1] == last[1] and first[0] not in "<>":
            return f"{first[0]}–{upper}"
        together = len(first) == len(last) == 1
        return f"{lower}–{upper}" if together else f"{lower} – {upper}"

    def duration_interval(self, low: float, high: float, business: bool = False) -> str:
        """Two durations in the unit that suits the longer: ``45–59 s``, ``3:12–4:05 min``, ``1:58–2:14 h``.

        >>> Labels().duration_interval(7080, 8040), Labels().duration_interval(82800, 164160)
        ('1:58–2:14\xa0h', '1.0–1.9\xa0d')
        """
        half = (high - low) / 2
        if _half_up(high, 0) < MINUTE:
            decimals = 1 if high < 10 else 0
            return f"{self.number(low, decimals)}–{self.number(high, decimals)}{SPACE}s"
        if _half_up(high, 0) < HOUR:
            return self._clock_interval(low, high, MINUTE, "min", half >= MINUTE)
        if high < DAY or business:
            coarse = half >= 2 * HOUR or high >= BUSINESS_HOURS_BELOW * HOUR
            return self._clock_interval(low, high, HOUR, "h", coarse)
        decimals = 0 if half >= 5 * DAY or high >= 30 * DAY else 1
        return f"{self.number(low / DAY, decimals)}–{self.number(high / DAY, decimals)}{SPACE}d"

    def _clock_interval(self, low: float, high: float, unit: int, name: str, coarse: bool) -> str:
        if coarse:
            return f"{self.number(low / unit)}–{self.number(high / unit)}{SPACE}{name}"
        ends = (divmod(int(_half_up(60 * end / unit, 0)), 60) for end in (low, high))
        return "–".join(f"{whole}:{rest:02d}" for whole, rest in ends) + f"{SPACE}{name}"

    def bound(self, unit: str, value: float | None, *, statistic: str = "", business: bool = False) -> str:
        """A target's value, as short as it can be said."""
        if not _known(value):
            return NOTHING
        if unit == "seconds":
            return self.duration_short(value, business)
        if is_net(unit, statistic):
            return self.signed(100 * value)
        if unit == "share":
            return self.percent(value)
        return self.number(value, 0 if value == round(value) else 2)

    # Time ------------------------------------------------------------------------------------------------------------

    def day(self, day: date) -> str:
        """A day in words: ``17 May 2026``."""
        return f"{day.day}{SPACE}{months(self.language)[day.month - 1]}{SPACE}{day.year}"

    def period(self, period: Period) -> str:
        """A period in words: ``May 2026``, ``Q2 2026``, ``week 18 of 2026``, ``1 March – 17 May 2026``."""
        label = period.label
        if "W" in label:
            return f"week{SPACE}{int(label[6:])} of {label[:4]}"
        if "Q" in label:
            return f"{label[5:]}{SPACE}{label[:4]}"
        if len(label) == 7:
            return f"{months(self.language)[period.start.month - 1]}{SPACE}{period.start.year}"
        if len(label) == 4:
            return label
        return self._span(period.start, period.end - timedelta(days=1))

    def period_short(self, period: Period) -> str:
        """A period for a table's head: ``May 2026`` and ``Sep 2026`` for months, else as in words."""
        if len(period.label) == 7 and "W" not in period.label and "Q" not in period.label:
            return f"{self.month(period.start.month, short=True)}{SPACE}{period.start.year}"
        return self.period(period)

    def _span(self, first: date, last: date) -> str:
        if first == last:
            return self.day(first)
        if (first.year, first.month) == (last.year, last.month):
            return f"{first.day}–{self.day(last)}"
        if first.year == last.year:
            return f"{first.day}{SPACE}{months(self.language)[first.month - 1]} – {self.day(last)}"
        return f"{self.day(first)} – {self.day(last)}"

    def within(self, period: Period) -> str:
        """A period in a sentence: ``in May 2026``, ``on 17 May 2026``, ``during 1–17 May 2026``."""
        word = "on" if period.days == 1 else "during" if ".." in period.label else "in"
        return f"{word} {self.period(period)}"

    def instant(self, instant: datetime) -> str:
        """An instant in the reader's zone, with the zone's name."""
        local = instant.astimezone(ZoneInfo(self.zone))
        return f"{self.day(local.date())} at {local:%H:%M} ({self.zone})"

    def weekday(self, number: int) -> str:
        """The name of a weekday; 1 is Monday."""
        return weekdays(self.language)[number - 1]

    def month(self, number: int, short: bool = False) -> str:
        """The name of a month; 1 is January."""
        return months(self.language, short)[number - 1]

    def axis(self, periods: Sequence[Period]) -> list[str]:
        """Short names of periods along an axis; the year stands under the first one and where it changes."""
        names = []
        for place, period in enumerate(periods):
            new_year = place == 0 or periods[place - 1].start.year != period.start.year
            names.append(self._axis_name(period) + (f"\n{self._axis_year(period)}" if new_year else ""))
        return names

    def _axis_name(self, period: Period) -> str:
        label = period.label
        if "W" in label:
            return f"W{int(label[6:])}"
        if "Q" in label:
            return label[5:]
        if len(label) == 7:
            return self.month(period.start.month, short=True)
        if len(label) == 4:
            return label
        return f"{period.start.day} {self.month(period.start.month, short=True)}"

    @staticmethod
    def _axis_year(period: Period) -> str:
        return "" if len(period.label) == 4 else str(period.start.year)


def said(message: str, /, **values: Any) -> Said:
    """A sentence for a reader whose language is not known yet: English now, any language later by :meth:`Labels.tell`.

    Days, periods and instants are written the ISO way in it, since it also goes to logs and to other programs.

    >>> said("no source has the column {column}", column="agent")
    'no source has the column agent'
    """
    return Said(Labels().say(message, **_plain(values)), message, "", values)


def said_n(one: str, many: str, count: int, /, **values: Any) -> Said:
    """As :func:`said`, with a ``{count}``.

    >>> said_n("{count} row is", "{count} rows are", 2)
    '2\xa0rows are'
    """
    return Said(Labels().say_n(one, many, count, **_plain(values)), one, many, {"count": count} | values)


def shown(kind: str, *given: Any) -> Shown:
    """A figure for a sentence that was :func:`said`: written by the method ``kind`` of Labels, in any language.

    >>> shown("share", 0.825, 0.81, 0.84)
    '82.5\xa0%'
    """
    return Shown(getattr(Labels(), kind)(*given), kind, given)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with days, periods and instants (in UTC) in ISO form, and sentences as they were said."""
    return {name: _iso(value) for name, value in values.items()}


def _iso(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_iso(one) for one in value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Period | str) else value


def is_net(unit: str, statistic: str) -> bool:
    """Whether the figure is a net share (-1..1), printed times a hundred with its sign."""
    return unit == "net" or (statistic == "net" and unit == "share")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    words = list(words)
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]


def _singular(plural: str) -> str:
    return f"{plural[:-3]}y" if plural.endswith("ies") else plural.removesuffix("s")


def _known(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _times(value: float | None, factor: float) -> float | None:
    return value * factor if _known(value) else None


def _half(low: float | None, high: float | None) -> float:
    """Half the width of an interval; 0 where there is none."""
    return (high - low) / 2 if _known(low) and _known(high) else 0.0


def _share_decimals(low: float | None, high: float | None) -> int:
    return 0 if _half(low, high) > COARSE_SHARE else 1


def _half_up(value: float, decimals: int) -> float:
    """Rounded half away from zero, as people do; a binary hair below a half counts as the half."""
    scaled = abs(value) * 10**decimals
    return math.copysign(math.floor(scaled + 0.5 + 1e-9), value) / 10**decimals
