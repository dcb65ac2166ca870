"""The drawing of a funnel: each group by its size and its share, with the limits that chance allows at that size.

In come a ``Funnel`` of stats and the words for the groups that stand out, out comes an SVG. Nobody is ranked: a point
inside the funnel is like any other.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from auditkit.exhibits import theme
from auditkit.exhibits.axes import Scale, labelled, nice_step, y_axis
from auditkit.exhibits.drawing import Drawing
from auditkit.stats.funnel import Funnel

HEIGHT = 3.2
POINTS = 60  # of each limit's curve


def funnel_chart(
    found: Funnel, scale: Scale, accent: str, size_words: str, ends: Mapping[str, str], named: Mapping[int, str]
) -> str:
    """``ends``: the words of "inner", "outer" and "centre" at the right; ``named``: groups to be named, by place."""
    drawing = Drawing(HEIGHT, right=1.15, bottom=0.62)
    known = found.counted > 0
    widest = float(np.nanmax(found.counted[known])) * 1.05
    sizes = np.linspace(max(widest / POINTS, 1), widest, POINTS)
    inner, outer = found.limits_at(sizes, 0.95), found.limits_at(sizes, 0.998)
    floor, step, ceiling = _frame(found, outer)
    drawing.reach(0, widest, floor, ceiling)
    y_axis(drawing, ceiling, step, scale, floor)
    _sizes(drawing, widest, scale, size_words)
    percent = 1 / scale.divisor
    for low, high in (outer, inner):
        drawing.band(sizes, low * percent, high * percent, theme.GREY)
    drawing.line([0, widest], [found.centre * percent] * 2, theme.GREY, 1.1)
    for place, (counted, share) in enumerate(zip(found.counted, found.shares, strict=True)):
        if counted > 0:
            out = found.outside998[place] is not None
            drawing.dot(counted, share * percent, theme.WARNING if out else accent, 6.5 if out else 5)
    for place, words in named.items():
        _name(drawing, float(found.counted[place]), float(found.shares[place]) * percent, words, widest)
    levels = [(outer[1][-1], ends["outer"]), (inner[1][-1], ends["inner"]), (found.centre, ends["centre"])]
    labelled(drawing, [(min(level * percent, ceiling), words, theme.QUIET) for level, words in levels])
    return drawing.svg()


def _name(drawing: Drawing, counted: float, level: float, words: str, widest: float) -> None:
    left = counted > 0.75 * widest
    at = drawing.x(counted) + (-6 if left else 6)
    drawing.words(at, drawing.y(level), words, size=8, colour=theme.WARNING, anchor="end" if left else "start")


def _sizes(drawing: Drawing, widest: float, scale: Scale, words: str) -> None:
    """The axis of sizes, in round steps, with what is counted below it."""
    step = max(nice_step(widest, 6), 1.0)
    drawing.rule(y=drawing.y_low, colour=theme.GREY)
    for index in range(int(widest / step) + 1):
        tick = scale.label(index * step, 0)
        drawing.words(drawing.x(index * step), drawing.bottom + 5, tick, colour=theme.QUIET, anchor="middle", at="top")
    middle = (drawing.left + drawing.right) / 2
    drawing.words(middle, drawing.bottom + 20, words, colour=theme.QUIET, size=8, anchor="middle", at="top")


def _frame(found: Funnel, outer: tuple[np.ndarray, np.ndarray]) -> tuple[float, float, float]:
    """Floor, step and ceiling in per cent: around all points, and the funnel where it is not at its widest."""
    half = len(outer[0]) // 4
    shares = found.shares[found.counted > 0]
    low, high = (
        min(float(shares.min()), float(outer[0][half:].min())),
        max(float(shares.max()), float(outer[1][half:].max())),
    )
    step = nice_step(100 * max(high - low, 0.02), 4)
    floor = max(math.floor(100 * low / step) * step, 0.0)
    return floor, step, min(math.ceil(100 * high / step - 1e-9) * step, 100.0 if 100 % step == 0 else 100.0 + step)
