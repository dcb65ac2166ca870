"""Charts of a change: the series around it with what it would have been, and the difference to other teams.

In come values by week with the lines through them, out comes an SVG. Each week is a dot, the change an upright line,
and what lies to its right is held against what would have been without it.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from auditkit.clocks.period import Period, month_of
from auditkit.exhibits import theme
from auditkit.exhibits.axes import Scale, labelled, x_axis, y_axis
from auditkit.exhibits.control_chart import LETTERS, frame_around
from auditkit.exhibits.drawing import Drawing
from auditkit.labels import Labels

HEIGHT = 2.7
MOST_TICKS = 8
DOT = 3.2


@dataclass(frozen=True)
class Drawn:
    """A line through some of the periods: its values (NaN: not there), its words at the end, and its colour.

    ``lows`` and ``highs`` are the edges of a band around it.
    """

    values: np.ndarray
    words: str
    colour: str
    lows: np.ndarray | None = None
    highs: np.ndarray | None = None


def around_a_change(
    periods: Sequence[Period], at: int, dots: np.ndarray, lines: Sequence[Drawn], scale: Scale, title: str,
    labels: Labels, bounds: tuple[float, float] = (-math.inf, math.inf), level: float | None = None,
) -> str:  # fmt: skip
    """The chart; ``title`` stands at the change, ``level`` is a value that deserves a line of its own."""
    drawing = Drawing(HEIGHT, right=1.35, top=0.3)
    edges = [part for line in lines for part in (line.values, line.lows, line.highs) if part is not None]
    parts = [np.clip(np.asarray(part, dtype=float), *bounds) / scale.divisor for part in (dots, *edges)]
    floor, step, ceiling = frame_around(*parts, np.array([] if level is None else [level / scale.divisor]))
    drawing.reach(-0.5, len(periods) - 0.5, floor, ceiling)
    y_axis(drawing, ceiling, step, scale, floor)
    x_axis(drawing, months(periods, labels))
    if level is not None:
        drawing.rule(y=level / scale.divisor, colour=theme.GREY, width=0.9)
    places = np.arange(len(periods))
    for line in lines:
        if line.lows is not None and line.highs is not None:
            drawing.band(places, *(np.clip(one, *bounds) / scale.divisor for one in (line.lows, line.highs)),
                line.colour)  # fmt: skip
    for place, value in enumerate(parts[0]):
        drawing.dot(place, value, theme.GREY, DOT)
    for line in lines:
        drawing.line(places, np.clip(line.values, *bounds) / scale.divisor, line.colour)
    _mark(drawing, at, len(periods), title)
    told = [line for line in lines if line.words]
    labelled(drawing, [(_last(line) / scale.divisor, line.words, theme.QUIET if line.colour == theme.GREY
        else line.colour) for line in told])  # fmt: skip
    return drawing.svg()


def _mark(drawing: Drawing, at: int, many: int, title: str) -> None:
    """The upright line of the change with its words."""
    drawing.rule(x=at - 0.5, colour=theme.INK, width=0.9)
    side = -1 if at > 0.6 * many else 1
    text = textwrap.shorten(title, LETTERS, placeholder=" …")
    anchor = "start" if side > 0 else "end"
    drawing.words(drawing.x(at - 0.5) + 4 * side, drawing.top - 4, text, size=8, anchor=anchor, at="base")


def months(periods: Sequence[Period], labels: Labels) -> list[tuple[float, str]]:
    """The places along the periods at which months begin, with their names; as many as there is room for."""
    first, days = periods[0].start, periods[0].days
    begins = []
    day = first if first.day == 1 else month_of(first).end
    while day < periods[-1].end:
        begins.append(day)
        day = month_of(day).end
    step = max(math.ceil(len(begins) / MOST_TICKS), 1)
    shown = begins[::step]
    names = labels.axis([month_of(one) for one in shown])
    return [(_place(one, first, days), name) for one, name in zip(shown, names, strict=True)]


def _last(line: Drawn) -> float:
    return float(line.values[np.isfinite(line.values)][-1])


def _place(day: date, first: date, days: int) -> float:
    return (day - first) / timedelta(days=days) - 0.5
