"""The parts that charts are put together from: scales, lines with their labels, axes with round steps.

In come numbers and words, out come marks on a drawing. Labels stand where lines end and are kept apart from each other.
It stands alone so that the forms of chart share one way of telling values.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from auditkit.exhibits import theme
from auditkit.exhibits.drawing import LEADING, SIZE, Drawing
from auditkit.labels import SPACE, Labels

STEPS = (1, 2, 2.5, 5, 10)
WIDEST = 0.56  # width of a letter in sizes, more than any sentence has on average


@dataclass(frozen=True)
class Scale:
    """How an axis is told: values by ``divisor``, followed by ``suffix``; ``whole`` things have no parts."""

    divisor: float = 1.0
    suffix: str = ""
    label: Callable[[float, int], str] = Labels().number
    whole: bool = False

    def tick(self, value: float, step: float) -> str:
        """The text of a tick, with the decimals that the step needs."""
        decimals = 0 if abs(step - round(step)) < 1e-9 else 1 if abs(10 * step - round(10 * step)) < 1e-9 else 2
        return f"{self.label(value, decimals)}{self.suffix}"


@dataclass(frozen=True)
class Line:
    """One line: its values (None where there is none), its limits, its label and its colour."""

    values: Sequence[float | None]
    label: str
    colour: str
    lows: Sequence[float | None] = ()
    highs: Sequence[float | None] = ()


@dataclass(frozen=True)
class Mark:
    """A level drawn across a chart (a target), with its words."""

    value: float
    label: str


def count_scale(labels: Labels) -> Scale:
    """Whole things."""
    return Scale(label=labels.number, whole=True)


def share_scale(labels: Labels) -> Scale:
    """Shares of 0..1 in per cent."""
    return Scale(0.01, f"{SPACE}%", labels.number)


def duration_scale(labels: Labels, largest: float, business: bool = False) -> Scale:
    """Seconds in the unit that suits the largest value."""
    if largest <= 120:
        return Scale(1, f"{SPACE}{labels.seconds}", labels.number)
    if largest <= 7200:
        return Scale(60, f"{SPACE}{labels.minutes}", labels.number)
    if largest <= 48 * 3600 or business:
        return Scale(3600, f"{SPACE}{labels.hours}", labels.number)
    return Scale(86400, f"{SPACE}{labels.days}", labels.number)


def nice_step(largest: float, count: int) -> float:
    """The round step that parts 0..largest into about ``count``.

    >>> nice_step(430, 4), nice_step(0.9, 4)
    (200.0, 0.25)
    """
    rough = largest / count if largest > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(step for step in STEPS if step * power >= rough * (1 - 1e-9))


def y_axis(drawing: Drawing, ceiling: float, step: float, scale: Scale, bottom: float = 0.0) -> None:
    """Names and grid from ``bottom`` to ``ceiling``, the drawing's own limits, in the scale's units.

    Long names move the left edge of the area, so it comes before all that is drawn in it.
    """
    ticks = [bottom + step * index for index in range(round((ceiling - bottom) / step) + 1)]
    names = [scale.tick(tick, step) for tick in ticks]
    drawing.left = max(drawing.left, 4 + WIDEST * SIZE * max(len(name) for name in names))
    for tick, name in zip(ticks, names, strict=True):
        drawing.rule(y=tick)
        drawing.words(drawing.left - 4, drawing.y(tick), name, colour=theme.QUIET, anchor="end")


def x_axis(drawing: Drawing, names: Sequence[tuple[float, str]], size: float = SIZE, line: bool = True) -> None:
    """A name under each place, and the line that the data stand on."""
    if line:
        drawing.rule(y=drawing.y_low, colour=theme.GREY)
    for place, name in names:
        drawing.words(
            drawing.x(place), drawing.bottom + 5, name, colour=theme.QUIET, size=size, anchor="middle", at="top"
        )


def row_names(drawing: Drawing, names: Sequence[str], size: float = SIZE) -> None:
    """A name to the left of each row of a grid, whose rows are one high; a long one is set on two lines."""
    signs = int((drawing.left - 4) / (WIDEST * size))
    for place, name in enumerate(names):
        y, text = drawing.y(place + 0.5), "\n".join(textwrap.wrap(name, signs, max_lines=2, placeholder=" …"))
        drawing.words(drawing.left - 4, y, text, colour=theme.QUIET, size=size, anchor="end")


def end_labels(drawing: Drawing, levels: Sequence[Line], scale: Scale, target: Mark | None = None) -> None:
    """The words at the right end of each line, kept apart from each other."""
    ends = [(line.values[-1], line) for line in levels if len(line.values) and line.values[-1] is not None]
    texts = [(value, line.label, theme.QUIET if line.colour in _LIGHT else line.colour) for value, line in ends]
    if target:
        texts.append((target.value, target.label, theme.WARNING))
    labelled(drawing, [(value / scale.divisor, text, colour) for value, text, colour in texts])


def labelled(drawing: Drawing, ends: Sequence[tuple[float, str, str]]) -> None:
    """Words (value, text, colour) to the right of the area, as near to their values as they can be without touching."""
    sizes = [LEADING * SIZE * (text.count("\n") + 1) + 3 for _, text, _ in ends]
    wanted = [drawing.y(value) for value, _, _ in ends]
    places = theme.spread(wanted, sizes, drawing.top - 8, drawing.bottom + 20)
    for place, (_, text, colour) in zip(places, ends, strict=True):
        drawing.words(drawing.right + 6, place, text, colour=colour, weight=600)


_LIGHT = (theme.PALE, theme.GREY)
