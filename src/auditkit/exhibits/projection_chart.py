"""The drawing of a history drawn out to a day: values, the line through them, the cone ahead, and the target.

In come bare values per period with their names, out comes an SVG. What was counted is drawn whole, what is expected is
dashed, and the shade holds 95 of 100 single new values; nobody can take the one for the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from auditkit.exhibits import theme
from auditkit.exhibits.axes import Mark, Scale, labelled, nice_step, x_axis, y_axis
from auditkit.exhibits.drawing import Drawing

HEIGHT = 2.4
NAMES = 14  # that fit along the axis
TALLEST = 3.0  # times the span of values and target: a wider cone leaves the paper


def projection_chart(
    names: Sequence[tuple[int, str]],
    values: Sequence[float | None],
    line: Sequence[float],
    cone: Sequence[tuple[float, float, float]],
    target: Mark,
    scale: Scale,
    colour: str,
    words: str,
    bounds: tuple[float, float],
) -> str:
    """The chart: ``line`` has one value per period counted, ``cone`` (expected, low, high) one per period ahead;
    ``words`` stand at the end of the line, and ``bounds`` are what a figure can be at all.
    """
    drawing = Drawing(HEIGHT, right=1.25)
    counted = np.array([math.nan if one is None else one for one in values]) / scale.divisor
    drawn = np.asarray(line, dtype=float) / scale.divisor
    expected, low, high = (np.array(part, dtype=float) / scale.divisor for part in zip(*cone, strict=True))
    level = target.value / scale.divisor
    floor, step, ceiling = _frame(counted, expected, low, high, level, [one / scale.divisor for one in bounds])
    drawing.reach(-0.5, len(values) + len(cone) - 0.5, floor, ceiling)
    y_axis(drawing, ceiling, step, scale, floor)
    x_axis(drawing, names)
    first, places = len(values) - 1, np.arange(len(values), len(values) + len(cone))
    xs = [first, *places]
    drawing.band(xs, [drawn[-1], *low], [drawn[-1], *high], theme.GREY)
    drawing.line(range(len(values)), drawn, theme.GREY, 1.1)
    _dashed(drawing, xs, np.clip([drawn[-1], *expected], floor, ceiling))
    drawing.rule(y=level, colour=theme.WARNING, width=1.1, dashed=True)
    drawing.line(range(len(values)), counted, colour)
    for place, value in enumerate(counted):
        drawing.dot(place, value, colour, 3.5)
    end = float(min(max(expected[-1], floor), ceiling))
    labelled(drawing, [(end, words, theme.QUIET), (level, target.label, theme.WARNING)])
    return drawing.svg()


def _dashed(drawing: Drawing, xs: Sequence[float], ys: Sequence[float]) -> None:
    """A line of dashes, each a stroke of its own: the second half of every step is left out."""
    for x, y, to_x, to_y in zip(xs[:-1], ys[:-1], xs[1:], ys[1:], strict=True):
        for part in (0.0, 0.5):
            here, there = part + 0.08, part + 0.36
            drawing.line(
                [x + here * (to_x - x), x + there * (to_x - x)], [y + here * (to_y - y), y + there * (to_y - y)],
                theme.QUIET, 1.3,
            )  # fmt: skip


def _frame(
    counted: np.ndarray, expected: np.ndarray, low: np.ndarray, high: np.ndarray, level: float, bounds: Sequence[float]
) -> tuple[float, float, float]:
    """Floor, step and ceiling in round numbers around values and target, and around the cone where it is not vast."""
    core = np.concatenate([counted[np.isfinite(counted)], [expected[-1], level]])
    least, most = float(core.min()), float(core.max())
    room = TALLEST * max(most - least, abs(most) * 0.05, 1e-9)
    least = max(min(least, float(np.nanmin(low))), least - room)
    most = min(max(most, float(np.nanmax(high))), most + room)
    least = 0.0 if 0 <= least < 0.5 * most else least
    step = nice_step(max(most - least, 1e-9), 4)
    floor, ceiling = math.floor(least / step + 1e-9) * step, math.ceil(most / step - 1e-9) * step
    floor, ceiling = max(floor, bounds[0]), min(ceiling, bounds[1])
    return floor, step, ceiling if ceiling > floor else floor + step
