"""Quantiles of many groups at once, with limits that assume no shape of distribution.

In come the values of all groups in one array, sorted within each group, and where each group starts; out come the
quantile and its limits per group. The limits are values of the sample itself, picked by exact binomial ranks, so they
hold for waiting times with any tail. A small group has no such limit, and then says NaN in place of a wrong one.
"""

from __future__ import annotations

import numpy as np

from auditkit.stats.numeric import tail


def grouped_quantiles(values, starts, q: float, level: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quantile q and its limits (value, low, high) per group, in the unit of the values.

    ``values``: float64, no NaN, ascending within each group; ``starts``: int64[g + 1], group i is
    ``values[starts[i]:starts[i + 1]]``. The quantile interpolates linearly at (n - 1) q (Hyndman & Fan 1996, The
    American Statistician 50, 361-365, type 7). Low is the r-th value, r the largest with P(X <= r - 1) <= alpha/2, and
    high the s-th, s the smallest with P(X <= s - 1) >= 1 - alpha/2, X ~ Bin(n, q): coverage is at least the level. NaN
    for an empty group, and for a limit that no rank reaches (a median needs 6 values for 95 %). Assumes independent
    values; ties only widen the cover.
    Source: Conover 1999, Practical Nonparametric Statistics, section 3.2; David & Nagaraja 2003, Order Statistics,
    section 7.1. Checked against ``numpy.quantile``, DuckDB's ``quantile_cont`` and ``scipy.stats.quantile_test``.

    >>> value, low, high = grouped_quantiles([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [0, 11], 0.5)
    >>> print(value[0], low[0], high[0])
    6.0 2.0 10.0
    """
    if not 0 <= q <= 1:
        raise ValueError(f"q must lie between 0 and 1, not {q!r}")
    values, starts = np.asarray(values, dtype=np.float64), np.asarray(starts, dtype=np.int64)
    sizes, group = np.unique(np.diff(starts), return_inverse=True)  # ranks hang on the size alone: find each once
    low_rank = _low_rank(sizes, q, tail(level))[group]
    high_rank = (sizes + 1 - _low_rank(sizes, 1 - q, tail(level)))[group]
    low = _pick(values, starts, low_rank - 1)
    high = _pick(values, starts, high_rank - 1)
    return _interpolated(values, starts, q), low, high


def _interpolated(values: np.ndarray, starts: np.ndarray, q: float) -> np.ndarray:
    """Hyndman-Fan type 7: a weighted mean of the two values around place (n - 1) q."""
    place = np.maximum(np.diff(starts) - 1, 0) * q
    below = np.floor(place).astype(np.int64)
    weight = place - below
    lower, upper = _pick(values, starts, below), _pick(values, starts, below + (weight > 0))
    return lower + weight * (upper - lower)


def _pick(values: np.ndarray, starts: np.ndarray, index: np.ndarray) -> np.ndarray:
    """The value at a 0-based index within each group, NaN where the group has none there."""
    inside = (index >= 0) & (index < np.diff(starts))
    picked = np.full(index.shape, np.nan)
    picked[inside] = values[(starts[:-1] + index)[inside]]
    return picked


def _low_rank(n: np.ndarray, q: float, chance: float) -> np.ndarray:
    """The largest r with P(X <= r - 1) <= chance, X ~ Bin(n, q); 0 where there is none.

    By symmetry n + 1 - _low_rank(n, 1 - q) is the rank of the upper limit. A normal guess is walked to the exact rank.
    """
    from scipy.special import ndtri

    rank = np.clip(np.floor(n * q + ndtri(chance) * np.sqrt(n * q * (1 - q))), 0, n)
    while True:
        higher = (rank < n) & (_at_most(rank, n, q) <= chance)
        lower = (rank > 0) & (_at_most(rank - 1, n, q) > chance)
        if not (higher | lower).any():
            return rank.astype(np.int64)
        rank = rank + higher - lower


def _at_most(k: np.ndarray, n: np.ndarray, q: float) -> np.ndarray:
    """P(X <= k) for X ~ Bin(n, q)."""
    from scipy.special import betainc

    inside = k < n
    return np.where(inside, betainc(np.where(inside, n - k, 1), k + 1, 1 - q), 1.0)
