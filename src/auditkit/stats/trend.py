"""Whether a share rises or falls over ordered periods: the Cochran-Armitage test for trend."""

from __future__ import annotations

import math

import numpy as np

from auditkit.stats.numeric import floats


def share_trend(met, counted) -> tuple[float, float]:
    """z and the two-sided p of a linear trend in shares over equal periods; nan where nothing can be told.

    Cochran (1954), Armitage (1955): T = sum(t_i (met_i - n_i p)) with the pooled share p, over its standard deviation
    sqrt(p (1 - p) (sum(n_i t_i^2) - (sum n_i t_i)^2 / N)). z above nought: the share rises. Assumes independent rows,
    and enough of them for the normal approximation. A period without rows adds nothing. Checked against
    ``statsmodels`` ``Table.test_ordinal_association`` and the table 5.3 of Agresti, Categorical Data Analysis.

    >>> z, p = share_trend([10, 20, 30], [100, 100, 100])
    >>> round(z, 4), round(p, 6)
    (3.5355, 0.000407)
    """
    met, counted = floats(met, counted)
    times = np.arange(met.size, dtype=float)
    total = counted.sum()
    share = met.sum() / total if total else np.nan
    reach = (counted * times**2).sum() - (counted * times).sum() ** 2 / total if total else 0.0
    spread = share * (1 - share) * reach
    if not spread > 0:
        return float("nan"), float("nan")
    z = float((times * (met - counted * share)).sum() / np.sqrt(spread))
    return z, math.erfc(abs(z) / math.sqrt(2))
