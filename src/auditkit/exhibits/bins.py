"""Bins for waiting times: narrow for the quick, wide for the slow, because times spread over many orders of size.

In come seconds, out come counts between round limits, the limits' names, and the place of a target along them. Few
rows far out on either side are gathered in the first and the last bin, and the last bin says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from auditkit.labels import DAY, HOUR, MINUTE, Labels

_SECONDS = (0, 5, 10, 15, 20, 30, 45)
_MINUTES = (1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 45)
_HOURS = (1, 1.5, 2, 3, 4, 6, 8, 12, 16)
_CALENDAR_DAYS = (1, 1.5, 2, 3, 4, 5, 7, 10, 14, 21, 30, 60, 90, 180, 365)
_BUSINESS_HOURS = (24, 32, 40, 60, 80, 120, 160, 240, 320, 640, 1280)
_NAMED = {
    *(5, 10, 20, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE),
    *(HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 40 * HOUR, 80 * HOUR, 160 * HOUR, 320 * HOUR),
    *(DAY, 2 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 30 * DAY, 90 * DAY, 365 * DAY),
}
FAR_OUT = 0.01  # share of rows that may be gathered at either end
MOST_NAMES = 12  # of the edges along one axis


@dataclass(frozen=True)
class Bins:
    """``counts[i]`` rows lie in ``edges[i] <= x < edges[i + 1]``; the first and last hold what lies further out."""

    counts: tuple[int, ...]
    edges: tuple[float, ...]
    beyond: int

    def place(self, seconds: float) -> float:
        """Where a duration falls along the edges, 0 for the first and len(counts) for the last."""
        return float(np.interp(seconds, self.edges, range(len(self.edges))))

    def names(self, labels: Labels, business: bool = False) -> list[str]:
        """Names of the edges, with some left empty where they would crowd."""
        gap = math.ceil(len(self.counts) / MOST_NAMES)
        last = len(self.counts)
        named, latest = {0, last}, 0
        for place, edge in enumerate(self.edges):
            wanted = gap == 1 or edge in _NAMED
            if wanted and place - latest >= gap and last - place >= gap:
                named.add(place)
                latest = place
        words = ["0", *(labels.duration_short(edge, business) for edge in self.edges[1:])]
        words[-1] = labels.say("longer") if self.beyond else words[-1]
        return [word if place in named else "" for place, word in enumerate(words)]

    def rows(self, labels: Labels, business: bool = False) -> list[list[str]]:
        """A table row per bin: its limits, its count, its share."""
        total = sum(self.counts) or 1
        words = [labels.duration_short(edge, business) for edge in self.edges]
        named = [labels.say("{shorter} to {longer}", shorter=first, longer=last) for first, last in pairwise(words)]
        named[0] = labels.say("under {time}", time=words[1])
        if self.beyond:
            named[-1] = labels.say("{time} and longer", time=words[-2])
        return [
            [name, labels.count(count), labels.share(count / total)]
            for name, count in zip(named, self.counts, strict=True)
        ]


def bins(seconds: Sequence[float], business: bool = False) -> Bins | None:
    """Bins that suit these durations; None when there are none."""
    values = np.asarray(seconds, dtype=float)
    values = np.sort(values[~np.isnan(values) & (values >= 0)])
    if not values.size:
        return None
    edges = _edges(business)
    first = int(np.searchsorted(edges, np.quantile(values, FAR_OUT), side="right"))
    last = int(np.searchsorted(edges, np.quantile(values, 1 - FAR_OUT), side="right"))
    last = min(max(last, first + 1), len(edges) - 1)
    chosen = np.concatenate([[0.0], edges[max(first, 1) : last + 1]])
    counts = np.histogram(np.minimum(values, chosen[-1] * (1 - 1e-12)), chosen)[0]
    beyond = int((values >= chosen[-1]).sum())
    return Bins(tuple(int(count) for count in counts), tuple(float(edge) for edge in chosen), beyond)


def _edges(business: bool) -> np.ndarray:
    late = [HOUR * hours for hours in _BUSINESS_HOURS] if business else [DAY * days for days in _CALENDAR_DAYS]
    early = [*_SECONDS, *(MINUTE * minutes for minutes in _MINUTES), *(HOUR * hours for hours in _HOURS)]
    return np.array([*early, *late], dtype=float)
