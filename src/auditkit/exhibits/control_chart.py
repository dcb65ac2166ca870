"""The drawing of a chart of individual values: the line, its limits, what signals, and the changes that are known.

In come a series with the limits that hold at each place, out comes an SVG. Points that signal are filled in the warning
colour and larger, so that they are seen in grey too; each change is an upright line with its words at the top.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from auditkit.exhibits import theme
from auditkit.exhibits.axes import Scale, labelled, nice_step, x_axis, y_axis
from auditkit.exhibits.drawing import Drawing
from auditkit.stats.control import XmR

HEIGHT = 2.5
LETTERS = 34  # of a change's title that are drawn; the table has all of it


@dataclass(frozen=True)
class Named:
    """What stands at the right end of the three levels."""

    upper: str
    mean: str
    lower: str


def control_chart(
    names: Sequence[str],
    values: Sequence[float],
    limits: XmR,
    scale: Scale,
    colour: str,
    named: Named,
    changes: Sequence[tuple[int, str]] = (),
    bounds: tuple[float, float] = (-math.inf, math.inf),
) -> str:
    """The chart; ``changes`` are places in front of which something changed, ``bounds`` what a value can be at all."""
    drawing = Drawing(HEIGHT + (0.18 if changes else 0), right=1.15, top=0.3 if changes else 0.12)
    series, lows, means, highs = (
        np.clip(np.asarray(part, dtype=float), *bounds) / scale.divisor
        for part in (values, limits.lowers, limits.means, limits.uppers)
    )
    floor, step, ceiling = frame_around(series, lows, highs)
    drawing.reach(-0.5, len(names) - 0.5, floor, ceiling)
    y_axis(drawing, ceiling, step, scale, floor)
    x_axis(drawing, list(enumerate(names)))
    for _, group in groupby(range(len(names)), key=lambda place: limits.segments[place]):
        _levels(drawing, list(group), lows, means, highs)
    for place, words in changes:
        drawing.rule(x=place - 0.5, colour=theme.INK, width=0.9)
        side = "end" if place > 0.6 * len(names) else "start"
        text = textwrap.shorten(words, LETTERS, placeholder=" …")
        at = drawing.x(place - 0.5) + (4 if side == "start" else -4)
        drawing.words(at, drawing.top - 4, text, size=8, anchor=side, at="base")
    drawing.line(range(len(names)), series, colour)
    for place, value in enumerate(series):
        signals = bool(limits.signals[place])
        drawing.dot(place, value, theme.WARNING if signals else colour, 6.5 if signals else 3.5)
    ends = [(highs[-1], named.upper), (means[-1], named.mean), (lows[-1], named.lower)]
    labelled(drawing, [(float(at), words, theme.QUIET) for at, words in ends if words and math.isfinite(at)])
    return drawing.svg()


def _levels(drawing: Drawing, places: list[int], lows, means, highs) -> None:
    """The mean and the limits of one segment, from edge to edge of its periods."""
    xs = [places[0] - 0.5, places[-1] + 0.5]
    first = places[0]
    if math.isfinite(lows[first]) and math.isfinite(highs[first]):
        drawing.band(xs, [lows[first]] * 2, [highs[first]] * 2, theme.GREY)
    if math.isfinite(means[first]):
        drawing.line(xs, [means[first]] * 2, theme.GREY, 1.1)


def frame_around(*drawn: np.ndarray) -> tuple[float, float, float]:
    """Floor, step and ceiling in round numbers around all that is drawn; from nought where that is not far."""
    every = np.concatenate([part[np.isfinite(part)] for part in drawn])
    low, high = float(every.min()), float(every.max())
    low = 0.0 if 0 <= low < 0.5 * high else low
    step = nice_step(max(high - low, abs(high) * 1e-3, 1e-9), 4)
    floor, ceiling = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return floor, step, ceiling if ceiling > floor else floor + step
