"""The forms of chart that reports use, each one function from bare numbers to SVG text.

In come values per period, bin or cell, already counted, with the words to write beside them; out comes an SVG. Lines
are labelled where they end, so that no legend has to be matched by colour. Nothing here knows measures, and nothing
is computed except places on the paper. The title is the exhibit's, and is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from auditkit.exhibits import theme
from auditkit.exhibits.axes import Line, Mark, Scale, count_scale, end_labels, nice_step, share_scale, x_axis, y_axis
from auditkit.labels import Labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_WIDTH = 1.8
TALLEST_BAND = 4.0  # times the largest value: a wider band would press the line flat
SMALL = 8.0


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
    with theme.style():
        figure, axes = theme.canvas(height)
        levels = [*drawn, *([bars] if bars else [])]
        reach = _reach(levels, target, scale, top)
        _frame(axes, names, reach, scale, top / scale.divisor if top else None, bottom / scale.divisor)
        if bars:
            axes.bar(range(len(names)), _scaled(bars.values, scale), width=0.62, color=bars.colour, linewidth=0)
        for line in drawn:
            _line(axes, line, scale, partial)
        if target:
            axes.axhline(target.value / scale.divisor, color=theme.WARNING, linewidth=1.1, dashes=(4, 3))
        end_labels(axes, levels, scale, target, height)
        return theme.svg(figure)


def is_cut(drawn: Sequence[Line], target: Mark | None, scale: Scale, top: float | None = None) -> bool:
    """Whether a band leaves the paper at the top, which the note then says."""
    highs = [high / scale.divisor for line in drawn for high in line.highs if high is not None]
    return max(highs, default=0) > _reach(drawn, target, scale, top) * (1 + 1e-9)


def heatmap(
    values: np.ndarray,
    row_names: Sequence[str],
    column_names: Sequence[str],
    accent: str,
    labels: Labels,
    marked: np.ndarray | None = None,
) -> str:
    """A grid of cells, the darker the more; each cell's number stands in it. ``marked`` cells get a frame."""
    rows, columns = values.shape
    with theme.style():
        figure, axes = theme.canvas(0.245 * rows + 0.45, left=0.85, right=0.05, top=0.05, bottom=0.35)
        largest = float(np.nanmax(values)) or 1.0
        axes.set(xlim=(0, columns), ylim=(rows, 0), xticks=[place + 0.5 for place in range(columns)])
        axes.set_xticklabels(column_names, fontsize=SMALL)
        axes.set_yticks([place + 0.5 for place in range(rows)], row_names)
        axes.spines["bottom"].set_visible(False)
        edge = largest if largest >= 10 else 10
        for row in range(rows):
            for column in range(columns):
                strength = math.sqrt(values[row, column] / largest) if values[row, column] > 0 else 0
                _cell(axes, row, column, _short(labels, values[row, column], edge), strength, accent)
        for row, column in np.argwhere(marked) if marked is not None else ():
            axes.add_patch(_box(column, row, 1, 1, fill=False, edgecolor=theme.INK, linewidth=0.9))
        return theme.svg(figure)


def histogram(
    counts: Sequence[float], edge_names: Sequence[str], accent: str, labels: Labels, *, target: Mark | None = None
) -> str:
    """Bars between named edges. ``target.value`` is its place along the edges; what lies beyond it is grey."""
    with theme.style():
        figure, axes = theme.canvas(2.7, left=0.55, right=0.25, top=0.3, bottom=0.5)
        step = nice_step(max([*counts, 1]), 4)
        y_axis(axes, math.ceil(max([*counts, 1]) / step) * step, step, count_scale(labels))
        axes.set_xlim(0, len(counts))
        axes.set_xticks(range(len(edge_names)), edge_names, fontsize=SMALL)
        place = target.value if target else len(counts)
        for index, count in enumerate(counts):
            within = min(max(place - index, 0), 1)
            axes.bar(index + 0.04, count, 0.92 * within, align="edge", color=accent, linewidth=0)
            left = index + 0.04 + 0.92 * within
            axes.bar(left, count, 0.92 * (1 - within), align="edge", color=theme.PALE, linewidth=0)
        if target:
            axes.axvline(place, color=theme.WARNING, linewidth=1.1, dashes=(4, 3))
            side = "right" if place > 0.6 * len(counts) else "left"
            axes.annotate(
                target.label,
                (place, 1),
                (-5 if side == "right" else 5, 4),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha=side,
                color=theme.WARNING,
                fontweight=600,
            )
        return theme.svg(figure)


def curves(
    drawn: Sequence[tuple[Line, Sequence[float]]],
    ticks: Sequence[tuple[float, str]],
    labels: Labels,
    target: Mark | None,
) -> str:
    """Rising step curves of shares over a logarithmic time axis; each comes with its own times, in seconds."""
    with theme.style():
        figure, axes = theme.canvas(theme.HEIGHT, right=1.15)
        y_axis(axes, 100, 25, share_scale(labels))
        axes.set_xscale("log")
        axes.set_xlim(ticks[0][0], ticks[-1][0])
        axes.set_xticks([place for place, _ in ticks], [name for _, name in ticks])
        axes.tick_params(axis="x", pad=7)  # clear of the lowest name of the other axis
        axes.minorticks_off()
        for line, times in drawn:
            percent = 100 * np.asarray(line.values, dtype=float)
            if len(line.lows):
                low, high = (100 * np.asarray(limits, dtype=float) for limits in (line.lows, line.highs))
                colour = theme.tint(line.colour, 0.2)
                axes.fill_between(times, low, high, step="post", color=colour, linewidth=0)
            axes.step(times, percent, where="post", color=line.colour, linewidth=LINE_WIDTH)
        if target:
            axes.axvline(target.value, color=theme.WARNING, linewidth=1.1, dashes=(4, 3))
            axes.annotate(
                target.label,
                (target.value, 0),
                (4, 5),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                color=theme.WARNING,
                fontweight=600,
            )
        end_labels(axes, [line for line, _ in drawn], Scale(0.01), None, theme.HEIGHT)
        return theme.svg(figure)


def stacked(names: Sequence[str], parts: Sequence[Line], above: Sequence[str], labels: Labels) -> str:
    """Columns of shares that add up to all, bottom part first; a text stands above each column."""
    with theme.style():
        figure, axes = theme.canvas(theme.HEIGHT, right=1.0, top=0.3)
        y_axis(axes, 100, 25, share_scale(labels))
        x_axis(axes, names)
        bottom = np.zeros(len(names))
        ends = []
        for part in parts:
            heights = 100 * np.array([value or 0.0 for value in part.values])
            axes.bar(range(len(names)), heights, width=0.66, bottom=bottom, color=part.colour, linewidth=0)
            ends.append(bottom[-1] + heights[-1] / 2)
            bottom += heights
        for place, text in enumerate(above):
            axes.annotate(text, (place, 100), (0, 4), textcoords="offset points", ha="center", fontsize=SMALL)
        places = theme.spread(ends, [9] * len(ends), 0, 100)
        for part, place in zip(parts, places, strict=True):
            colour = part.colour if part.colour != theme.PALE else theme.QUIET
            axes.annotate(
                part.label, (len(names) - 0.5, place), (4, 0), textcoords="offset points", va="center", color=colour
            )
        return theme.svg(figure)


def columns(names: Sequence[str], shares: Sequence[float], texts: Sequence[str], colours: Sequence[str]) -> str:
    """A column per answer, its share written above it."""
    with theme.style():
        figure, axes = theme.canvas(2.1, left=0.25, right=0.25, top=0.3, bottom=0.35)
        axes.set_yticks([])
        axes.set_ylim(0, max([*shares, 0.01]))
        axes.set_xlim(-0.6, len(names) - 0.4)
        axes.set_xticks(range(len(names)), names)
        axes.bar(range(len(names)), shares, width=0.7, color=list(colours), linewidth=0)
        for place, (share, text) in enumerate(zip(shares, texts, strict=True)):
            axes.annotate(text, (place, share), (0, 3), textcoords="offset points", ha="center")
        return theme.svg(figure)


def _reach(levels: Sequence[Line], target: Mark | None, scale: Scale, top: float | None) -> float:
    """The largest thing that has to fit; a band that shoots far above its line may leave the paper, see ``is_cut``."""
    values = [value for line in levels for value in line.values if value is not None]
    bands = [high for line in levels for high in line.highs if high is not None]
    largest = max([*values, *([target.value] if target else []), scale.divisor * 1e-9])
    largest = max([largest, *(min(high, TALLEST_BAND * largest) for high in bands)])
    return (min(largest, top) if top else largest) / scale.divisor


def _frame(axes: Axes, names: Sequence[str], reach: float, scale: Scale, top: float | None, bottom: float) -> None:
    if bottom and top:
        y_axis(axes, top, (top - bottom) / 2, scale, bottom)
        x_axis(axes, names)
        return
    step = nice_step(reach - bottom, 5)
    ceiling = bottom + math.ceil((reach - bottom) / step - 1e-9) * step
    y_axis(axes, min(ceiling, top) if top else ceiling, step, scale, bottom)
    x_axis(axes, names)


def _scaled(values: Sequence[float | None], scale: Scale) -> np.ndarray:
    return np.array([math.nan if value is None else value / scale.divisor for value in values])


def _line(axes: Axes, line: Line, scale: Scale, partial: bool) -> None:
    places, values = np.arange(len(line.values)), _scaled(line.values, scale)
    if line.lows:
        low, high = _scaled(line.lows, scale), _scaled(line.highs, scale)
        ceiling = axes.get_ylim()[1]
        colour = theme.tint(line.colour, 0.2)
        axes.fill_between(places, low, np.minimum(high, ceiling), color=colour, linewidth=0)
    axes.plot(places, values, color=line.colour, linewidth=LINE_WIDTH, clip_on=False)
    alone = ~np.isnan(values)
    alone[1:] &= np.isnan(values[:-1])
    alone[:-1] &= np.isnan(values[1:])
    axes.plot(places[alone], values[alone], "o", color=line.colour, markersize=3.5, clip_on=False)
    fill = "white" if partial else line.colour
    axes.plot(places[-1:], values[-1:], "o", color=line.colour, markerfacecolor=fill, markersize=5, clip_on=False)


def _cell(axes: Axes, row: int, column: int, text: str, strength: float, accent: str) -> None:
    from matplotlib.colors import to_hex

    colour = to_hex(theme.tint(accent, strength)) if strength else "#f6f6f6"
    axes.add_patch(_box(column + 0.03, row + 0.04, 0.94, 0.92, facecolor=colour, linewidth=0))
    if text:
        ink = "white" if strength > 0.62 else theme.INK
        axes.text(column + 0.5, row + 0.53, text, ha="center", va="center", fontsize=7, color=ink)


def _short(labels: Labels, value: float, largest: float) -> str:
    """A cell's number, with a decimal where all of them are small; nothing for nought."""
    decimals = 0 if largest > 10 or abs(value - round(value)) < 0.05 else 1
    return labels.number(value, decimals) if round(value, decimals) else ""


def _box(x: float, y: float, width: float, height: float, **more: object):
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), width, height, **more)
