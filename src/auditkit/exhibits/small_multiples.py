"""Many small charts of one measure on one scale: a line per team, so that the eye compares shapes and levels at once.

In come series with their names, out comes an SVG. Every panel has the same axes, the line of all together in grey
behind its own, and its last value in words; the scale is written once, at the left of each row.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.exhibits import theme
from auditkit.exhibits.axes import Scale, nice_step
from auditkit.exhibits.drawing import POINTS, Drawing

COLUMNS = 4
PANEL_HEIGHT, GAP, NAME = 0.72, 0.16, 0.26  # inches: of the lines, between panels, for the name above them
LEFT = 0.55
LETTERS = 20  # of a name that fit above its panel beside the value


@dataclass(frozen=True)
class Panel:
    """One team: its name, its values (None where there is none), the words of the last, whether it stands out."""

    name: str
    values: Sequence[float | None]
    words: str
    strong: bool = False


def small_multiples(
    panels: Sequence[Panel], scale: Scale, accent: str, first_and_last: tuple[str, str],
    together: Sequence[float | None] = (), target: float | None = None, top: float | None = None,
) -> str:  # fmt: skip
    """The panels, four to a row; ``together`` is drawn behind each, ``top`` bounds the common axis."""
    rows = math.ceil(len(panels) / COLUMNS)
    drawing = Drawing(rows * (PANEL_HEIGHT + NAME + GAP) + 0.12, left=LEFT, right=0.1)
    floor, step, ceiling = _frame(panels, scale, together, target, top)
    width = (drawing.width - (LEFT + 0.1) * POINTS) / COLUMNS
    for place, panel in enumerate(panels):
        row, column = divmod(place, COLUMNS)
        _place(drawing, row, column, width)
        drawing.reach(0, max(len(panel.values) - 1, 1), floor, ceiling)
        for tick in dict.fromkeys((floor, max(floor, 0.0), ceiling)):
            drawing.rule(y=tick, colour=theme.GREY if tick == max(floor, 0.0) else theme.GRID)
            if column == 0:
                words = scale.tick(tick, step)
                drawing.words(drawing.left - 4, drawing.y(tick), words, colour=theme.QUIET, size=7, anchor="end")
        _panel(drawing, panel, scale, accent, together, target, ceiling)
        if row == rows - 1 or place + COLUMNS >= len(panels):
            _dates(drawing, first_and_last)
    return drawing.svg()


def _place(drawing: Drawing, row: int, column: int, width: float) -> None:
    drawing.left = LEFT * POINTS + column * width
    drawing.right = drawing.left + width - GAP * POINTS
    drawing.top = (NAME + row * (PANEL_HEIGHT + NAME + GAP)) * POINTS
    drawing.bottom = drawing.top + PANEL_HEIGHT * POINTS


def _panel(drawing: Drawing, panel: Panel, scale: Scale, accent: str, together, target, ceiling: float) -> None:
    name = textwrap.shorten(panel.name, LETTERS, placeholder=" …") or panel.name[:LETTERS]
    drawing.words(drawing.left, drawing.top - 5, name, size=8, weight=600, at="base")
    drawing.words(drawing.right, drawing.top - 5, panel.words, size=8, anchor="end", at="base",
        colour=theme.WARNING if panel.strong else theme.QUIET, weight=600 if panel.strong else 400)  # fmt: skip
    if target is not None:
        drawing.rule(y=target / scale.divisor, colour=theme.WARNING, width=0.7, dashed=True)
    places = range(len(panel.values))
    if together:
        drawing.line(places, _scaled(together, scale, ceiling), theme.GREY, 1.1)
    own = _scaled(panel.values, scale, ceiling)
    drawing.line(places, own, accent, 1.6)
    drawing.dot(places[-1], own[-1], theme.WARNING if panel.strong else accent, 4.5)


def _dates(drawing: Drawing, first_and_last: tuple[str, str]) -> None:
    for text, at, anchor in zip(first_and_last, (drawing.left, drawing.right), ("start", "end"), strict=True):
        drawing.words(at, drawing.bottom + 3, text, size=7, colour=theme.QUIET, anchor=anchor, at="top")


def _scaled(values: Sequence[float | None], scale: Scale, ceiling: float) -> np.ndarray:
    """The values in the scale's units; what lies above the axis is drawn at its edge."""
    return np.array([math.nan if one is None else min(one / scale.divisor, ceiling) for one in values])


def _frame(panels, scale: Scale, together, target: float | None, top: float | None) -> tuple[float, float, float]:
    """Floor, step and ceiling of the common axis: from nought, below it where values are, from half of a high share."""
    every = [one for panel in panels for one in panel.values if one is not None]
    every += [one for one in together if one is not None] + ([target] if target is not None else [])
    low, high = min([*every, 0.0]) / scale.divisor, max([*every, 1e-9]) / scale.divisor
    step = nice_step(high - low, 2)
    ceiling = math.ceil(high / step - 1e-9) * step
    if top and ceiling * scale.divisor >= top:
        ceiling = top / scale.divisor
        return (ceiling / 2 if min(every) > top / 2 else 0.0), step, ceiling
    return math.floor(low / step + 1e-9) * step, step, ceiling
