"""Figures as JSON: the engine's table in, plain values out; what does not exist is null, never NaN.

The one shape of the command line's JSON and of an edition's manifest. Durations are seconds, shares 0..1.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = 1
_WHOLE = ("numerator", "denominator", "n")


def records(results: pd.DataFrame) -> list[dict[str, Any]]:
    """One dictionary per figure, with the columns of the engine's table."""
    columns = list(results.columns)
    rows = zip(*(results[name].tolist() for name in columns), strict=True)
    return [{name: _plain(name, value) for name, value in zip(columns, row, strict=True)} for row in rows]


def document(results: pd.DataFrame, as_of: datetime) -> dict[str, Any]:
    """What ``auditkit measures --format json`` prints."""
    return {"schema": SCHEMA, "as_of": instant_text(as_of), "results": records(results)}


def instant_text(instant: datetime) -> str:
    """An instant in UTC, as ISO 8601 with Z.

    >>> instant_text(datetime(2026, 6, 1, tzinfo=UTC))
    '2026-06-01T00:00:00Z'
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _plain(name: str, value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        if name in _WHOLE and value.is_integer():
            return int(value)
    return value
