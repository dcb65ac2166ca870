"""Where a series of periods is going: a robust line through its values, and how far that line may be trusted ahead.

In come one value per period, in order, on a scale on which equal steps mean equal things; out come the slope with its
limits and, for a place ahead, the value to expect there with the limits of a single new value. One odd period hardly
moves the line. It knows no calendar, no measure and no target.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from auditkit.stats.control import RUN_LENGTH
from auditkit.stats.numeric import normal_quantile, tail

SHORTEST_LEVEL = 3  # values that make a level of their own
FEWEST = 3  # values that make a line with anything left to tell its scatter
_EFFICIENCY = 3 / np.pi  # of the Theil-Sen slope against least squares, for normal errors at equal steps (Sen 1968)


@dataclass(frozen=True)
class Trend:
    """A line through ``n`` values: ``intercept`` at place 0, ``slope`` with its limits, ``scatter`` around it.

    Everything is in the unit of the values, NaN where there are fewer than 3 of them. ``residuals``, float64, has one
    entry per place, NaN where there was no value.
    """

    slope: float
    low: float
    high: float
    intercept: float
    scatter: float
    n: int
    middle: float
    spread: float
    residuals: np.ndarray = field(compare=False)

    @property
    def is_certain(self) -> bool:
        """Whether the limits of the slope leave none at all outside."""
        return self.low > 0 or self.high < 0


def theil_sen(values, level: float = 0.95) -> Trend:
    """The line of the median slope through values at the places 0, 1, 2 ...; NaN for a place without a value.

    Slope: the median of (y_j - y_i) / (j - i) over all pairs. Its limits: the slopes of rank (N - c) / 2 and
    (N + c) / 2 + 1 of the N, with c = z sqrt(Var S) and Kendall's variance of S, corrected for ties in y. Intercept:
    the median of y_i - slope i. Scatter: sqrt(sum of squared residuals / (n - 2)). Assumes independent errors: values
    that hang together from period to period look surer than they are.
    Source: Theil 1950; Sen 1968, Journal of the American Statistical Association 63, 1379-1389. Checked against
    ``scipy.stats.theilslopes``; here on the data of Sen's example, with gaps where he has no value.

    >>> values = np.full(19, np.nan)
    >>> values[[1, 2, 3, 4, 10, 12, 18]] = 9, 15, 19, 20, 45, 55, 78
    >>> line = theil_sen(values)
    >>> print(f"{line.slope:.2f} {line.low:.2f} {line.high:.2f} {line.intercept:.2f}")
    4.00 3.71 4.38 6.00
    """
    values = np.asarray(values, dtype=np.float64).ravel()
    places = np.flatnonzero(~np.isnan(values))
    y, n = values[places], places.size
    if n < FEWEST:
        return Trend(*[np.nan] * 5, n, np.nan, np.nan, np.full(values.size, np.nan))
    first, second = np.triu_indices(n, 1)
    slopes = np.sort((y[second] - y[first]) / (places[second] - places[first]))
    slope = float(np.median(slopes))
    low, high = _limits(slopes, y, level)
    intercept = float(np.median(y - slope * places))
    residuals = values - intercept - slope * np.arange(values.size)
    scatter = float(np.sqrt(np.nansum(residuals**2) / (n - 2)))
    middle = float(places.mean())
    return Trend(slope, low, high, intercept, scatter, n, middle, float(((places - middle) ** 2).sum()), residuals)


def projected(trend: Trend, places, level: float = 0.95, least_scatter: float = 0.0) -> tuple[np.ndarray, ...]:
    """What the line expects at ``places``, with the limits of a single new value there (value, low, high).

    value ± t s sqrt(1 + 1/n + (place - middle)^2 / (e Sxx)), t with n - 2 degrees of freedom: the limits of a
    prediction from a line (Draper & Smith 1998, Applied Regression Analysis, chapter 3), where e = 3/pi is what the
    median slope is worth beside least squares. s is the scatter, and no less than ``least_scatter`` (that of the
    figures themselves, where it is known). Assumes that what moved the values goes on as it was. Checked against
    drawn series: limits of 95 % hold the new value 94 to 95 times of 100, for normal, Student's (5) and Laplace
    errors, 8 to 13 values, 1 to 12 ahead.

    >>> line = theil_sen([1.0, 2.1, 2.9, 4.0, 5.1, 6.0])
    >>> print(*(f"{one:.2f}" for one in projected(line, 9)))
    10.00 9.54 10.46
    """
    from scipy.special import stdtrit

    places = np.asarray(places, dtype=np.float64)
    value = trend.intercept + trend.slope * places
    if not trend.n > 2:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    scatter = max(trend.scatter, least_scatter)
    reach = np.sqrt(1 + 1 / trend.n + (places - trend.middle) ** 2 / (_EFFICIENCY * trend.spread))
    half = -stdtrit(trend.n - 2, tail(level)) * scatter * reach
    return value, value - half, value + half


def departs(trend: Trend, values, least_scatter: float = 0.0) -> bool:
    """Whether the values did not move along their line: two levels, each of 3 values or more, leave less than half of
    its squared residuals, or 7 values in a row lie on one side of it.

    Scatter no larger than ``least_scatter`` is what the figures themselves leave open, and departs from nothing. Of
    lines with normal errors 1 to 4 of 100 are said to depart for 13 values, up to 16 for 8 (drawn series); of steps as
    high as 5 times their scatter, 83.

    >>> step = [5.0, 5.2, 5.1, 4.9, 5.0, 8.1, 8.0, 7.9, 8.2, 8.0]
    >>> departs(theil_sen(step), step), departs(theil_sen([1, 2.2, 2.9, 4.1, 5]), [1, 2.2, 2.9, 4.1, 5])
    (True, False)
    """
    if not trend.scatter > least_scatter:
        return False
    known = ~np.isnan(trend.residuals)
    there, residuals = np.asarray(values, dtype=np.float64)[known], trend.residuals[known]
    cuts = range(SHORTEST_LEVEL, there.size - SHORTEST_LEVEL + 1)
    two_levels = min((there[:cut].var() * cut + there[cut:].var() * (there.size - cut) for cut in cuts), default=np.inf)
    runs = [sum(1 for _ in group) for sign, group in groupby(np.sign(residuals)) if sign]
    return bool(two_levels < (residuals**2).sum() / 2 or max(runs, default=0) >= RUN_LENGTH)


def _limits(slopes: np.ndarray, y: np.ndarray, level: float) -> tuple[float, float]:
    """The limits of the slope among the sorted slopes of all pairs."""
    n, pairs = y.size, slopes.size
    _, ties = np.unique(y, return_counts=True)
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    reach = normal_quantile(level) * np.sqrt(variance)
    low = max(int(np.round((pairs - reach) / 2)) - 1, 0)
    high = min(int(np.round((pairs + reach) / 2)), pairs - 1)
    return float(slopes[low]), float(slopes[high])
