"""From counts to figures: the value, its interval and the method's name, for every cell of a measure at once.

In come arrays with one entry per team, period and group; out come arrays of the same length, NaN where there is
nothing to say. The formulas are those of auditkit.stats; here is only which of them belongs to which kind of measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.definition import QUANTILES, Count, Measure, Net, Quantity, Share
from auditkit.stats import (
    count_difference,
    grouped_quantiles,
    kaplan_meier_median,
    mean_t,
    net_score,
    poisson_count,
    poisson_ratio,
    wilson,
)
from auditkit.translation import N_

METHODS = {
    "count": N_("Poisson, exact (Garwood 1936)"),
    "share": N_("Wilson 1927"),
    "mean": N_("Student's t"),
    "quantile": N_("order statistics, exact binomial ranks"),
    "net_score": N_("multinomial variance"),
    "survival": N_("Kaplan-Meier, Greenwood on the log-log scale"),
    "ratio": N_("ratio of Poisson counts, given their total"),
    "difference": N_("difference of Poisson counts"),
    "max": N_("none: a maximum has no interval"),
}


@dataclass(frozen=True)
class Figure:
    """One statistic of one measure over all cells."""

    statistic: str
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray
    n: np.ndarray
    method: str


@dataclass(frozen=True)
class Grouped:
    """Values of rows in consecutive groups: ``values[starts[i]:starts[i + 1]]`` belong to cell ``i``, sorted."""

    values: np.ndarray
    starts: np.ndarray
    observed: np.ndarray | None = None


def counted_figures(measure: Measure, cells: dict[str, np.ndarray], grouped: Grouped | None) -> list[Figure]:
    """Figures of counts, shares, net scores and quantities; ``cells`` holds n and what the kind of measure needs."""
    n, nothing = cells["n"], np.full(len(cells["n"]), np.nan)
    if isinstance(measure, Count):
        amount = np.nan_to_num(cells["amount"])
        return [Figure("count", amount, *poisson_count(amount), amount, nothing, n, METHODS["count"])]
    if isinstance(measure, Share):
        return [share_figure(cells["met"], n, measure.scale)]
    if isinstance(measure, Net):
        net, low, high = net_score(cells["plus"], cells["minus"], n)
        return [Figure("net", net, low, high, cells["plus"] - cells["minus"], n, n, METHODS["net_score"])]
    assert isinstance(measure, Quantity)
    return [_quantity(name, cells, grouped, nothing) for name in measure.statistics]


def moments(grouped: Grouped) -> dict[str, np.ndarray]:
    """n, mean, sample variance and largest value of each cell: what ``counted_figures`` needs of a quantity.

    The variance is taken about the mean (two passes), so that large values far from zero cost no digits.
    """
    n = np.diff(grouped.starts).astype(float)
    filled = np.flatnonzero(n)
    mean, variance, largest = (np.full(len(n), np.nan) for _ in range(3))
    if len(filled):
        begins, counts = grouped.starts[filled], n[filled]
        mean[filled] = np.add.reduceat(grouped.values, begins) / counts
        apart = grouped.values - np.repeat(mean[filled], counts.astype(np.int64))
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = np.add.reduceat(np.square(apart, out=apart), begins) / (counts - 1)
        variance[filled] = np.where(counts > 1, spread, np.nan)
        largest[filled] = np.maximum.reduceat(grouped.values, begins)
    return {"n": n, "mean": mean, "variance": variance, "largest": largest}


def _quantity(name: str, cells: dict[str, np.ndarray], grouped: Grouped | None, nothing: np.ndarray) -> Figure:
    n = cells["n"]
    if name == "mean":
        _, low, high = mean_t(n, cells["mean"], cells["variance"])
        mean = np.where(n > 0, cells["mean"], np.nan)
        return Figure("mean", mean, low, high, mean * n, n, n, METHODS["mean"])
    if name == "max":
        return Figure("max", np.where(n > 0, cells["largest"], np.nan), nothing, nothing, nothing, n, n, METHODS["max"])
    assert grouped is not None
    value, low, high = grouped_quantiles(grouped.values, grouped.starts, QUANTILES[name])
    return Figure(name, value, low, high, nothing, n, n, METHODS["quantile"])


def share_figure(met: np.ndarray, n: np.ndarray, scale: float = 1.0) -> Figure:
    """A share with Wilson's limits, or so many per ``scale``."""
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(n > 0, met / n, np.nan)
    low, high = wilson(met, n)
    name = "share" if scale == 1 else "ratio"
    return Figure(name, share * scale, low * scale, high * scale, met, n, n, METHODS["share"])


def survival_figure(grouped: Grouped) -> Figure:
    """Kaplan-Meier median of each cell; the numerator is the number of events seen."""
    median, low, high, n, events = kaplan_meier_median(grouped.values, grouped.observed, grouped.starts)
    return Figure("median", median, low, high, events, n, n, METHODS["survival"])


def snapshot_figure(statistic: str, n: np.ndarray, ages: Grouped | None = None) -> Figure:
    """How many rows are there at the snapshot, or a quantile of their ages."""
    nothing = np.full(len(n), np.nan)
    if statistic == "count":
        return Figure("count", n, *poisson_count(n), n, nothing, n, METHODS["count"])
    assert ages is not None
    value, low, high = grouped_quantiles(ages.values, ages.starts, QUANTILES[statistic])
    return Figure(statistic, value, low, high, nothing, n, n, METHODS["quantile"])


def pair_figure(statistic: str, top: Figure, bottom: Figure) -> Figure:
    """Ratio or difference of two counts."""
    a, b = top.value, bottom.value
    if statistic == "net":
        return Figure("net", a - b, *count_difference(a, b), a, b, a + b, METHODS["difference"])
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(b > 0, a / b, np.nan)
    low, high = (np.where(b > 0, limit, np.nan) for limit in poisson_ratio(a, b))
    return Figure("ratio", ratio, low, high, a, b, b, METHODS["ratio"])
