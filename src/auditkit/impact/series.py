"""The series that a change is judged by: one measure, period by period, for the team and for those to compare it with.

In come figures by team and period, out come series on the scale on which an effect is told: times and counts by their
logarithm, so that an effect is a ratio; shares, scores and the rest as they are, so that it is a difference. Teams that
cannot be compared are left out, each with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from auditkit.impact.verdict import Expected, Verdict
from auditkit.impact.window import Window
from auditkit.known_changes import Change

Rows = tuple[np.ndarray, np.ndarray]  # values and counts by period
GAPS = 0.1  # part of the periods without a value from which a team is no comparison
DIRECTIONS = {"up": 1, "down": -1}


@dataclass(frozen=True)
class Subject:
    """What is looked at: a measure, or a figure of orders or costs; ``unit`` and ``statistic`` as measures have them.

    Money has the unit "amount" and, where it is known, a ``currency``.
    """

    id: str
    unit: str
    statistic: str
    currency: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A team that is no comparison: ``why`` is "changed" (by ``change``), "shorter" or "gaps"."""

    team: str
    why: str
    change: Change | None = None


@dataclass(frozen=True)
class Series:
    """One subject around one change: native values with their counts, for the team and for those compared.

    ``ratio`` says that an effect is one of logarithms; ``smaller`` how many teams were not considered at all.
    """

    subject: Subject
    window: Window
    own: Rows
    others: Mapping[str, Rows]
    left_out: tuple[LeftOut, ...]
    ratio: bool
    smaller: int = 0

    def scaled(self, rows: Rows) -> Rows:
        """Values on the scale on which effects are reckoned."""
        if not self.ratio:
            return rows
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(rows[0] > 0, np.log(rows[0]), np.nan), rows[1]

    def native(self, scaled: np.ndarray | float) -> np.ndarray | float:
        """Back from that scale."""
        return np.exp(scaled) if self.ratio else scaled

    def level(self, after: bool) -> float:
        """The team's mean before or after the change, weighted by counts; NaN where there is none."""
        values, counts = self.scaled(self.own)
        side = slice(self.window.at, None) if after else slice(None, self.window.at)
        values, counts = values[side], counts[side]
        there = np.isfinite(values) & (counts > 0)
        return float(self.native(np.average(values[there], weights=counts[there]))) if there.any() else math.nan

    def counted(self, after: bool) -> tuple[int, float]:
        """Periods with a value, and rows, before or after the change."""
        values, counts = self.own
        side = slice(self.window.at, None) if after else slice(None, self.window.at)
        there = np.isfinite(values[side]) & (counts[side] > 0)
        return int(there.sum()), float(counts[side][there].sum())

    def expected(self, change: Change) -> Expected:
        """What was expected of the change, on the scale; a size that cannot be is none."""
        way, before = DIRECTIONS.get(change.direction, 0), self.level(after=False)
        size = math.nan
        if change.ratio is not None:
            size = before * (change.ratio - 1)
        elif change.difference is not None:
            size = change.difference
        if self.ratio and math.isfinite(size):
            size = math.log1p(size / before) if size > -before else math.nan
        return Expected(size if math.isfinite(size) and size != 0 else None, way)


@dataclass(frozen=True)
class Study:
    """A series with what was expected and what may be concluded."""

    series: Series
    expected: Expected
    verdict: Verdict
    level: float = 0.95


def make_series(
    subject: Subject,
    window: Window,
    own: Rows,
    others: Mapping[str, Rows],
    left_out: tuple[LeftOut, ...],
    smaller: int = 0,
) -> Series:
    """The series; teams with gaps are left out. A ratio needs values above nought throughout."""
    whole = {team: rows for team, rows in others.items() if np.mean(~np.isfinite(rows[0])) <= GAPS}
    gaps = tuple(LeftOut(team, "gaps") for team in others if team not in whole)
    asked = subject.unit in ("seconds", "amount") or subject.statistic == "count"
    known = np.concatenate([rows[0][np.isfinite(rows[0])] for rows in (own, *whole.values())])
    ratio = bool(asked and known.size and known.min() > 0)
    return Series(subject, window, own, whole, (*left_out, *gaps), ratio, smaller)
