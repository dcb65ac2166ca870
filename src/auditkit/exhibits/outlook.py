"""Whether the trend of a figure reaches its target by the day that is wanted, or why that cannot be told.

In come the context, a figure with its history and its target, out comes an outlook: a word, a reason, and what the
line through the history expects until the day. Shares are drawn out on the logit scale and times on the logarithm,
so that no projection leaves what a figure can be; limits are those of one new period. Nothing is projected from few
periods, across a dated change, past an odd end, into a season that was seen, or further than the history is long.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from auditkit.clocks.period import Period, month_of, parse_period, quarter_of, span, week_of
from auditkit.config import Target
from auditkit.evaluation.verdicts import BOTH, MEETS, MISSES, OPEN
from auditkit.exhibits.changes import Z
from auditkit.exhibits.context import SCALES, Context
from auditkit.exhibits.figures import Figure
from auditkit.known_changes import concerning, rebased_at
from auditkit.labels import is_net, said, said_n
from auditkit.stats import Trend, projected, theil_sen, xmr
from auditkit.stats.control import LIMIT_FACTOR
from auditkit.stats.projection import departs
from auditkit.translation import N_

GETS_THERE, FALLS_SHORT = N_("gets there"), N_("does not get there")
REACHED, NOT_REACHED = N_("target reached"), N_("target not reached")
CANNOT_TELL = N_("cannot be told")
FEWEST_PERIODS = 8  # below this the limits of a slope are nearly those of the two most extreme pairs
_LEAST_SHARE = 1e-6  # what stands for nothing where a share has no counts


@dataclass(frozen=True)
class Outlook:
    """``word`` and ``reason``; where a line was drawn, ``ahead`` are the periods until the day with ``expected``,
    ``low`` and ``high`` for each, and ``line`` is what the line says of each period that it was drawn from (NaN before
    its first).
    """

    word: str
    reason: str = ""
    trend: Trend | None = None
    line: tuple[float, ...] = ()
    ahead: tuple[Period, ...] = ()
    expected: tuple[float, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()


def outlook(context: Context, figure: Figure, series: Sequence[Figure | None], target: Target) -> Outlook:
    """The outlook of a figure whose target names a day; ``series`` has one figure for each period of the history."""
    assert target.by is not None
    history = context.history[:-1] if context.partial else context.history
    ahead = _periods_until(context.previous if context.partial else context.period, target.by, len(history) + 1)
    if not ahead:
        return _due(context, figure, target)
    if figure.verdict == OPEN and figure.verdict_reason != BOTH and not context.partial:
        return Outlook(CANNOT_TELL, figure.verdict_reason)
    start = max(rebased_at(context.changes, figure.measure, history), default=0)
    known = [one if one is not None and one.available else None for one in series[start : len(history)]]
    lacking = _too_short(context, figure, sum(one is not None for one in known), start, len(ahead))
    if lacking:
        return Outlook(CANNOT_TELL, lacking)
    scale = _scale_of(figure, known)
    trend = theil_sen([math.nan if one is None else scale.of(one) for one in known])
    made = _drawn(trend, scale, known, start, ahead)
    why = _odd(trend, scale, known, history[start:], ahead[-1])
    if why:
        return Outlook(CANNOT_TELL, why, trend, made.line)
    return _judged(made, target)


def _due(context: Context, figure: Figure, target: Target) -> Outlook:
    """The outlook when no whole period is left until the day: the figure itself answers."""
    assert target.by is not None
    passed = target.by < context.period.end
    when = said("the day has passed") if passed else said("no whole period is left until the day")
    if figure.verdict == MEETS:
        return Outlook(REACHED, when)
    if figure.verdict == MISSES:
        return Outlook(NOT_REACHED, when)
    return Outlook(CANNOT_TELL, figure.verdict_reason or figure.reason or when)


def _too_short(context: Context, figure: Figure, known: int, start: int, ahead: int) -> str:
    if known < FEWEST_PERIODS and start:
        change = concerning(context.changes, figure.measure)[-1].title
        return said_n(
            "{count} period since “{change}”, a trend needs {least}",
            "{count} periods since “{change}”, a trend needs {least}",
            known,
            change=change,
            least=FEWEST_PERIODS,
        )
    if known < FEWEST_PERIODS:
        return said_n(
            "too few periods: {count} has a figure, a trend needs {least}",
            "too few periods: {count} have a figure, a trend needs {least}",
            known,
            least=FEWEST_PERIODS,
        )
    if ahead > known:
        return said("the day is further away than the history is long")
    return ""


def _odd(trend: Trend, scale: _Scale, known: Sequence[Figure | None], history: Sequence[Period], last: Period) -> str:
    """What in the history forbids to draw its line out, in words; "" where nothing does.

    A period stands out where it lies further from the line than the usual range of what lies around it, and further
    than three errors of the figures themselves.
    """
    reach = np.fmax(LIMIT_FACTOR * xmr(trend.residuals).moving_range, 3 * scale.noise)
    outside = np.abs(trend.residuals) > reach
    if outside[-1]:
        return said("the last figure lies outside the usual range around the trend")
    if departs(trend, [math.nan if one is None else scale.of(one) for one in known], scale.noise):
        return said("the figures did not move along a line")
    year_before = last.year_before().label
    if any(out for period, out in zip(history, outside, strict=True) if period.label == year_before):
        return said("the same period a year before stood out, as a season would")
    return ""


def _judged(made: Outlook, target: Target) -> Outlook:
    """The word for where the last projected interval lies to the target."""
    low, high, bound = made.low[-1], made.high[-1], target.bound
    assert bound is not None and made.trend is not None
    if math.isnan(low) or math.isnan(high):
        return _told(made, CANNOT_TELL, said("the figures do not tell their scatter"))
    good, bad = (low >= bound, high < bound) if target.at_least is not None else (high <= bound, low > bound)
    if good or bad:
        return _told(made, GETS_THERE if good else FALLS_SHORT)
    if not made.trend.is_certain:
        return _told(made, CANNOT_TELL, said("the trend cannot be told from none, and the target lies within reach"))
    return _told(made, CANNOT_TELL, said("the projection's interval holds the target"))


def _told(made: Outlook, word: str, reason: str = "") -> Outlook:
    return Outlook(word, reason, made.trend, made.line, made.ahead, made.expected, made.low, made.high)


# --- the scale on which the line is drawn


@dataclass(frozen=True)
class _Scale:
    """From a figure to the line's scale, and back; ``noise`` is what the figures' own rows leave open on that scale."""

    of: Callable[[Figure], float]
    back: Callable[[np.ndarray], np.ndarray]
    noise: float = 0.0


def _scale_of(figure: Figure, known: Sequence[Figure | None]) -> _Scale:
    there = [one for one in known if one is not None]
    if figure.unit == "share" and not is_net(figure.unit, figure.statistic):
        return _Scale(_logit, _share, _median([_logit_error(one) for one in there]))
    positive = figure.unit not in ("net", "coefficient") and figure.measure not in SCALES
    if positive and figure.statistic != "net" and all(one.value > 0 for one in there):
        errors = [math.log(one.high / one.low) / 2 / Z for one in there if one.low and one.high and one.low > 0]
        return _Scale(lambda one: math.log(one.value), np.exp, _median(errors))
    least, most = SCALES.get(figure.measure, (-1.0, 1.0) if is_net(figure.unit, figure.statistic) else (None, None))
    errors = [(one.high - one.low) / 2 / Z for one in there if one.low is not None and one.high is not None]
    return _Scale(lambda one: one.value, lambda values: np.clip(values, least, most), _median(errors))


def _logit(one: Figure) -> float:
    """The empirical logit of a share, with a half added to either side (Haldane 1956; Anscombe 1956)."""
    if one.numerator is not None and one.denominator:
        return math.log((one.numerator + 0.5) / (one.denominator - one.numerator + 0.5))
    value = min(max(one.value, _LEAST_SHARE), 1 - _LEAST_SHARE)
    return math.log(value / (1 - value))


def _logit_error(one: Figure) -> float:
    """The binomial error of an empirical logit."""
    if one.numerator is None or not one.denominator:
        return 0.0
    return math.sqrt(1 / (one.numerator + 0.5) + 1 / (one.denominator - one.numerator + 0.5))


def _share(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(logits, -700, 700)))


def _median(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else 0.0


def _drawn(trend: Trend, scale: _Scale, known: Sequence[Figure | None], start: int, ahead: Sequence[Period]) -> Outlook:
    """The line over the history and on until the last of the periods ahead, in the figures' own unit."""
    within = scale.back(trend.intercept + trend.slope * np.arange(len(known)))
    places = len(known) + np.arange(len(ahead))
    parts = [scale.back(np.asarray(part)) for part in projected(trend, places, least_scatter=scale.noise)]
    expected, low, high = (tuple(map(float, part)) for part in parts)
    line = (*[math.nan] * start, *map(float, within))
    return Outlook("", "", trend, line, tuple(ahead), expected, low, high)


def _periods_until(period: Period, by: date, most: int) -> list[Period]:
    """The periods after this one that are wholly over when the day is, that day included; no more than ``most``."""
    found: list[Period] = []
    while len(found) < most and (following := _after(period)).end - timedelta(days=1) <= by:
        found.append(following)
        period = following
    return found


def _after(period: Period) -> Period:
    """The period of the same kind just after this one."""
    if len(period.label) == 4:
        return parse_period(f"{period.start.year + 1:04d}")
    for sign, of in (("Q", quarter_of), ("W", week_of)):
        if sign in period.label:
            return of(period.end)
    return month_of(period.end) if len(period.label) == 7 else span(period.end, period.end + timedelta(period.days))
