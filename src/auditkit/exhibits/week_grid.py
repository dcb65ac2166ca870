"""A grid of the week: a cell per weekday and hour with words in it, the warmer the more is missing there.

In come texts and gaps, already reckoned, out comes an SVG. It stands apart from charts.py because its cells carry two
figures each, and because what is missing is told by the warning colour, not by the amount.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.exhibits import theme
from auditkit.exhibits.charts import SMALL, fill_cell, grid


def week_grid(
    texts: Sequence[Sequence[str]], missing: np.ndarray, names: Sequence[str], heads: Sequence[str], shade: str
) -> str:
    """The grid; ``missing`` has a number per cell, 0 where nothing is. A cell without text is left blank."""
    rows, columns = missing.shape
    drawing = grid(rows, columns, 0.28, names, heads, SMALL)
    most = max(float(missing.max()), 1.0)
    for row, column in np.ndindex(rows, columns):
        text, lacking = texts[row][column], missing[row, column] / most
        if text and lacking > 0:
            fill_cell(drawing, row, column, theme.WARNING, 0.3 + 0.7 * lacking, text, weight=600)
        elif text:
            fill_cell(drawing, row, column, shade, 0.12, text)
    return drawing.svg()
