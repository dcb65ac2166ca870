"""Durations as people read them: the two units that suit, and no more digits than the interval justifies.

In come seconds, out go texts such as ``3 min 12 s`` and ``1:58–2:14 h``. A no-break space keeps number and unit
together. Business time stays in hours: a "day" of it would be ambiguous.
"""

from __future__ import annotations

from auditkit.labels.numbers import MINUS, NOTHING, SPACE, half_up, known
from auditkit.labels.sentences import Sentences
from auditkit.languages import decimal_mark

MINUTE, HOUR, DAY = 60, 3600, 86400
BUSINESS_HOURS_BELOW = 100  # business time is told in hours: a "day" of it would be ambiguous


class Durations(Sentences):
    """Durations for one reader."""

    @property
    def seconds(self) -> str:
        """The sign of seconds."""
        return self.say_in("unit of time", "s")

    @property
    def minutes(self) -> str:
        """The sign of minutes."""
        return self.say_in("unit of time", "min")

    @property
    def hours(self) -> str:
        """The sign of hours."""
        return self.say_in("unit of time", "h")

    @property
    def days(self) -> str:
        """The sign of days."""
        return self.say_in("unit of time", "d")

    def duration(self, seconds: float | None, half_width: float = 0.0, business: bool = False) -> str:
        """Seconds in the two units that suit: ``45 s``, ``3 min 12 s``, ``2 h 05 min``, ``3.4 d``.

        ``half_width`` of the interval, in seconds, drops the smaller unit when it says nothing. ``business`` time stays
        in hours.

        >>> Durations().duration(7500), Durations().duration(293760), Durations().duration(293760, business=True)
        ('2\xa0h\xa005\xa0min', '3.4\xa0d', '81\xa0h\xa036\xa0min')
        """
        if not known(seconds):
            return NOTHING
        sign, seconds = (MINUS if seconds < 0 else ""), abs(seconds)
        if half_up(seconds, 0) < MINUTE:
            decimals = 1 if seconds < 10 and seconds != round(seconds) else 0
            return f"{sign}{self.number(seconds, decimals)}{SPACE}{self.seconds}"
        if half_up(seconds, 0) < HOUR:
            return sign + self._pair(seconds, MINUTE, 1, self.minutes, self.seconds, half_width >= MINUTE)
        if (half_up(seconds / MINUTE, 0) * MINUTE < DAY) or business:
            coarse = half_width >= 2 * HOUR or seconds >= BUSINESS_HOURS_BELOW * HOUR
            return sign + self._pair(seconds, HOUR, MINUTE, self.hours, self.minutes, coarse)
        days = seconds / DAY
        decimals = 0 if days >= 30 or half_width >= 5 * DAY else 1
        return f"{sign}{self.number(days, decimals)}{SPACE}{self.days}"

    def _pair(self, seconds: float, unit: int, smaller: int, name: str, smaller_name: str, coarse: bool) -> str:
        if coarse:
            return f"{self.number(seconds / unit)}{SPACE}{name}"
        whole, rest = divmod(int(half_up(seconds / smaller, 0)), unit // smaller)
        return f"{self.number(whole)}{SPACE}{name}{SPACE}{rest:02d}{SPACE}{smaller_name}"

    def duration_short(self, seconds: float | None, business: bool = False) -> str:
        """A duration without empty parts, for targets and axes: ``4 h``, ``20 s``, ``1 h 30 min``, ``2 d``."""
        text = self.duration(seconds, business=business)
        for empty in (f"{SPACE}00{SPACE}{self.seconds}", f"{SPACE}00{SPACE}{self.minutes}"):
            text = text.removesuffix(empty)
        return text.replace(f"{decimal_mark(self.language)}0{SPACE}{self.days}", f"{SPACE}{self.days}")

    def duration_interval(self, low: float, high: float, business: bool = False) -> str:
        """Two durations in the unit that suits the longer: ``45–59 s``, ``3:12–4:05 min``, ``1:58–2:14 h``.

        >>> Durations().duration_interval(7080, 8040), Durations().duration_interval(82800, 164160)
        ('1:58–2:14\xa0h', '1.0–1.9\xa0d')
        """
        half = (high - low) / 2
        if half_up(high, 0) < MINUTE:
            decimals = 1 if high < 10 else 0
            return f"{self.number(low, decimals)}–{self.number(high, decimals)}{SPACE}{self.seconds}"
        if half_up(high, 0) < HOUR:
            return self._clock_interval(low, high, MINUTE, self.minutes, half >= MINUTE)
        if high < DAY or business:
            coarse = half >= 2 * HOUR or high >= BUSINESS_HOURS_BELOW * HOUR
            return self._clock_interval(low, high, HOUR, self.hours, coarse)
        decimals = 0 if half >= 5 * DAY or high >= 30 * DAY else 1
        return f"{self.number(low / DAY, decimals)}–{self.number(high / DAY, decimals)}{SPACE}{self.days}"

    def _clock_interval(self, low: float, high: float, unit: int, name: str, coarse: bool) -> str:
        if coarse:
            return f"{self.number(low / unit)}–{self.number(high / unit)}{SPACE}{name}"
        ends = (divmod(int(half_up(60 * end / unit, 0)), 60) for end in (low, high))
        return "–".join(f"{whole}:{rest:02d}" for whole, rest in ends) + f"{SPACE}{name}"
