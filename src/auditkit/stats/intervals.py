"""Confidence intervals from counts and sums: shares, counts, ratios and differences of counts, means, net scores.

Each function takes one number or one array entry per group and gives NumPy arrays back; nothing loops over groups.
Nothing to count is NaN, never 0 or 1, and nothing raises for what the data may hold. The module knows no tables and no
measures, so that each formula can be read, run and checked alone.
"""

from __future__ import annotations

import numpy as np

from auditkit.stats.numeric import floats, normal_quantile, only_where, tail


@np.errstate(divide="ignore", invalid="ignore")
def wilson(met, counted, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Limits (low, high) of a share met/counted, in 0..1.

    With p = met/n: (p + z^2/2n ± z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). NaN where n is 0.
    Assumes independent rows with one common chance. No continuity correction.
    Source: Wilson 1927, Journal of the American Statistical Association 22, 209-212. Checked against
    ``scipy.stats.binomtest(...).proportion_ci(method="wilson")``.

    >>> low, high = wilson(9, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.596 0.982
    """
    met, counted = floats(met, counted)
    z2 = normal_quantile(level) ** 2
    share = met / counted
    centre = met + z2 / 2
    half = np.sqrt(z2 * (met * (1 - share) + z2 / 4))
    low = np.where(
        met == 0, 0.0, (centre - half) / (counted + z2)
    )  # exact at both ends, where rounding would overshoot
    high = np.where(met == counted, 1.0, (centre + half) / (counted + z2))
    return only_where((counted > 0) & (met >= 0) & (met <= counted), low, high)


@np.errstate(invalid="ignore")
def poisson_count(count, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Exact limits (low, high) of the mean of a Poisson count, in events.

    Low is half the chi-square quantile of 2k degrees of freedom at alpha/2 (0 for k = 0), high that of 2k + 2 at
    1 - alpha/2. Assumes that events arrive independently; a count of 0 is a finding and has a high limit.
    Source: Garwood 1936, Biometrika 28, 437-442. Checked against ``scipy.stats.chi2`` and
    ``statsmodels.stats.rates.confint_poisson(method="exact-c")``.

    >>> low, high = poisson_count(10)
    >>> print(f"{low:.2f} {high:.2f}")
    4.80 18.39
    """
    from scipy.special import gammainccinv, gammaincinv

    (count,) = floats(count)
    low = np.where(count == 0, 0.0, gammaincinv(np.maximum(count, 1), tail(level)))
    return only_where(count >= 0, low, gammainccinv(count + 1, tail(level)))


@np.errstate(divide="ignore", invalid="ignore")
def poisson_ratio(a, b, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Limits (low, high) of the ratio of two Poisson means, from the counts a and b over the same time.

    Given the total a + b, a is binomial with p = r / (1 + r) (Przyborowski & Wilenski 1940, Biometrika 31, 313-323).
    The Wilson limits of p, turned back by p / (1 - p), are the roots r of (a - r b)^2 = z^2 r (a + b): the score
    limits of Graham, Mengersen & Morton 2003, Statistics in Medicine 22, 2071-2083. NaN where both counts are 0; the
    high limit is NaN where b is 0, since then there is none. Assumes two independent counts. Checked against
    ``statsmodels.stats.rates.confint_poisson_2indep(method="score", compare="ratio")``.

    >>> low, high = poisson_ratio(60, 50)
    >>> print(f"{low:.3f} {high:.3f}")
    0.826 1.743
    """
    a, b = floats(a, b)
    low, high = wilson(a, a + b, level)
    return low / (1 - low), only_where(b > 0, high / (1 - high))[0]


@np.errstate(invalid="ignore")
def count_difference(a, b, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Limits (low, high) of a - b, the difference of two Poisson counts over the same time.

    a - b ± z sqrt(a + b), since each variance is estimated by its count. Assumes two independent counts and is normal,
    so that below about ten events it is rough; NaN where both are 0, because then nothing tells the spread.
    Source: Armitage, Berry & Matthews 2002, Statistical Methods in Medical Research, section 5.2. Checked against
    ``statsmodels.stats.rates.confint_poisson_2indep(method="wald", compare="diff")``.

    >>> low, high = count_difference(60, 40)
    >>> print(f"{low:.1f} {high:.1f}")
    0.4 39.6
    """
    a, b = floats(a, b)
    half = normal_quantile(level) * np.sqrt(a + b)
    return only_where((a >= 0) & (b >= 0) & (a + b > 0), a - b - half, a - b + half)


@np.errstate(divide="ignore", invalid="ignore")
def mean_t(n, mean, variance, level: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and its limits (mean, low, high), in the unit of the values.

    mean ± t(n - 1) sqrt(variance / n), with the sample variance (divisor n - 1). These are a database's ``count``,
    ``avg`` and ``var_samp``, which lose no digits as a sum of squares would. The mean is NaN where n is 0; the limits
    where n is below 2 or all values are equal, because then nothing tells the spread. Assumes independent values and a
    mean that is near normal: with long tails that takes hundreds of rows.
    Source: Student 1908, Biometrika 6, 1-25. Checked against ``scipy.stats.t.interval``.

    >>> mean, low, high = mean_t(10, 5.0, 4.0)
    >>> print(f"{mean:.2f} {low:.3f} {high:.3f}")
    5.00 3.569 6.431
    """
    from scipy.special import stdtrit

    n, mean, variance = floats(n, mean, variance)
    half = -stdtrit(n - 1, tail(level)) * np.sqrt(variance / n)
    low, high = only_where((n >= 2) & (variance > 0), mean - half, mean + half)
    return only_where(n > 0, mean)[0], low, high


@np.errstate(divide="ignore", invalid="ignore")
def net_score(promoters, detractors, counted, level: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Net share and its limits (net, low, high), in -1..1: (promoters - detractors) / counted.

    With shares p and d: net ± z sqrt((p + d - (p - d)^2) / n), the multinomial variance with n (not n - 1), limits cut
    at -1 and 1. NaN where nothing is counted; no limits where all answers are of one kind, because then nothing tells
    the spread. Assumes independent answers. The limits are normal: rough below about thirty answers.
    Source: Goodman 1965, Technometrics 7, 247-254 (contrasts of multinomial shares). Checked against the mean and the
    population variance of the same answers written as 1, 0 and -1.

    >>> net, low, high = net_score(50, 17, 100)
    >>> print(f"{net:.2f} {100 * (high - net):.1f}")
    0.33 14.7
    """
    promoters, detractors, counted = floats(promoters, detractors, counted)
    net = (promoters - detractors) / counted
    variance = (promoters + detractors) / counted - net**2
    half = normal_quantile(level) * np.sqrt(variance / counted)
    possible = (counted > 0) & (promoters >= 0) & (detractors >= 0) & (promoters + detractors <= counted)
    one_kind = (promoters == counted) | (detractors == counted) | (promoters + detractors == 0)
    low, high = only_where(possible & ~one_kind, np.maximum(net - half, -1), np.minimum(net + half, 1))
    return only_where(possible, net)[0], low, high
