"""How far a figure lies from a value that it is held against, in words: points between shares, else its own unit.

In come a figure and a fixed value (a target, a benchmark), out come the difference and its interval, which is that of
the figure alone. The sign is always there: it says on which side the figure lies.
"""

from __future__ import annotations

from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.labels import NOTHING, is_net
from auditkit.labels.figures import COARSE_SHARE
from auditkit.labels.numbers import half_width

_ENDS = ("difference", "low", "high")


def apart(context: Context, figure: Figure, value: float) -> str:
    """Figure less value, with the interval of the figure; a dash where there is no figure."""
    if figure.value is None:
        return NOTHING
    low, high = (None if limit is None else limit - value for limit in (figure.low, figure.high))
    counted = figure.statistic == "count" and figure.unit != "share"
    return told_apart(context, figure, figure.value - value, *((None, None) if counted else (low, high)))


def told_apart(context: Context, figure: Figure, size: float, low: float | None, high: float | None) -> str:
    """A difference of two such figures with its limits, where it has both or one of them."""
    labels, half = context.labels, half_width(low, high)
    told = difference(context, figure, size, half)
    if low is None and high is None:
        return told
    points = figure.unit == "share" and not is_net(figure.unit, figure.statistic)
    if points and low is not None and high is not None:
        decimals = 0 if half > COARSE_SHARE else 1
        bare = (labels.signed(100 * one, decimals) for one in (size, low, high))
        return labels.say("{difference} ({low} to {high})\u00a0points", **dict(zip(_ENDS, bare, strict=True)))
    ends = [None if one is None else difference(context, figure, one, half) for one in (low, high)]
    if ends[0] is None:
        return with_interval(told, labels.say("up to {upper}", upper=ends[1]))
    if ends[1] is None:
        return with_interval(told, labels.say("from {lower}", lower=ends[0]))
    return with_interval(told, labels.reach(ends[0], ends[1]))


def with_interval(value: str, interval: str) -> str:
    """A figure with its interval in brackets, where it has one."""
    return value if interval == NOTHING else f"{value} ({interval})"


def difference(context: Context, figure: Figure, size: float, half: float = 0.0) -> str:
    """A difference of two values of such a figure, with its sign and the digits that ``half`` an interval leaves."""
    labels = context.labels
    if is_net(figure.unit, figure.statistic):
        return labels.signed(100 * size, 0 if half >= 0.02 else 1)
    if figure.unit == "share":
        return labels.points(size, coarse=half > COARSE_SHARE)
    if figure.unit == "seconds":
        told = labels.duration(size, half, context.is_business(figure.measure))
        return f"+{told}" if size > 0 else told
    return labels.signed(size, _decimals(figure, size, half))


def _decimals(figure: Figure, size: float, half: float) -> int:
    if figure.statistic in ("count", "max"):
        return 0 if size == round(size) else 1
    return 2 if figure.unit in ("ratio", "coefficient") else 1 if half >= 0.25 else 2
