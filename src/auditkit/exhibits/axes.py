"""The parts that charts are put together from: scales, lines with their labels, axes with round steps.

In come numbers and words, out come marks on matplotlib axes. Labels stand where lines end and are kept apart from each
other. It stands alone so that the forms of chart share one way of telling values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditkit.exhibits import theme
from auditkit.labels import SPACE, Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """How an axis is told: values are divided by ``divisor`` and followed by ``suffix``."""

    divisor: float = 1.0
    suffix: str = ""
    label: Callable[[float, int], str] = Labels().number

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
    return Scale(label=labels.number)


def share_scale(labels: Labels) -> Scale:
    """Shares of 0..1 in per cent."""
    return Scale(0.01, f"{SPACE}%", labels.number)


def duration_scale(labels: Labels, largest: float, business: bool = False) -> Scale:
    """Seconds in the unit that suits the largest value."""
    for divisor, name, until in ((1, "s", 120), (60, "min", 7200), (3600, "h", 48 * 3600)):
        if largest <= until or (business and name == "h"):
            return Scale(divisor, f"{SPACE}{name}", labels.number)
    return Scale(86400, f"{SPACE}d", labels.number)


def nice_step(largest: float, count: int) -> float:
    """The round step that parts 0..largest into about ``count``.

    >>> nice_step(430, 4), nice_step(0.9, 4)
    (200.0, 0.25)
    """
    rough = largest / count if largest > 0 else 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    return power * next(step for step in STEPS if step * power >= rough * (1 - 1e-9))


def y_axis(axes: Axes, ceiling: float, step: float, scale: Scale, bottom: float = 0.0) -> None:
    """Ticks and grid from ``bottom`` to ``ceiling``, in the scale's units."""
    ticks = [bottom + step * index for index in range(round((ceiling - bottom) / step) + 1)]
    axes.set_ylim(bottom, ceiling)
    axes.set_yticks(ticks, [scale.tick(tick, step) for tick in ticks])
    axes.grid(axis="y")


def x_axis(axes: Axes, names: Sequence[str]) -> None:
    """One place per name."""
    axes.set_xlim(-0.5, len(names) - 0.5)
    axes.set_xticks(range(len(names)), names)


def end_labels(axes: Axes, levels: Sequence[Line], scale: Scale, target: Mark | None, height: float) -> None:
    """The words at the right end of each line, kept apart from each other."""
    words = [
        (line.values[-1] / scale.divisor, line) for line in levels if len(line.values) and line.values[-1] is not None
    ]
    texts = [(place, line.label, theme.QUIET if line.colour in _LIGHT else line.colour) for place, line in words]
    if target:
        texts.append((target.value / scale.divisor, target.label, theme.WARNING))
    floor, ceiling = axes.get_ylim()
    inch = (ceiling - floor) / (height - 0.57)
    sizes = [inch * (0.165 * (text.count("\n") + 1) + 0.05) for _, text, _ in texts]
    places = theme.spread([place for place, _, _ in texts], sizes, floor - 0.3 * inch, ceiling + 0.1 * inch)
    for place, (_, text, colour) in zip(places, texts, strict=True):
        axes.annotate(
            text,
            (1, place),
            (6, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight=600,
            annotation_clip=False,
            linespacing=1.15,
        )


_LIGHT = (theme.PALE, theme.GREY)
