"""Sparklines: a line the size of a word, drawn as SVG by hand, because a table may hold dozens of them.

In come values per period (None where there is none), out goes a small SVG of plain attributes and no text. The line
keeps its own scale, from its lowest value to its highest; the last point is marked. The numbers are in the words
beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.exhibits import theme
from auditkit.safe.svg import PALETTE

WIDTH, HEIGHT, MARGIN = 84.0, 18.0, 2.5


def sparkline(values: Sequence[float | None], accent: str, target: float | None = None) -> str:
    """The line of ``values`` as SVG text; empty with fewer than two values. ``target`` is a thin line across."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    if target is not None and low <= target <= high:
        level = _height(target, low, high)
        across = (
            f'<path d="M{MARGIN} {level}H{WIDTH - MARGIN}" stroke="{theme.WARNING}" stroke-width=".8" '
            'stroke-dasharray="3 2"/>'
        )
    else:
        across = ""
    points = [
        (round(MARGIN + (WIDTH - 2 * MARGIN) * place / (len(values) - 1), 1), _height(value, low, high))
        for place, value in enumerate(values)
        if value is not None
    ]
    path = "".join(f"{'ML'[place > 0]}{x} {y}" for place, (x, y) in enumerate(points))
    dot = f'<circle cx="{points[-1][0]}" cy="{points[-1][1]}" r="2" fill="{accent}"/>' if values[-1] is not None else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{HEIGHT:g}" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" data-palette="{PALETTE}">{across}'
        f'<path d="{path}" fill="none" stroke="{accent}" stroke-width="1.3" stroke-linejoin="round"/>{dot}</svg>'
    )


def _height(value: float, low: float, high: float) -> float:
    if high == low:
        return HEIGHT / 2
    return round(HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (value - low) / (high - low), 1)
