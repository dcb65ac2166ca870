"""What is different since an earlier edition: figures, figures of then counted again, what they rest on, and findings.

In come the report's context, the earlier edition and what figures rest on now; out come plain comparisons, and for
everything that is not compared the reason. A figure is held against that of then as it is counted today, where the
report still counts that period; else against the one that was reported, and only where the same rule counted it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from auditkit.clocks.period import NEARLY_OVER, Period
from auditkit.definition import Snapshot
from auditkit.exhibits.changes import FEWEST, THRESHOLD, p_value
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.scorecard import headline_measures
from auditkit.labels import is_net, said
from auditkit.previous.edition import Edition
from auditkit.stats import compare_shares, holm

FACT, CHANGED, SAME = "fact", "changed", "no clear change"
TOO_FEW, OVERLAP, APART = "too few", "overlap", "apart"
_SAME_VALUE = 1e-9
_NOTHING_THEN = said("the earlier edition has no such figure")
_OTHER_RULE = said("it is counted by another rule now")
_UNKNOWN_RULE = said("the earlier edition does not say by which rule it was counted")
_OTHER_HOURS = said("the opening hours have changed")
_OTHER_ZONE = said("the days are those of another time zone")
_NOT_OVER_NOW = said("the period is not over")
_NOT_OVER_THEN = said("the earlier period was not over when it was reported")
_LENGTHS = said("the periods are not equally long, and a count grows with its period")
_UNITS = said("it is in another unit now")


@dataclass(frozen=True)
class Changed:
    """A figure of now against that of the earlier period: ``outcome`` says what can be said of the difference.

    ``counted_again``: the figure of then is as counted today. ``low`` and ``high`` are the limits of the difference,
    where there are such.
    """

    now: Figure
    then: Figure
    counted_again: bool
    outcome: str
    p: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_certain(self) -> bool:
        """Whether it changed by more than chance explains."""
        return self.outcome in (CHANGED, APART)


@dataclass(frozen=True)
class Restated:
    """A figure of the earlier period that is another one when it is counted today; ``why`` is "" for the same rule."""

    reported: Figure
    again: Figure
    why: str = ""


@dataclass(frozen=True)
class Uncompared:
    """A figure that is not compared, and why."""

    measure: str
    statistic: str
    reason: str


@dataclass(frozen=True)
class Since:
    """Everything that was found; ``edition`` is what it is compared with."""

    edition: Edition
    changed: tuple[Changed, ...]
    restated: tuple[Restated, ...]
    same: int
    uncompared: tuple[Uncompared, ...]


def since_edition(context: Context, edition: Edition, basis: Mapping[str, Any]) -> Since:
    """Compare the headline figures of now, and every figure of then, with the edition."""
    reported = {(one["measure"], one["statistic"]): _figure(one, edition) for one in edition.figures
        if one["variant"] == "default"}  # fmt: skip
    rules = _Rules(context, edition, basis)
    found, uncompared = [], []
    for measure, statistic in headline_measures(context) if edition.period != context.period else ():
        now = context.figure(measure, statistic=statistic)
        if now is None or (not now.available and (measure, statistic) not in reported):
            continue
        one = _compared(context, rules, edition.period, now, reported.get((measure, statistic)))
        (found if isinstance(one, Changed) else uncompared).append(one)
    changed = _adjusted(found)
    restated, same = _restated(context, rules, edition.period, reported.values())
    return Since(edition, tuple(changed), tuple(restated), same, tuple(uncompared))


def _figure(raw: Mapping[str, Any], edition: Edition) -> Figure:
    return Figure(period=edition.period.label, **raw)


class _Rules:
    """Whether figures of then and now are counted alike."""

    def __init__(self, context: Context, edition: Edition, basis: Mapping[str, Any]):
        self.context, self.edition, self.then, self.now = context, edition, edition.basis, basis
        self.was_over = is_over(edition.period, context.labels.zone, edition.as_of)

    def why_other(self, measure: str) -> str:
        """Why the reported figure is counted otherwise than one of today; "" where it is not."""
        then, now = (_entry(one, "measures", measure) for one in (self.then, self.now))
        if then is None:
            return _UNKNOWN_RULE
        if then != now:
            return _OTHER_RULE
        if self.then.get("timezone") != self.now.get("timezone"):
            return _OTHER_ZONE
        if self.context.is_business(measure) and self.then.get("hours") != self.now.get("hours"):
            return _OTHER_HOURS
        return ""


def is_over(period: Period, zone: str, as_of: datetime) -> bool:
    """Whether the period was over at an instant, or nearly so."""
    return datetime.combine(period.end, time(), ZoneInfo(zone)) - as_of <= NEARLY_OVER


def _entry(basis: Mapping[str, Any], table: str, name: str) -> Any:
    found = basis.get(table)
    return found.get(name) if isinstance(found, Mapping) else None


def _compared(
    context: Context, rules: _Rules, period: Period, now: Figure, reported: Figure | None
) -> Changed | Uncompared:
    """One figure against that of then, or why not."""

    def not_compared(reason: str) -> Uncompared:
        return Uncompared(now.measure, now.statistic, reason)

    if context.partial:
        return not_compared(_NOT_OVER_NOW)
    if not now.available:
        return not_compared(context.reason(now.measure))
    again = context.figure(now.measure, period, now.statistic)
    then = again if again is not None and again.available else reported
    if then is None or not then.available:
        return not_compared(_NOTHING_THEN)
    if then is reported and (why := _why_not(rules, now, then)):
        return not_compared(why)
    grows = now.statistic == "count" and not isinstance(context.measures.get(now.measure), Snapshot)
    if grows and _kind(period) != _kind(context.period):
        return not_compared(_LENGTHS)
    return _difference(context, period, now, then, then is again)


def _why_not(rules: _Rules, now: Figure, reported: Figure) -> str:
    if now.unit != reported.unit:
        return _UNITS
    return rules.why_other(now.measure) or ("" if rules.was_over else _NOT_OVER_THEN)


def _kind(period: Period) -> tuple[int, bool, bool]:
    return len(period.label), "Q" in period.label, "W" in period.label


def _difference(context: Context, period: Period, now: Figure, then: Figure, again: bool) -> Changed:
    """The difference with its test: from the rows where they are counted, else from numbers alone."""
    if now.statistic == "count":
        return Changed(now, then, again, FACT)
    sides = (now.numerator, now.denominator, then.numerator, then.denominator)
    low = high = None
    if now.statistic == "share" and None not in sides:
        _, low, high, _ = (_number(part) for part in compare_shares(*sides))
    if min(now.n or 0, then.n or 0) < FEWEST:
        return Changed(now, then, again, TOO_FEW, None, low, high)
    from_numbers = now.statistic == "share" or is_net(now.unit, now.statistic)
    p = p_value(context, now, then, period) if again or from_numbers else None
    if p is not None:
        return Changed(now, then, again, SAME, p, low, high)
    limits = (now.low, now.high, then.low, then.high)
    if None in limits:
        return Changed(now, then, again, FACT)
    apart = now.low > then.high or now.high < then.low  # type: ignore[operator]
    return Changed(now, then, again, APART if apart else OVERLAP)


def _number(value: Any) -> float | None:
    return None if math.isnan(float(value)) else float(value)


def _adjusted(found: Sequence[Changed]) -> Iterator[Changed]:
    """The comparisons with p values adjusted for all of them (Holm 1979), and what they say then."""
    adjusted = holm([math.nan if one.p is None else one.p for one in found])
    for one, p in zip(found, adjusted, strict=True):
        if one.p is None:
            yield one
        else:
            yield replace(one, p=float(p), outcome=CHANGED if p < THRESHOLD else SAME)


def _restated(
    context: Context, rules: _Rules, period: Period, reported: Iterable[Figure]
) -> tuple[list[Restated], int]:
    """The reported figures that are others when they are counted today, and how many are the same."""
    found, same = [], 0
    for one in reported:
        again = context.figure(one.measure, period, one.statistic)
        if again is None or one.measure not in context.measures:
            continue
        if _is_same(one, again):
            same += 1
            continue
        why = rules.why_other(one.measure)
        why = why if why != _UNKNOWN_RULE else ""
        found.append(Restated(one, again, why or ("" if rules.was_over else _NOT_OVER_THEN)))
    return found, same


def _is_same(one: Figure, other: Figure) -> bool:
    if one.value is None or other.value is None:
        return one.value is other.value
    return math.isclose(one.value, other.value, rel_tol=_SAME_VALUE, abs_tol=_SAME_VALUE) and one.n == other.n
