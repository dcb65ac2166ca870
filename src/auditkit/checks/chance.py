"""How likely a pattern is when nothing is wrong: exact tails, and a comparison within strata.

In go counts, out come chances in 0..1. One level holds for every check: a pattern is told only where chance would
make it once in ten thousand times, and only where it is also large enough to matter, for in a million rows every
difference is beyond chance. The module knows no tables.
"""

from __future__ import annotations

import math

# One chance in ten thousand per team and check: with hundreds of teams a false alarm stays rare.
SURE = 1e-4
# The variance from which the normal approximation of a comparison within strata is good in its tail.
STRATA_VARIANCE = 5


def binomial_tail(hits: int, tries: int, share: float) -> float:
    """Chance of at least so many hits if each try hits with ``share`` (exact binomial, upper tail).

    >>> f"{binomial_tail(14, 14, 0.5):.2g}"
    '6.1e-05'
    """
    from scipy.special import bdtrc

    return float(bdtrc(hits - 1, tries, share)) if hits > 0 else 1.0


def fisher_tail(hits: int, tries: int, other_hits: int, other_tries: int) -> float:
    """Chance of at least so many hits among ``tries`` if they hit as often as the others do (hypergeometric tail).

    Both groups are counted, so neither share is taken for known. Source: Fisher 1935, Journal of the Royal Statistical
    Society 98, 39-82. Checked against ``scipy.stats.fisher_exact(alternative="greater")``.

    >>> f"{fisher_tail(3, 4, 1, 4):.4f}"
    '0.2429'
    """
    import numpy as np
    from scipy.special import gammaln

    everything, marked = tries + other_tries, hits + other_hits
    more = np.arange(hits, min(tries, marked) + 1, dtype=float)

    def choose(n, k):
        return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)

    rest = choose(everything - marked, tries - more)
    logs = choose(marked, more) + rest - choose(everything, tries)
    return min(1.0, float(np.exp(logs[everything - marked >= tries - more]).sum()))


def stands_out(
    hits: int, tries: int, other_hits: int, other_tries: int, times: float, tests: int = 1, least: int = 0
) -> bool:
    """Whether something is met at least ``times`` as often as among the others, beyond chance in one of ``tests``
    tests, and at least ``least`` times.

    >>> stands_out(20, 30, 3, 53, times=1.5), stands_out(4, 30, 3, 53, times=1.5), stands_out(5, 0, 3, 53, times=1.5)
    (True, False, False)
    """
    if not tries or not other_tries or hits < max(least, 1):
        return False
    if hits / tries < times * other_hits / other_tries:
        return False
    return fisher_tail(hits, tries, other_hits, other_tries) < SURE / tests


def too_few(found: int, expected: float, variance: float) -> float:
    """Chance of so few or fewer where the strata of a comparison expect ``expected`` with ``variance``.

    Normal approximation with continuity correction; 1 where the variance is too small for it. Source: Mantel &
    Haenszel 1959, Journal of the National Cancer Institute 22, 719-748.

    >>> f"{too_few(20, 50, 25):.1e}", too_few(0, 3, 2.5)
    ('1.8e-09', 1.0)
    """
    if variance < STRATA_VARIANCE:
        return 1.0
    return 0.5 * math.erfc((expected - found - 0.5) / math.sqrt(2 * variance))
