"""How charts look: one size, one typeface, one accent and greys, the same bytes each time.

In comes nothing but the client's accent colour; out come matplotlib figures with fixed axes (so that nothing has to
be measured twice) and their SVG, in which text stays text. Colours are told apart by lightness first, so that they
survive colour blindness and a grey printer: the accent is dark, its tint is light, the warning colour lies between.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from auditkit.fonts import FAMILY, paths

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.2
HEIGHT = 2.9
INK = "#222222"
QUIET = "#666666"
GREY = "#9a9a9a"
PALE = "#d9d9d9"
GRID = "#e6e6e6"
WARNING = "#c4570a"  # the vermilion of Okabe & Ito, darkened until small text in it can be read
_CONTRAST_WANTED = 4.5  # of text against white (WCAG 2.2, 1.4.3)
_SETTINGS = {
    "font.family": [FAMILY],
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "auditkit",
    "axes.edgecolor": GREY,
    "axes.labelcolor": QUIET,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.autolimit_mode": "data",
    "axes.xmargin": 0.0,
    "axes.ymargin": 0.0,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": QUIET,
    "ytick.labelcolor": QUIET,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.major.pad": 4,
    "text.color": INK,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "text.parse_math": False,
    "path.simplify": False,
}


@contextmanager
def style() -> Iterator[None]:
    """The settings in force while a chart is drawn and written; whatever the user has set is back afterwards."""
    import matplotlib

    _register_fonts()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def canvas(
    height: float = HEIGHT, left: float = 0.55, right: float = 1.0, top: float = 0.12, bottom: float = 0.45
) -> tuple[Figure, Axes]:
    """A figure and its axes; margins in inches. Call inside :func:`style`."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height))
    rectangle = (left / WIDTH, bottom / height, (WIDTH - left - right) / WIDTH, (height - top - bottom) / height)
    return figure, figure.add_axes(rectangle)


def svg(figure: Figure) -> str:
    """The figure as SVG text, without a date; the same drawing gives the same bytes. Call inside :func:`style`."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure)
    text = io.StringIO()
    figure.savefig(text, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    return text.getvalue()


def readable(colour: str) -> str:
    """The colour, darkened until text in it can be read on white.

    >>> readable("#1f5f8b"), readable("#ffff00")
    ('#1f5f8b', '#787800')
    """
    red, green, blue = _rgb(colour)
    while _contrast_with_white((red, green, blue)) < _CONTRAST_WANTED:
        red, green, blue = (max(0, round(part * 0.98 - 0.5)) for part in (red, green, blue))
    return f"#{red:02x}{green:02x}{blue:02x}"


def tint(colour: str, strength: float) -> str:
    """The colour mixed with white; ``strength`` 1 is the colour itself, 0 is white."""
    return "#" + "".join(f"{round(255 + (part - 255) * strength):02x}" for part in _rgb(colour))


def spread(places: Sequence[float], sizes: Sequence[float], lowest: float, highest: float) -> list[float]:
    """Middles for labels of these ``sizes`` beside each other: as near to ``places`` as they can be without touching.

    >>> spread([10, 11, 50], [4, 4, 4], 0, 100)
    [10, 14.0, 50]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    placed, edge = list(places), lowest
    for index in order:
        placed[index] = max(placed[index], edge + sizes[index] / 2)
        edge = placed[index] + sizes[index] / 2
    edge = highest
    for index in reversed(order):
        placed[index] = min(placed[index], edge - sizes[index] / 2)
        edge = placed[index] - sizes[index] / 2
    return placed


@cache
def _register_fonts() -> None:
    from matplotlib import font_manager

    for path in paths():
        font_manager.fontManager.addfont(str(path))


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _contrast_with_white(rgb: tuple[int, int, int]) -> float:
    """Ratio of luminances (WCAG 2.2): 1.05 / (L + 0.05)."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
