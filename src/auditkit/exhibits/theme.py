"""How charts look: one size, one typeface, one accent and greys.

In comes nothing but the client's accent colour; out come the few colours that charts are drawn in. They are told apart
by lightness first, so that they survive colour blindness and a grey printer: the accent is dark, its shade is light,
the warning colour lies between. Two hues are the most that a chart has.
"""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 7.2
HEIGHT = 2.9
PALETTE = (
    "auditkit"  # the mark of a picture that is drawn in these colours alone, and so can be turned for a dark ground
)
INK = "#222222"
QUIET = "#666666"
GREY = "#9a9a9a"
PALE = "#d9d9d9"
GRID = "#e6e6e6"
BLANK = "#f6f6f6"  # a cell with nothing in it
GROUND = "#ffffff"
WARNING = "#c4570a"  # the vermilion of Okabe & Ito, darkened until small text in it can be read
BAND = 0.2  # opacity of the shade of an interval
DEEP = 0.62  # opacity of a shade from which letters on it are those of the ground
_CONTRAST_WANTED = 4.5  # of text against white (WCAG 2.2, 1.4.3)


def readable(colour: str) -> str:
    """The colour, darkened until text in it can be read on white.

    >>> readable("#1f5f8b"), readable("#ffff00")
    ('#1f5f8b', '#787800')
    """
    red, green, blue = _rgb(colour)
    while _contrast_with_white((red, green, blue)) < _CONTRAST_WANTED:
        red, green, blue = (max(0, round(part * 0.98 - 0.5)) for part in (red, green, blue))
    return f"#{red:02x}{green:02x}{blue:02x}"


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


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _contrast_with_white(rgb: tuple[int, int, int]) -> float:
    """Ratio of luminances (WCAG 2.2): 1.05 / (L + 0.05)."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in rgb]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
