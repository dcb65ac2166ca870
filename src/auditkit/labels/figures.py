"""Figures by their unit: shares, rates, scores and counts, with the digits that their intervals justify.

In come values in the units of measures (shares in 0..1, seconds, counts) with their limits, out go short texts.
Nothing here knows measures or tables.
"""

from __future__ import annotations

from auditkit.labels.durations import Durations
from auditkit.labels.numbers import NOTHING, SPACE, half_up, half_width, known

PER_THOUSAND = "per 1,000"  # a unit's name in the catalogue of measures
COARSE_RATE = 5  # half-width of an interval, per thousand, from which a decimal of the rate says nothing
COARSE_SHARE = 0.05  # half-width of an interval from which a decimal of a percentage says nothing


class Figures(Durations):
    """Figures for one reader."""

    def share(self, value: float | None, low: float | None = None, high: float | None = None) -> str:
        """A share of 0..1 as a percentage; its interval settles the decimals.

        Only nothing is 0 % and only all is 100 %: what lies between stays visibly between.

        >>> Figures().share(0.8108), Figures().share(0.81, 0.70, 0.89), Figures().share(0.9998)
        ('81.1\xa0%', '81\xa0%', '>\xa099.9\xa0%')
        """
        if not known(value):
            return NOTHING
        decimals = 0 if half_width(low, high) > COARSE_SHARE else 1
        smallest = 10.0**-decimals
        if 0 < value < 1 and half_up(100 * value, decimals) == 100:
            return f">{SPACE}{self.number(100 - smallest, decimals)}{SPACE}%"
        if 0 < value < 1 and half_up(100 * value, decimals) == 0:
            return f"<{SPACE}{self.number(smallest, decimals)}{SPACE}%"
        return f"{self.number(100 * value, decimals)}{SPACE}%"

    def percent(self, value: float | None) -> str:
        """A share as a whole percentage, for axes and targets: as many decimals as it has, at most one."""
        if not known(value):
            return NOTHING
        whole = abs(100 * value - round(100 * value)) < 1e-6
        return f"{self.number(100 * value, 0 if whole else 1)}{SPACE}%"

    def points(self, difference: float | None, coarse: bool = False) -> str:
        """A difference of two shares, in percentage points, with its sign."""
        if not known(difference):
            return NOTHING
        return self.say("{difference}\u00a0points", difference=self.signed(100 * difference, 0 if coarse else 1))

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
        if not known(value):
            return NOTHING
        if is_net(unit, statistic):
            return self.signed(100 * value, 0 if half_width(low, high) >= 0.02 else 1)
        if unit == "share":
            return self.share(value, low, high)
        if unit == "seconds":
            return self.duration(value, half_width(low, high), business)
        if unit in ("ratio", "coefficient"):
            return self.number(value, 2)
        if unit == PER_THOUSAND:
            rate = self.number(value, 0 if half_width(low, high) >= COARSE_RATE else 1)
            return self.say("{rate}\u00a0per {thousand}", rate=rate, thousand=1000)
        if statistic == "net":
            return self.signed(value)
        if statistic in ("count", "max", ""):
            return self.number(value, 0 if value == round(value) else 1)
        return self.number(value, 1 if half_width(low, high) >= 0.25 or statistic in ("median", "p90") else 2)

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
        if not known(low) and not known(high):
            return NOTHING
        if unit == "seconds" and known(low) and known(high):
            return self.duration_interval(low, high, business)
        ends = (low, high) if half is None else (-half, half)
        lower, upper = (self.value(unit, limit, *ends, statistic=statistic, business=business) for limit in (low, high))
        if not known(low):
            return self.say("up to {upper}", upper=upper)
        if not known(high):
            return self.say("from {lower}", lower=lower)
        if statistic == "net" or unit == "coefficient":  # they may be negative: a dash would read as a minus
            return self.reach(lower, upper)
        first, last = lower.split(SPACE), upper.split(SPACE)
        if len(first) == len(last) and len(first) > 1 and first[1:] == last[1:] and first[0] not in "<>":
            return f"{first[0]}–{upper}"
        together = len(first) == len(last) == 1
        return f"{lower}–{upper}" if together else f"{lower} – {upper}"

    def reach(self, lower: str, upper: str) -> str:
        """Two figures as the ends of a range, where a dash would read as a minus."""
        return self.say("{lower} to {upper}", lower=lower, upper=upper)

    def bound(self, unit: str, value: float | None, *, statistic: str = "", business: bool = False) -> str:
        """A target's value, as short as it can be said."""
        if not known(value):
            return NOTHING
        if unit == "seconds":
            return self.duration_short(value, business)
        if is_net(unit, statistic):
            return self.signed(100 * value)
        if unit == "share":
            return self.percent(value)
        return self.number(value, 0 if value == round(value) else 2)


def is_net(unit: str, statistic: str) -> bool:
    """Whether the figure is a net share (-1..1), printed times a hundred with its sign."""
    return unit == "net" or (statistic == "net" and unit == "share")
