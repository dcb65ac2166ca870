"""A place in a text and what stands there, and which of two that overlap is taken."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """From ``start`` up to ``end`` stands something of a ``kind``."""

    start: int
    end: int
    kind: str


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The spans in their order; of those that overlap, what begins first is taken and made to reach to the last end,
    so that no rest of either is left to be read.

    >>> without_overlaps([Span(5, 9, "name"), Span(0, 6, "email"), Span(20, 22, "phone")])
    [Span(start=0, end=9, kind='email'), Span(start=20, end=22, kind='phone')]
    """
    taken: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end)):
        if taken and span.start < taken[-1].end:
            taken[-1] = taken[-1]._replace(end=max(taken[-1].end, span.end))
        else:
            taken.append(span)
    return taken
