"""Whether a series of periods moves more than it always does: the chart of individual values and moving ranges (XmR).

In comes one value per period, in order; out come the natural limits of the process and the points that signal a
change. Most ups and downs from month to month are noise, and this says which are not. It knows no calendar and no
measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Wheeler & Chambers 1992, appendix: 3 / d2 and D4 for ranges of two values (d2 = 1.128).
LIMIT_FACTOR = 2.66
RANGE_FACTOR = 3.267
TRIAL_BELOW = 12
RUN_LENGTH = 7
ROUNDING = 1e-12  # share of the largest value: below this a difference is arithmetic, not movement


@dataclass(frozen=True)
class XmR:
    """Limits of a series and its signals. Mean and limits are in the unit of the values, NaN with fewer than 2 points.

    ``screened``: at least one moving range was left out of ``moving_range``. ``trial``: fewer than 12 points, so the
    limits are provisional and have to be called so. ``signals``: for each value, the names of the rules it is part of.
    """

    mean: float
    lower: float
    upper: float
    moving_range: float
    screened: bool
    trial: bool
    signals: tuple[tuple[str, ...], ...]


def xmr(values, screen: bool = True) -> XmR:
    """Natural process limits of a series, one value per period in order of time; NaN for a period without a value.

    Limits are mean ± 2.66 mR, mR the mean of |x_i - x_(i-1)|; with ``screen``, moving ranges of 3.267 mR or more,
    their own upper limit, are left out once, so that one odd month does not hide the next. Signals: "outside" a limit;
    "run_of_7" in a row on one side of the mean; "trend_of_7" points each higher (or each lower) than the last;
    "two_of_three" beyond two thirds of the way to the same limit. Every point of a pattern is named. A missing value
    has no moving range and ends a pattern. Assumes periods of equal length and no season.
    Source: Wheeler & Chambers 1992, Understanding Statistical Process Control; Western Electric 1956, Statistical
    Quality Control Handbook (two of three); runs and trends of seven as public health services use them. Checked
    against a published series, worked here.

    >>> chart = xmr([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> print(f"{chart.mean:.2f} {chart.lower:.2f} {chart.upper:.2f} {chart.screened} {chart.signals[4]}")
    1.94 -0.72 4.60 True ('outside',)
    """
    values = np.asarray(values, dtype=np.float64).ravel()
    present = np.count_nonzero(~np.isnan(values))
    mean = float(np.nanmean(values)) if present else np.nan
    moving_range, screened = _moving_range(np.abs(np.diff(values)), screen)
    reach = LIMIT_FACTOR * moving_range
    signals = _signals(values, mean, reach)
    return XmR(mean, mean - reach, mean + reach, moving_range, screened, present < TRIAL_BELOW, signals)


def _moving_range(ranges: np.ndarray, screen: bool) -> tuple[float, bool]:
    """The mean moving range, and whether some were left out (never when only standstill would remain)."""
    ranges = ranges[~np.isnan(ranges)]
    if not ranges.size:
        return np.nan, False
    kept = ranges[ranges < RANGE_FACTOR * ranges.mean()]
    if not screen or not kept.any():
        kept = ranges
    return float(kept.mean()), kept.size < ranges.size


def _signals(values: np.ndarray, mean: float, reach: float) -> tuple[tuple[str, ...], ...]:
    rules = {name: np.zeros(values.size, dtype=bool) for name in ("outside", "run_of_7", "trend_of_7", "two_of_three")}
    slack = ROUNDING * np.max(np.abs(values), initial=0.0, where=~np.isnan(values))
    for distance in (values - mean, mean - values):
        beyond = distance > reach * 2 / 3 + slack
        rules["outside"] |= distance > reach + slack
        rules["run_of_7"] |= _in_row(distance > slack, RUN_LENGTH)
        rules["two_of_three"] |= beyond & _near_another(beyond)
        rising = np.diff(distance) > slack
        steps = _in_row(rising, RUN_LENGTH - 1)
        rules["trend_of_7"] |= np.append(steps, False)[: values.size] | np.append(False, steps)[: values.size]
    return tuple(tuple(name for name, hit in rules.items() if hit[i]) for i in range(values.size))


def _in_row(flags: np.ndarray, length: int) -> np.ndarray:
    """The flags that stand in a row of at least ``length``."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    result = np.zeros(flags.size, dtype=bool)
    for start, end in edges.reshape(-1, 2):
        result[start:end] = end - start >= length
    return result


def _near_another(flags: np.ndarray) -> np.ndarray:
    """Where another flag stands one or two places away, which makes two of three."""
    padded = np.concatenate([[False, False], flags, [False, False]])
    return padded[:-4] | padded[1:-3] | padded[3:-1] | padded[4:]
