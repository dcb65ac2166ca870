"""Whether an action had its effect: did the measure change on signal after the day on which it was done?

In come the report's context, a measure and a day; out come a state and a reason in words. The limits are those of the
periods before the day; a period that lies wholly after it and outside them on the good side is a signal. Nothing is
verified by a figure that merely looks better.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from auditkit.exhibits.context import Context
from auditkit.labels import said, said_n
from auditkit.stats import xmr
from auditkit.translation import N_

VERIFIED, WAITING, UNKNOWN = N_("verified"), N_("no signal yet"), N_("cannot be told")
FEWEST_BEFORE = 6  # periods before the day, without which they have no usual range


@dataclass(frozen=True)
class Outcome:
    """What became of an action: ``state`` (verified, no signal yet, cannot be told) and why."""

    state: str
    reason: str


def outcome(context: Context, measure: str, done_on: date) -> Outcome:
    """Hold the periods after the day against the usual range of those before it."""
    declared = context.measures.get(measure)
    side = {"higher": 1, "lower": -1}.get(declared.better if declared else "neither", 0)
    if not side:
        return Outcome(UNKNOWN, said("neither direction of the measure is better"))
    before = [value for period, value in _values(context, measure) if period.end <= done_on]
    after = [value for period, value in _values(context, measure) if period.start >= done_on]
    if len(before) < FEWEST_BEFORE:
        return Outcome(
            UNKNOWN,
            said_n(
                "only {count} period before it has a figure",
                "only {count} periods before it have a figure",
                len(before),
            ),
        )
    if not after:
        return Outcome(WAITING, said("no period lies wholly after it yet"))
    chart = xmr(before)
    better = [value for value in after if (value > chart.upper if side > 0 else value < chart.lower)]
    if better:
        return Outcome(
            VERIFIED,
            said_n(
                "{count} of {all} period after it lies outside the usual range of before, on the good side",
                "{count} of {all} periods after it lie outside the usual range of before, on the good side",
                len(better),
                all=len(after),
            ),
        )
    return Outcome(
        WAITING,
        said_n(
            "{count} period after it lies within the usual range of before, or on the bad side",
            "{count} periods after it lie within the usual range of before, or on the bad side",
            len(after),
        ),
    )


def _values(context: Context, measure: str) -> Iterator[tuple]:
    """The periods of the history that have a figure."""
    for period, one in zip(context.history, context.series(measure), strict=True):
        if one is not None and one.value is not None and math.isfinite(one.value):
            yield period, one.value
