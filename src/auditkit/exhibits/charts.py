"""The forms of chart that reports use, each one function from bare numbers to SVG text.

In come values per period, bin or cell, already counted, with the words to write beside them; out comes an SVG. Lines
are labelled where they end, so that no legend has to be matched by colour. Nothing here knows measures, and nothing
is computed except places on the paper. The title is the exhibit's, and is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from auditkit.colour import is_dark
from auditkit.exhibits import theme
from auditkit.exhibits.axes import (
    Line,
    Mark,
    Scale,
    count_scale,
    end_labels,
    labelled,
    nice_step,
    row_names,
    share_scale,
    x_axis,
    y_axis,
)
from auditkit.exhibits.drawing import Drawing
from auditkit.labels import Labels

TALLEST_BAND = 4.0  # times the largest value: a wider band would press the line flat
LONG_WORD = 10  # letters of a word, which no line can part, that want a wider margin
SMALL = 8.0
CELL = 7.0  # size of the letters in a cell of a grid


def lines(
    names: Sequence[str],
    drawn: Sequence[Line],
    scale: Scale,
    *,
    target: Mark | None = None,
    bars: Line | None = None,
    partial: bool = False,
    top: float | None = None,
    bottom: float = 0.0,
    height: float = theme.HEIGHT,
) -> str:
    """Lines over periods from zero, each with the band of its interval; ``bars`` stand behind them."""
    drawing = Drawing(height)
    levels = [*drawn, *([bars] if bars else [])]
    floor = bottom / scale.divisor
    _frame(drawing, names, _reach(levels, target, scale, top), scale, top / scale.divisor if top else None, floor)
    for place, value in enumerate(_scaled(bars.values, scale)) if bars else ():
        drawing.bar(place - 0.31, 0.62, floor, value - floor, bars.colour)
    x_axis(drawing, list(enumerate(names)))
    for line in drawn:
        _line(drawing, line, scale, partial)
    if target:
        drawing.rule(y=target.value / scale.divisor, colour=theme.WARNING, width=1.1, dashed=True)
    end_labels(drawing, levels, scale, target)
    return drawing.svg()


def is_cut(drawn: Sequence[Line], target: Mark | None, scale: Scale, top: float | None = None) -> bool:
    """Whether a band leaves the paper at the top, which the note then says."""
    highs = [high / scale.divisor for line in drawn for high in line.highs if high is not None]
    return max(highs, default=0) > _reach(drawn, target, scale, top) * (1 + 1e-9)


def heatmap(
    values: np.ndarray,
    row_labels: Sequence[str],
    column_labels: Sequence[str],
    accent: str,
    labels: Labels,
    marked: np.ndarray | None = None,
) -> str:
    """A grid of cells, the darker the more; each cell's number stands in it. ``marked`` cells get a frame."""
    rows, columns = values.shape
    drawing = grid(rows, columns, 0.245, row_labels, column_labels, SMALL)
    largest = float(np.nanmax(values)) or 1.0
    for row, column in np.ndindex(rows, columns):
        value = float(values[row, column])
        strength = math.sqrt(value / largest) if value > 0 else 0
        fill_cell(drawing, row, column, accent, strength, _short(labels, value, largest))
    for row, column in np.argwhere(marked) if marked is not None else ():
        drawing.bar(column, 1, row, 1, theme.INK, framed=True)
    return drawing.svg()


def grid(
    rows: int, columns: int, row_height: float, row_labels: Sequence[str], column_labels: Sequence[str], size: float
) -> Drawing:
    """A drawing of cells, one by one in its units, with names to the left and below; rows run downwards."""
    longest = max((len(word) for name in row_labels for word in name.split()), default=0)
    left = 0.85 if longest < LONG_WORD else 1.0
    drawing = Drawing(row_height * rows + 0.45, left=left, right=0.05, top=0.05, bottom=0.35)
    drawing.reach(0, columns, rows, 0)
    x_axis(drawing, [(place + 0.5, name) for place, name in enumerate(column_labels)], size, line=False)
    row_names(drawing, row_labels)
    return drawing


def fill_cell(
    drawing: Drawing, row: int, column: int, colour: str, strength: float, text: str, weight: int = 400
) -> None:
    """A cell of a :func:`grid` in a shade of ``colour`` (0..1), with words on it that can be read."""
    ground = (colour, strength) if strength > 0 else (theme.BLANK, 1.0)
    drawing.bar(column + 0.03, 0.94, row + 0.04, 0.92, *ground)
    if text:
        ink = theme.ON_DEEP if is_dark(*ground) else theme.ON_LIGHT
        x, y = drawing.x(column + 0.5), drawing.y(row + 0.5)
        drawing.words(x, y, text, colour=ink, size=CELL, anchor="middle", weight=weight)


def histogram(
    counts: Sequence[float], edge_names: Sequence[str], accent: str, labels: Labels, *, target: Mark | None = None
) -> str:
    """Bars between named edges. ``target.value`` is its place along the edges; what lies beyond it is grey."""
    drawing = Drawing(2.7, left=0.55, right=0.25, top=0.3, bottom=0.5)
    step = max(nice_step(max([*counts, 1]), 4), 1.0)
    ceiling = math.ceil(max([*counts, 1]) / step) * step
    drawing.reach(0, len(counts), 0, ceiling)
    y_axis(drawing, ceiling, step, count_scale(labels))
    place = target.value if target else len(counts)
    for index, count in enumerate(counts):
        within = min(max(place - index, 0), 1)
        drawing.bar(index + 0.04, 0.92 * within, 0, count, accent)
        drawing.bar(index + 0.04 + 0.92 * within, 0.92 * (1 - within), 0, count, theme.PALE)
    x_axis(drawing, list(enumerate(edge_names)), SMALL)
    if target:
        drawing.rule(x=place, colour=theme.WARNING, width=1.1, dashed=True)
        side = -1 if place > 0.6 * len(counts) else 1
        _beside(drawing, drawing.x(place) + 5 * side, drawing.top - 4, target.label, side)
    return drawing.svg()


def curves(
    drawn: Sequence[tuple[Line, Sequence[float]]],
    ticks: Sequence[tuple[float, str]],
    labels: Labels,
    target: Mark | None,
) -> str:
    """Rising step curves of shares over a logarithmic time axis; each comes with its own times, in seconds."""
    drawing = Drawing(theme.HEIGHT, right=1.15)
    first, last = ticks[0][0], ticks[-1][0]
    drawing.reach(first, last, 0, 100, log_x=True)
    y_axis(drawing, 100, 25, share_scale(labels))
    x_axis(drawing, ticks)
    for line, times in drawn:
        shown, xs = _on_paper(times, first, last)
        low, high, middle = (
            100 * np.asarray(part, dtype=float)[shown] if len(part) else None
            for part in (line.lows, line.highs, line.values)
        )
        if low is not None:
            drawing.step_band(xs, low, high, line.colour)
        drawing.steps(xs, middle, line.colour)
    if target:
        drawing.rule(x=target.value, colour=theme.WARNING, width=1.1, dashed=True)
        _beside(drawing, drawing.x(target.value) + 4, drawing.bottom - 5, target.label, 1)
    end_labels(drawing, [line for line, _ in drawn], Scale(0.01))
    return drawing.svg()


def stacked(names: Sequence[str], parts: Sequence[Line], above: Sequence[str], labels: Labels) -> str:
    """Columns of shares that add up to all, bottom part first; a text stands above each column."""
    drawing = Drawing(theme.HEIGHT, top=0.3)
    drawing.reach(-0.5, len(names) - 0.5, 0, 100)
    y_axis(drawing, 100, 25, share_scale(labels))
    bottom = np.zeros(len(names))
    ends = []
    for part in parts:
        heights = 100 * np.array([value or 0.0 for value in part.values])
        for place, height in enumerate(heights):
            drawing.bar(place - 0.33, 0.66, bottom[place], height, part.colour)
        colour = part.colour if part.colour != theme.PALE else theme.QUIET
        ends.append((float(bottom[-1] + heights[-1] / 2), part.label, colour))
        bottom += heights
    x_axis(drawing, list(enumerate(names)))
    for place, text in enumerate(above):
        drawing.words(drawing.x(place), drawing.top - 4, text, size=SMALL, anchor="middle", at="base")
    labelled(drawing, ends)
    return drawing.svg()


def columns(names: Sequence[str], shares: Sequence[float], texts: Sequence[str], colours: Sequence[str]) -> str:
    """A column per answer, its share written above it."""
    drawing = Drawing(2.1, left=0.25, right=0.25, top=0.3, bottom=0.35)
    drawing.reach(-0.6, len(names) - 0.4, 0, max([*shares, 0.01]))
    for place, (share, text, colour) in enumerate(zip(shares, texts, colours, strict=True)):
        drawing.bar(place - 0.35, 0.7, 0, share, colour)
        drawing.words(drawing.x(place), drawing.y(share) - 4, text, anchor="middle", at="base")
    x_axis(drawing, list(enumerate(names)))
    return drawing.svg()


def _short(labels: Labels, value: float, largest: float) -> str:
    """A cell's number, with a decimal where all of them are small; nothing for nought."""
    decimals = 0 if largest > 10 or abs(value - round(value)) < 0.05 else 1
    return labels.number(value, decimals) if round(value, decimals) else ""


def _beside(drawing: Drawing, x: float, y: float, text: str, side: int) -> None:
    """The words of a target beside its upright line; ``side`` 1 is to the right of it."""
    anchor = "start" if side > 0 else "end"
    drawing.words(x, y, text, colour=theme.WARNING, weight=600, anchor=anchor, at="base")


def _on_paper(times: Sequence[float], first: float, last: float) -> tuple[np.ndarray, np.ndarray]:
    """Which steps of a curve are seen between ``first`` and ``last``, and where: what came before holds at the edge."""
    every = np.asarray(times, dtype=float)
    begin, end = max(np.count_nonzero(every < first) - 1, 0), np.count_nonzero(every <= last)
    shown = np.arange(begin, end)
    xs = np.maximum(every[begin:end], first)
    if 0 < end < len(every):
        shown, xs = np.append(shown, end - 1), np.append(xs, last)
    return shown, xs


def _reach(levels: Sequence[Line], target: Mark | None, scale: Scale, top: float | None) -> float:
    """The largest thing that has to fit; a band that shoots far above its line may leave the paper, see ``is_cut``."""
    values = [value for line in levels for value in line.values if value is not None]
    bands = [high for line in levels for high in line.highs if high is not None]
    largest = max([*values, *([target.value] if target else []), scale.divisor * 1e-9])
    nothing = largest <= scale.divisor * 1e-9  # a line of noughts is no height to measure its band by
    largest = max([largest, *(high if nothing else min(high, TALLEST_BAND * largest) for high in bands)])
    return (min(largest, top) if top else largest) / scale.divisor


def _frame(
    drawing: Drawing, names: Sequence[str], reach: float, scale: Scale, top: float | None, bottom: float
) -> None:
    """The limits of the drawing, and its scale upwards in round steps."""
    if bottom and top:
        step, ceiling = (top - bottom) / 2, top
    else:
        step = max(nice_step(reach - bottom, 5), 1.0 if scale.whole else 0.0)
        ceiling = bottom + max(math.ceil((reach - bottom) / step - 1e-9), 1) * step
        ceiling = min(ceiling, top) if top else ceiling
    drawing.reach(-0.5, len(names) - 0.5, bottom, ceiling)
    y_axis(drawing, ceiling, step, scale, bottom)


def _scaled(values: Sequence[float | None], scale: Scale) -> np.ndarray:
    return np.array([math.nan if value is None else value / scale.divisor for value in values])


def _line(drawing: Drawing, line: Line, scale: Scale, partial: bool) -> None:
    """The band, the line, a dot for a value between two gaps and one for the last; a hollow one is not over."""
    places, values = np.arange(len(line.values)), _scaled(line.values, scale)
    if line.lows:
        drawing.band(places, _scaled(line.lows, scale), _scaled(line.highs, scale), line.colour)
    drawing.line(places, values, line.colour)
    gap = np.concatenate(([True], np.isnan(values), [True]))
    for place in np.flatnonzero(~gap[1:-1] & gap[:-2] & gap[2:]):
        drawing.dot(place, values[place], line.colour, 3.5)
    drawing.dot(places[-1], values[-1], line.colour, 5, hollow=partial)
