"""How long until it is resolved, when some tickets are still open: the Kaplan-Meier curve and its median.

In come durations and whether each one ended (observed) or was still running when last seen (censored); out come the
curve of one group, or the medians of many groups at once. Leaving open tickets out would flatter a slow team, and
counting them as done would too; this is the way between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from auditkit.stats.numeric import normal_quantile

# A product of thousands of factors ends a few roundings beside one half; without this a curve at exactly 0.5 is missed.
HALF = 0.5 * (1 + 1e-9)
_PORTION = 1 << 16


def kaplan_meier_median(
    durations, observed, starts, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Median duration per group (median, low, high, n, events), in the unit of the durations.

    ``durations``: float64 in any order within a group (rows with NaN are left out), ``observed``: bool, ``starts``:
    int64[g + 1] as in ``grouped_quantiles``. The median is the first time with S(t) <= 0.5; low and high are the first
    times at which the lower and the upper band (see ``kaplan_meier_curve``) come to 0.5 or below. NaN where the curve
    or band never does; where S is 0 there is no band. n and events are int64. Assumes that being still open says
    nothing of the time left.
    Source: Brookmeyer & Crowley 1982, Biometrics 38, 29-41; bands by Kalbfleisch & Prentice 2002, section 1.4. Checked
    against ``statsmodels.duration.survfunc.SurvfuncRight`` (curve, ``quantile_ci``) and ``scipy.stats.ecdf``.

    >>> median, low, high, n, events = kaplan_meier_median([1, 2, 3, 4, 5, 6], [1, 0, 1, 1, 0, 1], [0, 6])
    >>> print(median[0], low[0], high[0], n[0], events[0])
    4.0 1.0 nan 6 4
    """
    durations, observed, starts = _cleaned(durations, observed, starts)
    events = np.diff(np.concatenate([[0], np.cumsum(observed)])[starts])
    crossings = np.empty((3, starts.size - 1))
    for groups in _portions(starts):
        rows = slice(starts[groups.start], starts[groups.stop])
        own = starts[groups.start : groups.stop + 1] - rows.start
        steps = _event_steps(durations[rows], observed[rows], own)
        curves = (steps.survival, *_band(steps, level))
        crossings[:, groups] = [_first_time(curve <= HALF, steps) for curve in curves]
    return (*crossings, np.diff(starts), events)


def kaplan_meier_curve(
    durations, observed, level: float = 0.95
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The curve of one group at its distinct times, ascending: (time, survival, low, high, at_risk).

    S(t) = product of (1 - d_i / n_i) over times up to t (Kaplan & Meier 1958, Journal of the American Statistical
    Association 53, 457-481), right-continuous, 1 before the first time. The variance is Greenwood's, V = sum d_i /
    (n_i (n_i - d_i)), and the limits are S^exp(±z sqrt(V) / log S), on the log(-log) scale and so within 0..1
    (Kalbfleisch & Prentice 2002, The Statistical Analysis of Failure Time Data, section 1.4). Limits are NaN where S
    is 1 or 0. ``at_risk`` counts those whose duration is t or longer. Checked against ``scipy.stats.ecdf`` and
    ``statsmodels`` ``SurvfuncRight``.

    >>> time, survival, low, high, at_risk = kaplan_meier_curve([1, 2, 2], [True, True, False])
    >>> print(time, survival.round(4), at_risk)
    [1. 2.] [0.6667 0.3333] [3 2]
    """
    durations = np.asarray(durations, dtype=np.float64)
    durations, observed, starts = _cleaned(durations, observed, [0, durations.size])
    steps = _steps(durations, observed, starts)
    return steps.time, steps.survival, *_band(steps, level), steps.at_risk


@dataclass(frozen=True)
class _Steps:
    """The distinct times of all groups, one after another; group i is bounds[i]:bounds[i + 1]."""

    time: np.ndarray
    survival: np.ndarray
    variance: np.ndarray  # Greenwood's sum: the variance of log S
    at_risk: np.ndarray
    bounds: np.ndarray


def _cleaned(durations, observed, starts) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The rows that have a duration, and the group starts among them."""
    durations, starts = np.asarray(durations, dtype=np.float64), np.asarray(starts, dtype=np.int64)
    known = ~np.isnan(durations)
    kept_before = np.concatenate([[0], np.cumsum(known)])
    return durations[known], np.asarray(observed, dtype=bool)[known], kept_before[starts]


@np.errstate(divide="ignore")
def _steps(durations: np.ndarray, observed: np.ndarray, starts: np.ndarray) -> _Steps:
    group = np.repeat(np.arange(starts.size - 1), np.diff(starts))
    order = np.lexsort((durations, group))
    time = durations[order]
    is_new = np.ones(time.size, dtype=bool)
    is_new[1:] = (time[1:] != time[:-1]) | (group[1:] != group[:-1])
    first = np.flatnonzero(is_new)
    events = np.add.reduceat(observed[order].astype(np.int64), first)
    at_risk = starts[group[first] + 1] - first
    bounds = np.searchsorted(first, starts)
    survival = _running(np.multiply, 1 - events / at_risk, bounds)
    variance = _running(np.add, events / (at_risk * (at_risk - events).astype(np.float64)), bounds)
    return _Steps(time[first], survival, variance, at_risk, bounds)


def _portions(starts: np.ndarray) -> Iterator[slice]:
    """Groups by portions of about ``_PORTION`` rows: what is computed of them stays in the processor's cache."""
    first, last = 0, starts.size - 1
    while first < last:
        end = int(np.searchsorted(starts, starts[first] + _PORTION, side="right")) - 1
        yield slice(first, max(end, first + 1))
        first = max(end, first + 1)


@np.errstate(divide="ignore")
def _event_steps(durations: np.ndarray, observed: np.ndarray, starts: np.ndarray) -> _Steps:
    """The steps at which something happened; between them the curve stays as it was, and so do its bands."""
    time, time_starts = _sorted_part(durations, observed, starts)
    left, left_starts = _sorted_part(durations, ~observed, starts)
    group = np.repeat(np.arange(starts.size - 1), np.diff(time_starts))
    is_new = np.ones(time.size, dtype=bool)
    is_new[1:] = (time[1:] != time[:-1]) | (group[1:] != group[:-1])
    first = np.flatnonzero(is_new)
    events = np.diff(np.append(first, time.size))
    bounds, time, group = np.searchsorted(first, time_starts), time[first], group[first]
    at_risk = time_starts[group + 1] - first + left_starts[group + 1] - _begun_before(time, bounds, left, left_starts)
    survival = _running(np.multiply, 1 - events / at_risk, bounds)
    variance = _running(np.add, events / (at_risk * (at_risk - events).astype(np.float64)), bounds)
    return _Steps(time, survival, variance, at_risk, bounds)


def _sorted_part(values: np.ndarray, chosen: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The chosen values, ascending within each group, and where the groups begin among them."""
    part, own = values[chosen], np.concatenate([[0], np.cumsum(chosen)])[starts]
    for start, stop in pairwise(own.tolist()):
        part[start:stop].sort()
    return part, own


def _begun_before(time: np.ndarray, bounds: np.ndarray, left: np.ndarray, left_starts: np.ndarray) -> np.ndarray:
    """For each time, how many of ``left`` come before it, all those of earlier groups included."""
    passed = np.zeros(time.size + 1, dtype=np.int64)
    for group in range(bounds.size - 1):
        begin, stop = bounds[group], bounds[group + 1]
        later = np.searchsorted(time[begin:stop], left[left_starts[group] : left_starts[group + 1]], side="right")
        passed[begin : stop + 1] += np.bincount(later, minlength=stop - begin + 1)
    return np.cumsum(passed)[:-1]


def _running(operation: np.ufunc, terms: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The running product or sum within each group. One call a group: a sum over all would carry rounding across."""
    result = np.empty_like(terms)
    for start, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        operation.accumulate(terms[start:end], out=result[start:end])
    return result


@np.errstate(divide="ignore", invalid="ignore", over="ignore")
def _band(steps: _Steps, level: float) -> tuple[np.ndarray, np.ndarray]:
    log_survival = np.log(steps.survival)
    spread = np.exp(normal_quantile(level) * np.sqrt(steps.variance) / np.abs(log_survival))
    inside = (steps.survival > 0) & (steps.survival < 1)
    low = np.where(inside, np.exp(log_survival * spread), np.nan)
    return low, np.where(inside, np.exp(log_survival / spread), np.nan)


def _first_time(condition: np.ndarray, steps: _Steps) -> np.ndarray:
    """The first time of each group at which the condition holds, NaN where it never does."""
    hits = np.append(np.flatnonzero(condition), condition.size)
    hit = hits[np.searchsorted(hits[:-1], steps.bounds[:-1])]
    return np.where(hit < steps.bounds[1:], np.append(steps.time, np.nan)[hit], np.nan)
