"""Which groups stand out, once chance is allowed for: limits around the pooled share, in place of a league table.

In come met and counted per group; out come the pooled share, exact limits at each size of group and whether the group
lies outside them. Where the groups differ more than chance allows as a whole, the limits are widened by that much, so
that an ordinary spread between agents does not make most of them outliers. It knows no agents and draws nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from auditkit.stats.numeric import floats, only_where, tail
from auditkit.stats.quantiles import _at_most, _low_rank

LEVELS = (0.95, 0.998)  # Spiegelhalter 2005: about two and three standard deviations
WINSORISED = 0.1  # share of z scores pulled in at each end
SPREAD_TEST = 0.95  # widened only where the spread exceeds this quantile of chi-square
MODELS = ("additive", "multiplicative", "none")


@dataclass(frozen=True, eq=False)
class Funnel:
    """A funnel of shares; see ``funnel``. Arrays have one entry per group, in the order given.

    ``centre``: the pooled share. ``phi``: mean squared winsorised z score, 1 by chance alone; NaN with fewer than two
    groups. ``tau``: standard deviation between groups beyond chance, a share, estimated even where the limits are not
    widened. ``model``: what widened them: "additive", "multiplicative" or "none". ``low95`` to ``high998``: limits, in
    0..1, NaN where nothing is counted. ``outside95``, ``outside998``: "above", "below" or None.
    """

    centre: float
    phi: float
    tau: float
    model: str
    shares: np.ndarray
    counted: np.ndarray
    low95: np.ndarray
    high95: np.ndarray
    low998: np.ndarray
    high998: np.ndarray
    outside95: tuple[str | None, ...]
    outside998: tuple[str | None, ...]

    def limits_at(self, counted, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """Limits (low, high) of this funnel at any size of group: the curves to draw."""
        return _widened(counted, self.centre, level, _widening(counted, self.centre, self.phi, self.tau, self.model))


def funnel(met, counted, model: str = "additive") -> Funnel:
    """Exact 95 % and 99.8 % limits around the pooled share, widened where the groups spread more than chance allows.

    With z_i = (share_i - centre) / s_i, s_i^2 = centre (1 - centre) / n_i, the lowest and the highest tenth pulled in
    to the 10th and 90th percentile, phi is the mean of z^2 over the I groups. Where I phi exceeds the 95 % quantile of
    chi-square with I degrees of freedom, the distance of each limit from the centre is multiplied: "additive" by
    sqrt(1 + tau^2 / s_i^2), tau^2 = (I phi - (I - 1)) / (sum w - sum w^2 / sum w), w = 1 / s^2, at least 0;
    "multiplicative" by sqrt(phi). "none" never widens. Groups with nothing counted, or more met than counted, take no
    part. No group is outside where all rows, or none, are met. Assumes independent rows within a group, and that most
    groups are ordinary. Pulling in keeps real outliers from hiding themselves, and so makes tau somewhat small: of 30
    simulated groups with an ordinary, normal spread, 9 in 100 lie outside the widened 95 % limits, not 5.
    Source: Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202; Spiegelhalter 2005, Quality and Safety in Health
    Care 14, 347-351 (winsorising, additive model, after DerSimonian & Laird 1986, Controlled Clinical Trials 7,
    177-188). Checked against ``scipy.stats.binom``, the tau^2 of ``statsmodels`` and simulated groups.

    >>> result = funnel([80, 82, 79, 84, 76, 85, 81, 77, 62, 6], [100, 100, 100, 100, 100, 100, 100, 100, 100, 10])
    >>> print(f"{result.centre:.4f} {result.low95[8]:.3f} {result.low998[8]:.3f} {result.model}")
    0.7824 0.694 0.642 none
    >>> print(result.outside95[8], result.outside998[8], result.outside95[9])
    below below None
    """
    if model not in MODELS:
        raise ValueError(f"model must be one of {', '.join(MODELS)}, not {model!r}")
    met, counted = (np.atleast_1d(values) for values in floats(met, counted))
    met, counted = only_where((counted > 0) & (met >= 0) & (met <= counted), met, counted)
    centre = float(np.nansum(met) / np.nansum(counted)) if np.any(counted > 0) else np.nan
    shares = met / counted
    phi, tau, spread = _spread_beyond_chance(shares, counted, centre)
    used = model if spread else "none"
    widening = _widening(counted, centre, phi, tau, used)
    limits = [_widened(counted, centre, level, widening) for level in LEVELS]
    outside = [_outside(shares, low, high) for low, high in limits]
    return Funnel(centre, phi, tau, used, shares, counted, *limits[0], *limits[1], *outside)


def funnel_limits(counted, centre, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Exact binomial limits (low, high) of a share at each size of group, in 0..1, when its true value is the centre.

    Low is (r - (F(r) - a) / (F(r) - F(r - 1))) / n, at least 0, F the binomial distribution, a = (1 - level) / 2 and
    r the smallest count with F(r) > a. High is 1 minus the low limit of what is not met. So met and not met give the
    same picture, and a share strictly beyond a limit has an exact tail below a. (Interpolating the upper limit
    in F as well, as is often done, flags one count more, with a tail that may exceed a.) NaN where n is 0 or the centre
    is missing.
    Source: Spiegelhalter 2005, Statistics in Medicine 24, 1185-1202, appendix on exact limits. Checked against
    ``scipy.stats.binom`` and simulated shares.

    >>> low, high = funnel_limits([20, 200], 0.9)
    >>> print(low.round(3), high.round(3))
    [0.722 0.854] [1.    0.942]
    """
    counted, centre = floats(counted, centre)
    known = (counted > 0) & (centre >= 0) & (centre <= 1)
    n, chance = np.where(known, counted, 1), np.where(known, centre, 0.5)
    return only_where(known, _low_limit(n, chance, tail(level)), 1 - _low_limit(n, 1 - chance, tail(level)))


def _low_limit(n: np.ndarray, centre: np.ndarray, chance: float) -> np.ndarray:
    rank = _low_rank(n, centre, chance)
    at, below = _at_most(rank, n, centre), np.where(rank > 0, _at_most(np.maximum(rank - 1, 0), n, centre), 0.0)
    return np.maximum(rank - (at - chance) / np.where(at > below, at - below, 1), 0) / n


def _spread_beyond_chance(shares: np.ndarray, counted: np.ndarray, centre: float) -> tuple[float, float, bool]:
    """phi, tau, and whether the spread is more than chance."""
    from scipy.special import chdtri

    known = counted > 0
    groups = int(np.count_nonzero(known))
    if groups < 2:
        return np.nan, 0.0, False
    if not 0 < centre < 1:
        return 0.0, 0.0, False
    weights = counted[known] / (centre * (1 - centre))
    z = (shares[known] - centre) * np.sqrt(weights)
    phi = float(np.mean(np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED])) ** 2))
    excess = groups * phi - (groups - 1)
    tau2 = max(excess, 0) / (weights.sum() - (weights**2).sum() / weights.sum())
    return phi, float(np.sqrt(tau2)), bool(groups * phi > chdtri(groups, 1 - SPREAD_TEST))


def _widening(counted, centre: float, phi: float, tau: float, model: str):
    """What the distance of a limit from the centre is multiplied by."""
    if model == "additive":
        return np.sqrt(1 + tau**2 * np.asarray(counted, dtype=np.float64) / (centre * (1 - centre)))
    return np.sqrt(phi) if model == "multiplicative" else 1.0


def _widened(counted, centre: float, level: float, widening) -> tuple[np.ndarray, np.ndarray]:
    low, high = funnel_limits(counted, centre, level)
    if np.all(widening == 1):  # not even a rounding away from the exact limits
        return low, high
    return np.maximum(centre - (centre - low) * widening, 0), np.minimum(centre + (high - centre) * widening, 1)


def _outside(shares: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[str | None, ...]:
    slack = 1e-12  # a share exactly on a limit is inside
    flags = np.select([shares > high + slack, shares < low - slack], ["above", "below"], "")
    return tuple(flag or None for flag in flags.tolist())
