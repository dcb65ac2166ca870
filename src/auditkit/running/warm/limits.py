"""What one report may use: time for a cell, time in all, memory, and what it may print.

In comes nothing; the defaults suit an unattended run. A limit that is None does not bind. Memory is what the report
needs beyond the warm process that it was forked from, in all of its processes together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

GRACE_SECONDS = 5.0  # between asking a cell to stop and ending its process: enough for a traceback


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes; None means no limit."""

    cell_seconds: float | None = 900.0
    notebook_seconds: float | None = 3600.0
    memory_bytes: int | None = None
    printed_bytes: int = 1_000_000  # per cell; what is beyond is counted and told, not kept
    shown_bytes: int = 256_000_000  # all that a notebook displays
    grace_seconds: float = GRACE_SECONDS

    def as_json(self) -> dict[str, Any]:
        """For a message."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Limits:
        """Read back what ``as_json`` wrote."""
        return cls(**raw)


def fair_memory(workers: int) -> int:
    """A fair share of this machine's memory for each of ``workers`` reports, bytes: nine tenths, divided."""
    import psutil

    return int(psutil.virtual_memory().total * 0.9 / max(1, workers))
