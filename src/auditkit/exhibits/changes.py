"""What changed, and how sure that is: each headline figure against the period before and the same period a year ago.

In comes the context, out come comparisons with p values adjusted for looking at all of them at once, and the signals
of each measure's own history. Shares, samples, whole curves of survival
(open tickets included) and net scores are tested; counts of everything that came in are
facts, and are only held against their usual range. An arrow between two points is never called a change by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditkit.clocks.period import Period
from auditkit.definition import Quantity, Survival
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.known_changes import rebased_at
from auditkit.labels import is_net
from auditkit.stats import compare_means, compare_samples, compare_shares, compare_survival, holm, xmr

THRESHOLD = 0.05
FEWEST = 30  # rows on either side below which no change is called or denied
STEADY = 0.75  # part of the earlier periods that has to lie within the limits
FEWEST_PERIODS = 6  # below this a series has no usual range worth the name
Z = 1.959964


@dataclass(frozen=True)
class Comparison:
    """One figure against another period; ``p`` is raw, ``adjusted`` for all comparisons; None means untested."""

    now: Figure
    then: Figure
    against: Period
    p: float | None = None
    adjusted: float | None = None

    @property
    def enough(self) -> bool:
        """Whether both sides rest on enough rows."""
        return min(self.now.n or 0, self.then.n or 0) >= FEWEST

    @property
    def is_change(self) -> bool:
        """More than chance explains, on enough rows."""
        return self.enough and self.adjusted is not None and self.adjusted < THRESHOLD

    @property
    def rose(self) -> bool:
        """Whether the figure is higher now."""
        return self.now.value > self.then.value


@dataclass(frozen=True)
class Usual:
    """The usual range of a series (natural process limits) and the rules that its last point breaks."""

    low: float
    high: float
    mean: float
    signals: tuple[str, ...]
    trial: bool
    periods: int


@dataclass(frozen=True)
class Headline:
    """A headline figure with its comparisons and its usual range."""

    figure: Figure
    comparisons: tuple[Comparison, ...]
    usual: Usual | None

    @property
    def changes(self) -> tuple[Comparison, ...]:
        """The comparisons that are changes."""
        return tuple(one for one in self.comparisons if one.is_change)

    @property
    def is_judged(self) -> bool:
        """Whether anything could speak for a change: a test on enough rows, or a usual range."""
        return self.usual is not None or any(one.enough and one.p is not None for one in self.comparisons)

    @property
    def is_signal(self) -> bool:
        """Whether anything speaks for a change."""
        return bool(self.changes) or bool(self.usual and self.usual.signals)


def headlines(context: Context, measures: Iterable[tuple[str, str]]) -> list[Headline]:
    """The headline of each (measure, statistic) that has a figure, with p values adjusted over all of them."""
    found = []
    for measure, statistic in measures:
        figure = context.figure(measure, statistic=statistic)
        if figure is not None and figure.available:
            compared = tuple(_comparisons(context, figure))
            found.append(Headline(figure, compared, usual_range(context, measure, statistic)))
    adjusted = iter(holm([_nan(one.p) for headline in found for one in headline.comparisons]))
    return [
        replace(
            headline,
            comparisons=tuple(replace(one, adjusted=_number(next(adjusted))) for one in headline.comparisons),
        )
        for headline in found
    ]


def usual_range(context: Context, measure: str, statistic: str = "") -> Usual | None:
    """The natural limits of the measure's history; None when that is short or unsteady, or the period is not over.

    The history begins afresh at the last dated change that concerns the measure.
    """
    values = [math.nan if one is None or one.value is None else one.value for one in context.series(measure, statistic)]
    values = values[max(rebased_at(context.changes, measure, context.history), default=0) :]
    known = sum(not math.isnan(value) for value in values)
    if known < FEWEST_PERIODS or math.isnan(values[-1]) or context.partial:
        return None
    chart = xmr(values)
    if not chart.moving_range > 0:
        return None
    signals = chart.signals[-1]
    if not _is_steady(values[:-1]):
        signals = tuple(name for name in signals if name == "trend_of_7")
        if not signals:
            return None
    figure = context.figure(measure, statistic=statistic)
    low, high = possible(figure, chart.lower, chart.upper)
    return Usual(low, high, chart.mean, signals, chart.trial, known)


def _is_steady(earlier: list[float]) -> bool:
    """Whether the earlier periods kept to a range of their own; a series that moved to another level has none."""
    chart = xmr(earlier)
    inside = [chart.lower <= value <= chart.upper for value in earlier if not math.isnan(value)]
    return sum(inside) >= STEADY * len(inside)


def possible(figure: Figure, low: float, high: float) -> tuple[float, float]:
    """Limits kept within what the figure can be: no share above all, no count below nothing."""
    if is_net(figure.unit, figure.statistic):
        return max(low, -1), min(high, 1)
    if figure.unit == "share":
        return max(low, 0), min(high, 1)
    return (low if figure.statistic == "net" else max(low, 0)), high


def _comparisons(context: Context, figure: Figure) -> Iterable[Comparison]:
    for against in dict.fromkeys(period for period in (context.previous, context.year_before) if period is not None):
        then = context.figure(figure.measure, against, figure.statistic)
        if then is not None and then.available:
            yield Comparison(figure, then, against, p_value(context, figure, then, against))


def p_value(context: Context, now: Figure, then: Figure, against: Period) -> float | None:
    """The p value of the test that suits the figure; None where only the usual range can speak."""
    if now.statistic == "share" and None not in (now.numerator, now.denominator, then.numerator, then.denominator):
        return _number(compare_shares(now.numerator, now.denominator, then.numerator, then.denominator)[3])
    if is_net(now.unit, now.statistic):
        sides = [part for one in (now, then) for part in (one.n, one.value, _variance(one))]
        return None if None in sides else _number(compare_means(*sides)[3])
    measure = context.measures.get(now.measure)
    if now.statistic == "median" and isinstance(measure, Survival):
        sides = context.durations(measure, context.period), context.durations(measure, against)
        return _number(compare_survival(*sides[0], *sides[1])[2])
    if now.statistic in ("mean", "median") and isinstance(measure, Quantity):
        sample, before = context.sample(measure, context.period), context.sample(measure, against)
        return _number(compare_samples(sample, before)[1])
    return None


def _variance(figure: Figure) -> float | None:
    """The variance of one answer, back from the normal interval of the mean."""
    if figure.low is None or figure.high is None or not figure.n:
        return None
    return figure.n * ((figure.high - figure.low) / 2 / Z) ** 2


def _nan(value: float | None) -> float:
    return math.nan if value is None else value


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
