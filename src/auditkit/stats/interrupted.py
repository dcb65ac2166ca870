"""Interrupted time series: what a dated change did to a series, by segmented regression.

In come the values of evenly spaced periods, the rows behind each and the place at which the change took effect; out
comes the change of level, and of slope where asked for, with intervals that allow for neighbours that resemble each
other. The module knows no tables and no measures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.stats.correlated import Estimate, Fit, regress

YEAR = 365.2425
UNKNOWN = Estimate()


@dataclass(frozen=True)
class Interrupted:
    """``level``: the step at the change; ``slope``: the change of slope per period (unknown where not asked for).

    ``mean`` is the effect on average over the periods after the change. ``fitted`` and ``without`` are the fitted
    series and the same without the change. ``seasonal``: whether the season was told apart.
    """

    level: Estimate
    slope: Estimate
    mean: Estimate
    fitted: np.ndarray
    without: np.ndarray
    seasonal: bool
    correlation: float


def interrupted_series(
    values, counts, at: int, days: int, *, slope: bool = False, level: float = 0.95
) -> Interrupted | None:
    """Level before, trend, step at place ``at`` and, with ``slope``, another trend after it.

    y_t = b0 + b1 t + b2 [t >= at] + b3 (t - at) [t >= at] + e_t (Wagner, Soumerai, Zhang & Ross-Degnan 2002, Journal of
    Clinical Pharmacy and Therapeutics 27, 299-309), without b3 by default. Where the periods, ``days`` long, span a
    year or more, a yearly wave a sin + b cos is fitted too (Bernal, Cummins & Gasparrini 2017, International Journal of
    Epidemiology 46, 348-355); in a shorter series a season cannot be told from the change. Errors as in
    :func:`auditkit.stats.correlated.regress`. None where the series is too short for it.

    >>> y = [5.0, 5.2, 4.9, 5.1, 5.0, 4.8, 5.1, 5.0, 3.1, 2.9, 3.0, 3.2, 2.8, 3.0]
    >>> found = interrupted_series(y, [20] * 14, at=8, days=7)
    >>> print(f"{found.level.value:.1f} {found.level.sign} {found.seasonal}")
    -1.9 -1 False
    """
    places = np.arange(len(values))
    seasonal = len(values) * days >= YEAR
    design = _design(places, at, days, seasonal, slope)
    fit = regress(values, counts, places, design)
    if fit is None:
        return None
    without = design.copy()
    after = places >= at
    without[:, 2] = 0.0
    if slope:
        without[:, 3] = 0.0
    step, mean = design[at] - without[at], np.mean(design[after] - without[after], axis=0)
    grows = np.zeros(design.shape[1])
    grows[3 if slope else 2] = 1.0
    return Interrupted(
        fit.estimate(step, level), fit.estimate(grows, level) if slope else UNKNOWN, fit.estimate(mean, level),
        fit.line(design), fit.line(without), seasonal, fit.correlation,
    )  # fmt: skip


def drift(values, counts, *, span: float, level: float = 0.95) -> Estimate:
    """How far a straight trend through the values would have moved over ``span`` periods; unknown where too short."""
    places = np.arange(len(values))
    fit: Fit | None = regress(values, counts, places, np.column_stack([np.ones(len(places)), places]))
    return fit.estimate([0.0, span], level) if fit else UNKNOWN


def _design(places: np.ndarray, at: int, days: int, seasonal: bool, slope: bool) -> np.ndarray:
    since = places - at
    after = (since >= 0).astype(float)
    columns = [np.ones(len(places)), since, after]
    if slope:
        columns.append(since * after)
    if seasonal:
        angle = 2 * np.pi * places * days / YEAR
        columns += [np.sin(angle), np.cos(angle)]
    return np.column_stack(columns)
