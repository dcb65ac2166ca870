"""A drawing: marks placed in the data's own units on a sheet of fixed size, written as lean SVG.

In come numbers and words, out comes SVG text: text stays text, places are rounded to a tenth of a point, and points
that would fall together are left out. Margins are known, so nothing is ever measured twice. Shades are the colour
itself at some opacity, and colours are the few of theme.py: so a page can turn a chart for a dark ground, which the
attribute ``data-palette`` of the outermost element promises. The same calls give the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from xml.sax.saxutils import escape

import numpy as np

from auditkit.exhibits import theme
from auditkit.fonts import FAMILY
from auditkit.safe.svg import PALETTE

POINTS = 72  # per inch
SIZE = 9.0
LEADING = 1.3  # from line to line, in sizes of letters
_MIDDLE, _ASCENT = 0.36, 0.76  # of the typeface, in sizes of letters: half of a capital, and a capital with air above
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class Drawing:
    """A sheet of :data:`theme.WIDTH` by ``height`` inches; margins, in inches, lie around the area of the data.

    Places are data's units unless a name says ``points`` (from the top left of the sheet). ``left``, ``right``, ``top``
    and ``bottom`` are the edges of that area in points.
    """

    def __init__(
        self, height: float, left: float = 0.55, right: float = 1.0, top: float = 0.12, bottom: float = 0.45
    ) -> None:
        self.width, self.height = theme.WIDTH * POINTS, height * POINTS
        self.left, self.right = left * POINTS, self.width - right * POINTS
        self.top, self.bottom = top * POINTS, self.height - bottom * POINTS
        self._marks: list[str] = []
        self.reach(0, 1, 0, 1)

    def reach(self, x_low: float, x_high: float, y_low: float, y_high: float, log_x: bool = False) -> None:
        """Which values lie at the edges of the area; ``log_x`` for a logarithmic axis of times."""
        self._log_x = log_x
        self._x_low, self._x_high = (math.log(x_low), math.log(x_high)) if log_x else (x_low, x_high)
        self.y_low, self.y_high = y_low, y_high

    def x(self, value: float) -> float:
        """A value across, in points."""
        place = math.log(value) if self._log_x else value
        return self.left + (self.right - self.left) * (place - self._x_low) / (self._x_high - self._x_low)

    def y(self, value: float) -> float:
        """A value upwards, in points."""
        return self.bottom - (self.bottom - self.top) * (value - self.y_low) / (self.y_high - self.y_low)

    # Marks -----------------------------------------------------------------------------------------------------------

    def line(self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float = 1.8) -> None:
        """A line through the values, broken where one is missing (NaN)."""
        path = "".join(self._path(run) for run in self._runs(xs, ys) if len(run) > 1)
        self._stroke(path, colour, width)

    def steps(self, xs: Sequence[float], ys: Sequence[float], colour: str, width: float = 1.8) -> None:
        """A line that keeps each value until the next begins."""
        self._stroke("".join(self._stairs(run) for run in self._runs(xs, ys)), colour, width)

    def band(self, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float], colour: str) -> None:
        """The shade between two lines, cut at the edges of the area."""
        for low, high in self._between(xs, lows, highs):
            if len(low) > 1:
                self._fill(self._path(low) + "L" + self._path(high[::-1])[1:] + "Z", colour, theme.BAND)

    def step_band(self, xs: Sequence[float], lows: Sequence[float], highs: Sequence[float], colour: str) -> None:
        """The shade between two lines of steps."""
        for low, high in self._between(xs, lows, highs):
            corners = [one for here, there in pairwise(high) for one in (here, (there[0], here[1]))]
            path = self._stairs(low) + "L" + self._path([*corners, high[-1]][::-1])[1:] + "Z"
            self._fill(path, colour, theme.BAND)

    def bar(
        self, x: float, width: float, y: float, height: float, colour: str, opacity: float = 1.0, framed: bool = False
    ) -> None:
        """A box from (``x``, ``y``); ``framed`` draws its outline alone."""
        if not (height and width and math.isfinite(height)):
            return
        (left, right), (top, bottom) = sorted((self.x(x), self.x(x + width))), sorted((self.y(y), self.y(y + height)))
        paint = f'fill="none" stroke="{colour}" stroke-width=".9"' if framed else _fill(colour, opacity)
        place = f'x="{_n(left)}" y="{_n(top)}" width="{_n(right - left)}" height="{_n(bottom - top)}"'
        self._marks.append(f"<rect {place} {paint}/>")

    def dot(self, x: float, y: float, colour: str, size: float = 5.0, hollow: bool = False) -> None:
        """A round mark, ``size`` points wide; a hollow one is filled with the ground."""
        if math.isfinite(y):
            place = f'cx="{_n(self.x(x))}" cy="{_n(self.y(y))}" r="{_n(size / 2)}"'
            paint = f'fill="{theme.GROUND}" stroke="{colour}"' if hollow else f'fill="{colour}"'
            self._marks.append(f"<circle {place} {paint}/>")

    def rule(
        self, *, x: float | None = None, y: float | None = None, colour: str = theme.GRID, width: float = 0.7,
        dashed: bool = False,
    ) -> None:  # fmt: skip
        """A straight line across the area at ``y``, or from its top to its bottom at ``x``."""
        if x is not None:
            path = f"M{_n(self.x(x))} {_n(self.top)}V{_n(self.bottom)}"
        else:
            path = f"M{_n(self.left)} {_n(self.y(y or 0.0))}H{_n(self.right)}"
        self._stroke(path, colour, width, "4 3" if dashed else "")

    def words(
        self, x_points: float, y_points: float, text: str, *, colour: str = theme.INK, size: float = SIZE,
        anchor: str = "start", at: str = "middle", weight: int = 400,
    ) -> None:  # fmt: skip
        """Words at a place in points; ``at`` says whether it is their ``middle``, their ``top`` or their ``base``."""
        lines = _FORBIDDEN.sub("\ufffd", text).split("\n")
        rise = {"middle": (len(lines) - 1) * LEADING / 2 - _MIDDLE, "top": -_ASCENT, "base": (len(lines) - 1) * LEADING}
        first = y_points - rise[at] * size
        look = f'fill="{colour}"'
        look += f' font-size="{_n(size)}"' if size != SIZE else ""
        look += f' text-anchor="{anchor}"' if anchor != "start" else ""
        look += f' font-weight="{weight}"' if weight != 400 else ""
        for place, line in enumerate(lines):
            if line:
                y = _n(first + place * LEADING * size)
                self._marks.append(f'<text x="{_n(x_points)}" y="{y}" {look}>{escape(line)}</text>')

    def svg(self) -> str:
        """The sheet as SVG text."""
        width, height = _n(self.width), _n(self.height)
        head = (
            f'xmlns="http://www.w3.org/2000/svg" width="{width}pt" height="{height}pt" viewBox="0 0 {width} {height}"'
        )
        face = f'font-family="\'{FAMILY}\', sans-serif" font-size="{_n(SIZE)}"'
        return f'<svg {head} data-palette="{PALETTE}"><g {face}>{"".join(self._marks)}</g></svg>\n'

    # Paths -----------------------------------------------------------------------------------------------------------

    def _runs(self, xs: Sequence[float], ys: Sequence[float]) -> Iterator[list[tuple[float, float]]]:
        """The places in points of each stretch without a gap."""
        run: list[tuple[float, float]] = []
        for x, y in zip(xs, ys, strict=True):
            if y is not None and math.isfinite(y):
                run.append((self.x(x), self.y(y)))
            elif run:
                yield run
                run = []
        if run:
            yield run

    def _between(self, xs, lows, highs) -> Iterator[tuple[list[tuple[float, float]], list[tuple[float, float]]]]:
        low, high = (np.clip(np.asarray(part, dtype=float), self.y_low, self.y_high) for part in (lows, highs))
        gap = np.isnan(low) | np.isnan(high)
        below, above = (self._runs(xs, np.where(gap, np.nan, part)) for part in (low, high))
        return zip(below, above, strict=True)

    @staticmethod
    def _path(places: Sequence[tuple[float, float]]) -> str:
        """``M`` to the first place, ``L`` to the others; what falls on the place before it is left out."""
        return "M" + "L".join(place for place, _ in groupby(f"{_n(x)} {_n(y)}" for x, y in places))

    @staticmethod
    def _stairs(places: Sequence[tuple[float, float]]) -> str:
        """Across and up by turns; a step too small to be seen is left out."""
        path, height = f"M{_n(places[0][0])} {_n(places[0][1])}", _n(places[0][1])
        for x, y in places[1:]:
            if _n(y) != height:
                height = _n(y)
                path += f"H{_n(x)}V{height}"
        return f"{path}H{_n(places[-1][0])}"

    def _stroke(self, path: str, colour: str, width: float, dashes: str = "") -> None:
        dash = f' stroke-dasharray="{dashes}"' if dashes else ' stroke-linecap="round" stroke-linejoin="round"'
        if path:
            self._marks.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_n(width)}"{dash}/>')

    def _fill(self, path: str, colour: str, opacity: float) -> None:
        self._marks.append(f'<path d="{path}" {_fill(colour, opacity)}/>')


def _fill(colour: str, opacity: float) -> str:
    return f'fill="{colour}"' + (f' fill-opacity="{opacity:.2g}"' if opacity < 1 else "")


def _n(value: float) -> str:
    """A tenth of a point is the finest that can be seen; without it where it is nought."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")
