"""A grid of the week: a cell per weekday and hour with words in it, the warmer the more is missing there.

In come texts and gaps, already reckoned, out comes an SVG. It stands apart from charts.py because its cells carry two
figures each, and because what is missing is told by the warning colour, not by the amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from auditkit.exhibits import theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMALL = 7.0


def week_grid(
    texts: Sequence[Sequence[str]], missing: np.ndarray, names: Sequence[str], heads: Sequence[str], shade: str
) -> str:
    """The grid; ``missing`` has a number per cell, 0 where nothing is. A cell without text is left blank."""
    rows, columns = missing.shape
    with theme.style():
        figure, axes = theme.canvas(0.28 * rows + 0.45, left=0.85, right=0.05, top=0.05, bottom=0.35)
        axes.set(xlim=(0, columns), ylim=(rows, 0), xticks=[place + 0.5 for place in range(columns)])
        axes.set_xticklabels(heads, fontsize=SMALL + 1)
        axes.set_yticks([place + 0.5 for place in range(rows)], names)
        axes.spines["bottom"].set_visible(False)
        most = max(float(missing.max()), 1.0)
        for row, column in np.ndindex(rows, columns):
            if texts[row][column]:
                _cell(axes, row, column, texts[row][column], missing[row, column] / most, shade)
        return theme.svg(figure)


def _cell(axes: Axes, row: int, column: int, text: str, missing: float, shade: str) -> None:
    from matplotlib.patches import Rectangle

    colour = theme.tint(theme.WARNING, 0.3 + 0.7 * missing) if missing > 0 else theme.tint(shade, 0.12)
    axes.add_patch(Rectangle((column + 0.03, row + 0.04), 0.94, 0.92, facecolor=colour, linewidth=0))
    ink, weight = "white" if missing > 0.6 else theme.INK, 600 if missing > 0 else 400
    axes.text(column + 0.5, row + 0.53, text, ha="center", va="center", fontsize=SMALL, color=ink, fontweight=weight)
