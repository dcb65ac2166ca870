"""What was noticed about the data: one frozen value per fault, with its rows as evidence.

A refused row is one that could not be kept (a value that cannot be read, an id that contradicts another). A notice is
a fact about rows that were kept, or about a whole column, which a reader of the figures must know.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refused:
    """One row that was not kept: file, row (header = 1), canonical column or header, value as found, reason."""

    source: str
    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True)
class Notice:
    """One thing noticed: ``check`` names the fault; ``count`` rows show it, of which ``rows`` are the first few.

    ``statement`` and ``remedy`` are sentences (:class:`auditkit.translation.Said`, or declared with ``N_``), which a
    report tells in its own language. ``severity`` is "high" (figures are affected), "medium" (some may be) or "low"
    (for information).
    """

    check: str
    severity: str
    table: str
    place: str
    statement: str
    count: int
    rows: tuple[int, ...] = field(default=())
    remedy: str = ""
