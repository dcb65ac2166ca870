"""Whether two scores of the same things go together: rank correlations, which ask only for order.

In come two samples of equal length, pair by pair; out come the correlation, its limits and a p value. Scores such as
quality reviews and customer ratings are steps rather than lengths, so that ranks are what they can bear.
"""

from __future__ import annotations

import numpy as np

from auditkit.stats.numeric import normal_quantile

FEWEST_PAIRS = 4  # the variance divides by n - 3


@np.errstate(divide="ignore", invalid="ignore")
def spearman(x, y, level: float = 0.95) -> tuple[float, float, float, float, int]:
    """Spearman's rank correlation (rho, low, high, p, n), in -1..1.

    Pearson's correlation of the ranks, ties sharing the mean rank. Limits: tanh(atanh(rho) ± z sqrt((1 + rho^2 / 2) /
    (n - 3))). p two-sided from t = rho sqrt((n - 2) / (1 - rho^2)), n - 2 degrees of freedom: rough below about ten
    pairs. Pairs with a NaN are left out; n counts the rest. NaN with fewer than 4 pairs or where one side is all tied;
    no limits where rho is 1 or -1, because then nothing tells the spread. Assumes independent pairs; limits are best
    below 0.95 in size, and rough with many ties.
    Source: Spearman 1904, American Journal of Psychology 15, 72-101; limits by Bonett & Wright 2000, Psychometrika 65,
    23-28. Checked against ``scipy.stats.spearmanr`` (rho, p), and the limits by simulated pairs.

    >>> rho, low, high, p, n = spearman([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 7, 8, 6, 5])
    >>> print(f"{rho:.3f} {low:.3f} {high:.3f} {p:.4f} {n}")
    0.738 -0.042 0.959 0.0366 8
    """
    from scipy.special import stdtr

    x, y = _pairs(x, y)
    error_of = normal_quantile(level)
    if not _can_tell(x, y):
        return np.nan, np.nan, np.nan, np.nan, x.size
    ranks_x, ranks_y = _ranks(x), _ranks(y)
    rho = float(ranks_x @ ranks_y / np.sqrt((ranks_x @ ranks_x) * (ranks_y @ ranks_y)))
    if abs(rho) > 1 - 1e-12:  # a perfect order, but for rounding
        return float(np.sign(rho)), np.nan, np.nan, 0.0, x.size
    half = error_of * np.sqrt((1 + rho**2 / 2) / (x.size - 3))
    low, high = np.tanh(np.arctanh(rho) - half), np.tanh(np.arctanh(rho) + half)
    p = 2 * stdtr(x.size - 2, -abs(rho) * np.sqrt((x.size - 2) / (1 - rho**2)))
    return rho, float(low), float(high), float(p), x.size


def kendall(x, y) -> tuple[float, float, int]:
    """Kendall's tau-b (tau, p, n), in -1..1: pairs of pairs in the same order less those in the opposite order.

    (C - D) / sqrt((T - Tx) (T - Ty)), T all pairs of pairs, Tx and Ty those tied in x and in y. p two-sided, exact for
    up to 33 pairs without ties, else normal. Pairs with a NaN are left out. NaN with fewer than 4 pairs or where one
    side is all tied. Assumes independent pairs; kinder to ties than Spearman's.
    Source: Kendall 1945, Biometrika 33, 239-251. Computed by ``scipy.stats.kendalltau``. Checked against a count of
    all pairs of pairs.

    >>> tau, p, n = kendall([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4, 3, 7, 8, 6, 5])
    >>> print(f"{tau:.3f} {p:.4f} {n}")
    0.500 0.1087 8
    """
    from scipy.stats import kendalltau

    x, y = _pairs(x, y)
    if not _can_tell(x, y):
        return np.nan, np.nan, x.size
    result = kendalltau(x, y)
    return float(result.statistic), float(result.pvalue), x.size


def _pairs(x, y) -> tuple[np.ndarray, np.ndarray]:
    """Both samples without the pairs that lack a value. Raises ValueError where the lengths differ."""
    x, y = (np.asarray(values, dtype=np.float64).ravel() for values in (x, y))
    if x.size != y.size:
        raise ValueError(f"x and y must pair up, but have {x.size} and {y.size} values")
    known = ~np.isnan(x) & ~np.isnan(y)
    return x[known], y[known]


def _can_tell(x: np.ndarray, y: np.ndarray) -> bool:
    return x.size >= FEWEST_PAIRS and bool(np.any(x != x[0]) and np.any(y != y[0]))


def _ranks(values: np.ndarray) -> np.ndarray:
    """Mean ranks, around their middle: ties share the mean of their places."""
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(sizes) - (sizes + 1) / 2 - (values.size - 1) / 2)[group]
