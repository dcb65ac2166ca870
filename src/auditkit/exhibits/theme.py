"""How charts look: one size, one typeface, one accent and greys.

Nothing comes in; out go the few colours that charts are drawn in, beside the client's accent. They are told apart by
lightness first, so that they survive colour blindness and a grey printer: the accent is dark, its shade is light, the
warning colour lies between. Two hues are the most that a chart has.
"""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 7.2
HEIGHT = 2.9
INK = "#222222"
QUIET = "#666666"
GREY = "#9a9a9a"
PALE = "#d9d9d9"
GRID = "#e6e6e6"
BLANK = "#f6f6f6"  # a cell with nothing in it
GROUND = "#ffffff"
ON_LIGHT, ON_DEEP = "#000000", "#ffffff"  # letters in a cell, whichever can be read on its shade
WARNING = "#c4570a"  # the vermilion of Okabe & Ito, darkened until small text in it can be read
BAND = 0.2  # opacity of the shade of an interval


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
