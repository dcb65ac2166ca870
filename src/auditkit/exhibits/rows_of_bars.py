"""Forms of chart with one row per thing: bars that are counted, and dots with their intervals.

In come names with values, already in the order in which they are to be read, out comes an SVG. The name stands to the
left of its row and the value at its right end, so that nothing has to be looked up; rows run downwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.exhibits import theme
from auditkit.exhibits.axes import Mark, Scale, nice_step, row_names
from auditkit.exhibits.drawing import Drawing

ROW = 0.245  # inches
LEFT = 1.55  # inches for the names


@dataclass(frozen=True)
class Bar:
    """One row of bars: its name, how long it is, the words at its end, and whether it is the one spoken of."""

    name: str
    value: float
    words: str
    strong: bool = False


@dataclass(frozen=True)
class Dot:
    """One row of dots: its name, its value with limits (None: none), and the words at the right edge."""

    name: str
    value: float | None
    low: float | None
    high: float | None
    words: str
    strong: bool = False


def bars(rows: Sequence[Bar], accent: str, right: float = 1.5) -> str:
    """Bars from nought; those spoken of in the accent, the others in grey. ``right``: inches for the words."""
    drawing = Drawing(ROW * len(rows) + 0.12, left=LEFT, right=right, top=0.06, bottom=0.06)
    drawing.reach(0, max([row.value for row in rows] + [1e-9]), len(rows), 0)
    row_names(drawing, [row.name for row in rows])
    for place, row in enumerate(rows):
        drawing.bar(0, row.value, place + 0.14, 0.72, accent if row.strong else theme.GREY)
        drawing.words(drawing.x(row.value) + 5, drawing.y(place + 0.5), row.words, size=8)
    return drawing.svg()


def dots(rows: Sequence[Dot], scale: Scale, accent: str, target: Mark | None = None, top: float | None = None) -> str:
    """Values with their intervals on one axis from nought; the target is an upright line. ``top`` bounds the axis."""
    drawing = Drawing(ROW * len(rows) + 0.62, left=LEFT, right=0.95, top=0.24 if target else 0.06, bottom=0.38)
    reach = _reach(rows, target, top) / scale.divisor
    step = nice_step(reach, 4)
    ceiling = min(math.ceil(reach / step - 1e-9) * step, top / scale.divisor if top else math.inf)
    drawing.reach(0, ceiling, len(rows), 0)
    for index in range(int(ceiling / step + 1e-9) + 1):
        drawing.rule(x=index * step)
        words = scale.tick(index * step, step)
        drawing.words(drawing.x(index * step), drawing.bottom + 5, words, colour=theme.QUIET, anchor="middle", at="top")
    if target:
        drawing.rule(x=target.value / scale.divisor, colour=theme.WARNING, width=1.1, dashed=True)
        at = drawing.x(target.value / scale.divisor)
        drawing.words(at, drawing.top - 4, target.label, colour=theme.WARNING, size=8, anchor="middle", at="base")
    row_names(drawing, [row.name for row in rows])
    for place, row in enumerate(rows):
        _dot(drawing, place + 0.5, row, scale, accent, ceiling)
    return drawing.svg()


def _dot(drawing: Drawing, at: float, row: Dot, scale: Scale, accent: str, ceiling: float) -> None:
    """One interval with its value; what leaves the paper at the right is cut there."""
    colour = accent if row.strong else theme.QUIET
    if row.value is not None:
        if row.low is not None and row.high is not None:
            ends = [min(max(limit / scale.divisor, 0), ceiling) for limit in (row.low, row.high)]
            drawing.line(ends, [at, at], colour, 1.6)
        drawing.dot(min(row.value / scale.divisor, ceiling), at, colour, 6)
    drawing.words(drawing.right + 6, drawing.y(at), row.words, size=8, colour=theme.INK if row.strong else theme.QUIET)


def _reach(rows: Sequence[Dot], target: Mark | None, top: float | None) -> float:
    """The largest value, with as much of the intervals as does not press the dots together."""
    values = [row.value for row in rows if row.value is not None]
    largest = max([*values, *([target.value] if target else []), 1e-9])
    highs = [row.high for row in rows if row.high is not None]
    reach = max([largest, *(min(high, 2 * largest) for high in highs)])
    return min(reach, top) if top else reach
