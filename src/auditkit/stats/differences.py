"""Difference in differences for few teams: one team with a change against the mean of teams without it.

In come the series of the team and of each comparison team, period by period, with the rows behind each value; out
comes the effect with an interval, how far the teams moved apart before the change, and what the same reckoning says of
the teams without the change. With two, three or five teams nothing can be learnt from the spread *between* teams
(Bertrand, Duflo & Mullainathan 2004, Quarterly Journal of Economics 119, 249-275); so the difference of team and
comparison is made one series, and its own movement in time, week after week, settles how sure the effect is (Donald &
Lang 2007, Review of Economics and Statistics 89, 221-233).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.stats.correlated import Estimate, regress
from auditkit.stats.interrupted import UNKNOWN, drift


@dataclass(frozen=True)
class Differences:
    """``effect``: the change of the difference between the team and the mean of the others.

    ``drift``: how far the difference would have moved by itself between the middles of before and after, had its trend
    before the change gone on; an interval off nought says that the trends were not parallel. ``difference`` and
    ``counts`` are the series, ``left_out`` the effect without each of the others, and ``placebos`` the effect found
    in each of the others against the rest of them, where nothing changed, its limits widened for looking at all of
    them (Bonferroni); both are empty with a single other team, or where no ``checks`` were asked for.
    """

    effect: Estimate
    drift: Estimate
    difference: np.ndarray
    counts: np.ndarray
    left_out: tuple[Estimate, ...]
    placebos: tuple[Estimate, ...]
    correlation: float


def difference_in_differences(
    own, others: Sequence, at: int, level: float = 0.95, checks: bool = True
) -> Differences | None:
    """The effect of a change at place ``at`` in ``own`` = (values, counts) against ``others``, each likewise.

    d_t = y_t - mean of the others' y_t, counts 1 / (1/n + sum 1/n_j / J^2); d_t = a + b [t >= at] + e_t with the errors
    of :func:`auditkit.stats.correlated.regress`. A period in which any of the teams has no value is left out, so that
    the mean is always of the same teams. ``checks`` asks for the teams one by one. None without others or with too few
    periods. Assumes that the teams would have gone on in parallel, and that nothing else touched one of them alone at
    that time.

    >>> calm = ([5.0, 5.2, 4.9, 5.1, 5.0, 4.8, 5.1, 5.0, 4.9, 5.1], [20] * 10)
    >>> changed = ([7.1, 7.0, 7.1, 6.9, 7.2, 7.0, 5.0, 5.1, 4.8, 5.0], [20] * 10)
    >>> found = difference_in_differences(changed, [calm], at=6)
    >>> print(f"{found.effect.value:.1f} {found.effect.sign}")
    -2.1 -1
    """
    if not others:
        return None
    difference, counts = _against(own, others)
    effect, correlation = _step(difference, counts, at, level)
    if not effect.is_known:
        return None
    widened = 1 - (1 - level) / len(others)
    rests = [[one for one in others if one is not left] for left in others] if checks and len(others) > 1 else []
    return Differences(
        effect, drift(difference[:at], counts[:at], span=len(difference) / 2, level=level), difference, counts,
        tuple(_step(*_against(own, rest), at, level)[0] for rest in rests),
        tuple(_step(*_against(left, rest), at, widened)[0] for left, rest in zip(others, rests, strict=False)),
        correlation,
    )  # fmt: skip


def _against(own, others: Sequence) -> tuple[np.ndarray, np.ndarray]:
    """The difference of a team and the mean of others, and the count that it is worth."""
    (values, counts), many = (np.asarray(part, dtype=np.float64) for part in own), len(others)
    means = np.mean([np.asarray(one[0], dtype=np.float64) for one in others], axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        noise = 1 / counts + sum(1 / np.asarray(one[1], dtype=np.float64) for one in others) / many**2
        worth = np.where(np.isfinite(noise), 1 / noise, 0.0)
    return values - means, worth


def _step(values: np.ndarray, counts: np.ndarray, at: int, level: float) -> tuple[Estimate, float]:
    """The change of the mean of a series at a place, and the correlation of neighbours."""
    places = np.arange(len(values))
    fit = regress(values, counts, places, np.column_stack([np.ones(len(places)), places >= at]))
    return (fit.estimate([0.0, 1.0], level), fit.correlation) if fit else (UNKNOWN, np.nan)
