"""CSV that a spreadsheet may open: rows in, text out, and no cell that would run as a formula.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line end is led by an apostrophe, unless it is a plain
number. It stands alone because every CSV that leaves the product goes through it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.,\s\u00a0\u202f]*(e[+-]?\d+)?\s*%?", re.IGNORECASE)


def harmless(value: object) -> object:
    """The cell, led by an apostrophe where a spreadsheet would take it for a formula.

    >>> harmless("=1+1"), harmless("-3.5"), harmless("@x"), harmless(7)
    ("'=1+1", '-3.5', "'@x", 7)
    """
    if not isinstance(value, str) or not value.lstrip(" ").startswith(_DANGEROUS) or _PLAIN_NUMBER.fullmatch(value):
        return value
    return "'" + value


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The rows as CSV with a header; nothing is an empty cell, lines end with a line feed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([["" if cell is None else harmless(cell) for cell in row] for row in rows])
    return stream.getvalue()
