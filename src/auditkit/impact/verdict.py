"""What may be concluded of a change: an effect of the size expected, another one, none, or nothing, and why.

In come a team's series around the change and those of teams without it, on one scale, and what was expected of it; out
comes a verdict with the estimates that it rests on. The rules are few and stand here alone. The comparison with other
teams decides where there is one whose trend was parallel before the change, and the team's own series must point the
same way; else the series decides, if it is long enough to tell a season from the change; else nothing is concluded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.stats.correlated import Estimate
from auditkit.stats.differences import Differences, difference_in_differences
from auditkit.stats.interrupted import UNKNOWN, Interrupted, interrupted_series

FOUND = ("as_expected", "smaller", "larger", "expected_way", "some", "other_way")
NONE = ("ruled_out", "none")
OPEN = ("open", "unclear")
KINDS = (*FOUND, *NONE, *OPEN)
POWER = 1.43  # (t of 97.5 % + t of 80 %) / t of 97.5 %: what is shown in four cases of five, in half-widths


@dataclass(frozen=True)
class Expected:
    """What was expected of a change, on the scale of the series: ``size`` (None: not said), ``way`` 1, -1 or 0."""

    size: float | None = None
    way: int = 0


ANYTHING = Expected()


@dataclass(frozen=True)
class Verdict:
    """``kind`` is one of :data:`KINDS`; ``why`` says what stands in the way where it is "unclear".

    ``effect`` is the estimate that decides and ``basis`` where it comes from: "teams" or "series", "" for neither.
    ``series`` is the team's own interrupted series, ``sloping`` the same with a change of slope, ``teams`` the
    comparison.
    """

    kind: str
    why: str = ""
    basis: str = ""
    effect: Estimate = UNKNOWN
    series: Interrupted | None = None
    sloping: Interrupted | None = None
    teams: Differences | None = None

    @property
    def is_found(self) -> bool:
        """Whether an effect is claimed."""
        return self.kind in FOUND

    @property
    def could_show(self) -> float:
        """The size of an effect that would have been shown in four cases of five."""
        return POWER * self.effect.half


def judge(
    own, others: Sequence, at: int, days: int, expected: Expected = ANYTHING, level: float = 0.95, checks: bool = True
) -> Verdict:
    """The verdict on a change at place ``at`` of periods of so many ``days``.

    ``own`` and each of ``others`` are (values, counts). ``checks`` adds what decides nothing but shows how far the
    estimate can be leant on: a slope of its own after the change, and the teams one by one.
    """
    series = interrupted_series(*own, at, days, level=level)
    teams = difference_in_differences(own, others, at, level, checks=checks)
    sloping = interrupted_series(*own, at, days, slope=True, level=level) if series and checks else None
    why, basis, effect = _decide(series, teams)
    kind = "unclear" if why else kind_of(effect, expected)
    return Verdict(kind, why, basis, effect, series, sloping, teams)


def kind_of(effect: Estimate, expected: Expected) -> str:
    """What an estimate says of what was expected."""
    size = expected.size
    way = int(np.sign(size)) if size else expected.way
    if not effect.sign:
        return "none" if size is None else "open" if effect.holds(size) else "ruled_out"
    if way and effect.sign != way:
        return "other_way"
    if size is None:
        return "expected_way" if way else "some"
    if effect.holds(size):
        return "as_expected"
    return "smaller" if abs(size) > max(abs(effect.low), abs(effect.high)) else "larger"


def _decide(series: Interrupted | None, teams: Differences | None) -> tuple[str, str, Estimate]:
    """What stands in the way ("" for nothing), the basis and its estimate."""
    parallel = teams is not None and not teams.drift.sign
    if teams is not None and parallel:
        if teams.effect.sign and series is not None and _contradicts(series.level, teams.effect):
            return "disagree", "teams", teams.effect
        return "", "teams", teams.effect
    if series is None:
        return ("apart" if teams else "short"), "", UNKNOWN
    if series.seasonal:
        return "", "series", series.level
    return ("apart" if teams else "season"), "series", series.level


def _contradicts(series: Estimate, effect: Estimate) -> bool:
    """Whether the team's own series points the other way, or to another size altogether."""
    overlap = series.low <= effect.high and effect.low <= series.high
    return np.sign(series.value) != effect.sign or not overlap
