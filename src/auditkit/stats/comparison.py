"""What changed between two periods or two groups, how much, and how sure that is.

Each comparison gives the first minus (or over) the second, its limits where there are such, and a two-sided p value.
Shares, means and counts take arrays with one entry per comparison; samples take the two samples. Whoever looks at many
measures at once passes the p values through ``holm`` before calling any of them a change.
"""

from __future__ import annotations

import math

import numpy as np

from auditkit.stats.intervals import wilson
from auditkit.stats.numeric import floats, only_where, tail

EXACT_UP_TO = 8  # values in the smaller sample


@np.errstate(divide="ignore", invalid="ignore")
def compare_shares(met1, n1, met2, n2, level: float = 0.95) -> tuple[np.ndarray, ...]:
    """Difference of two shares (difference, low, high, p), first minus second, in -1..1.

    Limits: d - sqrt((p1 - l1)^2 + (u2 - p2)^2) and d + sqrt((u1 - p1)^2 + (p2 - l2)^2), from the Wilson limits l and u
    of each share (Newcombe 1998, Statistics in Medicine 17, 873-890, method 10). p: score test with the pooled share,
    which is Pearson's chi-square without continuity correction; 1 where all rows of both, or none, are met. NaN where
    either n is 0. Assumes independent rows; limits and p are two methods, and may disagree at the very edge. Checked
    against ``statsmodels`` ``confint_proportions_2indep(method="newcomb")`` and ``scipy.stats.chi2_contingency``.

    >>> difference, low, high, p = compare_shares(56, 70, 48, 80)
    >>> print(f"{difference:.2f} {low:.4f} {high:.4f} {p:.4f}")
    0.20 0.0524 0.3339 0.0080
    """
    from scipy.special import ndtr

    met1, n1, met2, n2 = floats(met1, n1, met2, n2)
    share1, share2, pooled = met1 / n1, met2 / n2, (met1 + met2) / (n1 + n2)
    (low1, high1), (low2, high2) = wilson(met1, n1, level), wilson(met2, n2, level)
    difference = share1 - share2
    low = difference - np.hypot(share1 - low1, high2 - share2)
    high = difference + np.hypot(high1 - share1, share2 - low2)
    error = np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    p = np.where((pooled == 0) | (pooled == 1), 1.0, 2 * ndtr(-np.abs(difference) / error))
    return only_where(~np.isnan(low), difference, low, high, p)


@np.errstate(divide="ignore", invalid="ignore")
def compare_means(n1, mean1, var1, n2, mean2, var2, level: float = 0.95) -> tuple[np.ndarray, ...]:
    """Difference of two means (difference, low, high, p), first minus second, in the unit of the values.

    t = d / sqrt(v1/n1 + v2/n2) with the sample variances, and the degrees of freedom (v1/n1 + v2/n2)^2 / ((v1/n1)^2 /
    (n1 - 1) + (v2/n2)^2 / (n2 - 1)). The two spreads may differ. The difference is NaN where either n is 0; limits and
    p where either n is below 2 or neither sample has any spread. Assumes independent values and means that are near
    normal.
    Source: Welch 1947, Biometrika 34, 28-35. Checked against ``scipy.stats.ttest_ind_from_stats(equal_var=False)``.

    >>> difference, low, high, p = compare_means(20, 7.0, 4.0, 30, 5.5, 9.0)
    >>> print(f"{difference:.1f} {low:.3f} {high:.3f} {p:.4f}")
    1.5 0.078 2.922 0.0391
    """
    from scipy.special import stdtr, stdtrit

    n1, mean1, var1, n2, mean2, var2 = floats(n1, mean1, var1, n2, mean2, var2)
    error1, error2 = var1 / n1, var2 / n2
    error = np.sqrt(error1 + error2)
    freedom = (error1 + error2) ** 2 / (error1**2 / (n1 - 1) + error2**2 / (n2 - 1))
    difference = mean1 - mean2
    half = -stdtrit(freedom, tail(level)) * error
    p = 2 * stdtr(freedom, -np.abs(difference) / error)
    sure = (n1 >= 2) & (n2 >= 2) & (error > 0)
    (difference,) = only_where((n1 > 0) & (n2 > 0), difference)
    return (difference, *only_where(sure, difference - half, difference + half, p))


@np.errstate(divide="ignore", invalid="ignore")
def compare_samples(values1, values2) -> tuple[float, float]:
    """Whether one sample runs higher (superiority, p): rank test of two samples of a quantity.

    Superiority, in 0..1, is the chance that a value of the first exceeds one of the second, a tie counting half: U1 /
    (n1 n2). It is 0.5 for no difference. p is two-sided: exact up to 8 values without ties, else normal with
    corrections for ties and continuity. NaN values are left out; both results are NaN where a sample is empty. Assumes
    independent values.
    Source: Mann & Whitney 1947, Annals of Mathematical Statistics 18, 50-60. Checked against
    ``scipy.stats.mannwhitneyu``, and a count of all pairs and of all orders.

    >>> superiority, p = compare_samples([1, 2, 3, 4], [5, 6, 7, 8])
    >>> print(f"{superiority:.1f} {p:.4f}")
    0.0 0.0286
    """
    from scipy.special import ndtr

    values1, values2 = (np.asarray(values, dtype=np.float64).ravel() for values in (values1, values2))
    values1, values2 = values1[~np.isnan(values1)], values2[~np.isnan(values2)]
    if not values1.size or not values2.size:
        return np.nan, np.nan
    n1, n2 = values1.size, values2.size
    _, group, tied = np.unique(np.concatenate([values1, values2]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(tied) - (tied - 1) / 2)[group]
    u = float(ranks[:n1].sum() - n1 * (n1 + 1) / 2)
    extreme = max(u, n1 * n2 - u)
    if min(n1, n2) <= EXACT_UP_TO and len(tied) == n1 + n2:
        one_tail = _chance_of_at_least(round(extreme), n1, n2)
    else:
        sizes = tied.astype(np.float64)
        ties = np.sum(sizes**3 - sizes) / ((n1 + n2) * (n1 + n2 - 1))
        one_tail = float(ndtr(-(extreme - n1 * n2 / 2 - 0.5) / np.sqrt(n1 * n2 / 12 * (n1 + n2 + 1 - ties))))
    return u / (n1 * n2), min(1.0, 2 * one_tail)


def _chance_of_at_least(u: int, n1: int, n2: int) -> float:
    """Of all orders of two samples without ties, the share in which U is ``u`` or more."""
    few, many = sorted((n1, n2))
    orders = math.comb(n1 + n2, few)
    ways = np.zeros(few * many + 1, dtype=np.int64 if orders < 2**62 else object)  # orders by their U
    ways[0] = 1
    for part in range(1, few + 1):  # the product of (1 - q^(many + part)) / (1 - q^part)
        for first in range(part):
            ways[first::part] = np.cumsum(ways[first::part])
        ways[many + part :] -= ways[: -(many + part)]
    return float(ways[u:].sum() / orders)


@np.errstate(divide="ignore", invalid="ignore")
def compare_counts(a, b, days1=1, days2=1, level: float = 0.95) -> tuple[np.ndarray, ...]:
    """Ratio of two rates of events (ratio, low, high, p): a in days1 over b in days2.

    Given the total a + b, a is binomial, with p0 = days1 / (days1 + days2) when the rates are equal (Przyborowski &
    Wilenski 1940, Biometrika 31, 313-323). p is twice the smaller exact tail, at most 1; the limits are those of
    Clopper & Pearson 1934, Biometrika 26, 404-413, turned into rates, so that p < 1 - level exactly when they leave 1
    outside. NaN where both are 0; ratio and high are NaN where b is 0. Assumes independent events: arrivals that come
    in bursts look surer than they are. Checked against ``scipy.stats.binomtest`` (tails, ``proportion_ci``) and the
    limits in the help example of R's ``poisson.test`` (whose p sums the less likely outcomes instead).

    >>> ratio, low, high, p = compare_counts(11, 6 + 8 + 7, 800, 1083 + 1050 + 878)
    >>> print(f"{ratio:.3f} {low:.3f} {high:.3f}")
    1.971 0.858 4.277
    """
    from scipy.special import betainc, betaincinv

    a, b, days1, days2 = floats(a, b, days1, days2)
    fair = days1 / (days1 + days2)
    at_least = np.where(a == 0, 1.0, betainc(np.maximum(a, 1), b + 1, fair))
    at_most = np.where(b == 0, 1.0, betainc(np.maximum(b, 1), a + 1, 1 - fair))
    low = np.where(a == 0, 0.0, betaincinv(np.maximum(a, 1), b + 1, tail(level)))
    high = 1 - betaincinv(np.maximum(b, 1), a + 1, tail(level))
    exposure = days2 / days1
    known = (a >= 0) & (b >= 0) & (a + b > 0) & (days1 > 0) & (days2 > 0)
    low, p = only_where(known, exposure * low / (1 - low), np.minimum(1, 2 * np.minimum(at_least, at_most)))
    ratio, high = only_where(known & (b > 0), exposure * a / b, exposure * high / (1 - high))
    return ratio, low, high, p


def holm(p_values) -> np.ndarray:
    """p values adjusted for looking at all of them at once, in the order given; NaN stays NaN and is not counted.

    Sorted ascending, the i-th of m becomes max over j <= i of min(1, (m - j + 1) p_j). The chance of even one false
    alarm stays below the threshold, however the tests hang together. Source: Holm 1979, Scandinavian Journal of
    Statistics 6, 65-70. Checked against ``statsmodels.stats.multitest.multipletests(method="holm")``.

    >>> print(holm([0.01, 0.04, 0.03]))
    [0.03 0.06 0.06]
    """
    p_values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p_values, axis=None)
    order = order[: np.count_nonzero(~np.isnan(p_values))]  # NaN sorts last
    steps = p_values.ravel()[order] * np.arange(order.size, 0, -1)
    adjusted = np.full(p_values.size, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1)
    return adjusted.reshape(p_values.shape)
