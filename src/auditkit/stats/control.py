"""Whether a series of periods moves more than it always does: the chart of individual values and moving ranges (XmR).

In comes one value per period, in order; out come the natural limits of the process and the points that signal a
change. Most ups and downs from month to month are noise, and this says which are not. After a change that is known and
dated (a new team, a new rule) the limits start afresh. It knows no calendar and no measure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

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

    The single numbers are those of the last segment, which holds now. ``screened``: at least one moving range was left
    out of ``moving_range``. ``trial``: fewer than 12 points, so the limits are provisional and have to be called so.
    One entry per value: ``signals``, the names of the rules it is part of; ``means``, ``lowers``, ``uppers`` float64,
    what holds in its segment; ``segments`` int64, the number of its segment, from 0.
    """

    mean: float
    lower: float
    upper: float
    moving_range: float
    screened: bool
    trial: bool
    signals: tuple[tuple[str, ...], ...]
    means: np.ndarray = field(compare=False)
    lowers: np.ndarray = field(compare=False)
    uppers: np.ndarray = field(compare=False)
    segments: np.ndarray = field(compare=False)


def xmr(values, screen: bool = True, rebase_at=()) -> XmR:
    """Natural process limits of a series, one value per period in order of time; NaN for a period without a value.

    Limits are mean ± 2.66 mR, mR the mean of |x_i - x_(i-1)|; with ``screen``, moving ranges of 3.267 mR or more,
    their own upper limit, are left out once, so that one odd month does not hide the next. Signals: "outside" a limit;
    "run_of_7" in a row on one side of the mean; "trend_of_7" points each higher (or each lower) than the last;
    "two_of_three" beyond two thirds of the way to the same limit. Every point of a pattern is named. A missing value
    has no moving range and ends a pattern.

    ``rebase_at``: 0-based positions of the first value after each known change. Each segment has its own mean and
    limits; no moving range and no pattern reaches across a change. Positions outside the series change nothing. Rebase
    for a reason known beforehand, never because the chart would look better. Assumes periods of equal length and no
    season.
    Source: Wheeler & Chambers 1992, Understanding Statistical Process Control; Western Electric 1956, Statistical
    Quality Control Handbook (two of three); runs and trends of seven as public health services use them. Checked
    against a published series, worked here.

    >>> chart = xmr([1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1])
    >>> print(f"{chart.mean:.2f} {chart.lower:.2f} {chart.upper:.2f} {chart.screened} {chart.signals[4]}")
    1.94 -0.72 4.60 True ('outside',)
    >>> chart = xmr([4, 5, 4, 5, 8, 9, 8, 9], rebase_at=[4])
    >>> print(chart.mean, chart.means[0], chart.segments)
    8.5 4.5 [0 0 0 0 1 1 1 1]
    """
    values = np.asarray(values, dtype=np.float64).ravel()
    changes = sorted({int(position) for position in rebase_at if 0 < position < values.size})
    parts = [_segment(part, screen) for part in np.split(values, changes)]
    segments = np.repeat(np.arange(len(parts)), np.diff([0, *changes, values.size]))
    means, lowers, uppers = (
        np.array([getattr(part, name) for part in parts])[segments] for name in ("mean", "lower", "upper")
    )
    signals = tuple(names for part in parts for names in part.signals)
    last = vars(parts[-1]) | {"signals": signals}
    return XmR(**last, means=means, lowers=lowers, uppers=uppers, segments=segments)


@dataclass(frozen=True)
class _Segment:
    """What holds between two changes: the fields of ``XmR`` for one segment alone."""

    mean: float
    lower: float
    upper: float
    moving_range: float
    screened: bool
    trial: bool
    signals: tuple[tuple[str, ...], ...]


def _segment(values: np.ndarray, screen: bool) -> _Segment:
    present = np.count_nonzero(~np.isnan(values))
    mean = float(np.nanmean(values)) if present else np.nan
    moving_range, screened = _moving_range(np.abs(np.diff(values)), screen)
    reach = LIMIT_FACTOR * moving_range
    signals = _signals(values, mean, reach)
    return _Segment(mean, mean - reach, mean + reach, moving_range, screened, present < TRIAL_BELOW, signals)


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
