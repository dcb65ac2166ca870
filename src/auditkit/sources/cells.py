"""Writes one value of a workbook, a JSON record or a Parquet column as text, always in the same way.

Dates are ISO, whole numbers have no decimals, true and false are words, an absent value is None. What is text already
stays as it is. Kept apart so that the same date reads the same from every format.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, time, timedelta

WHOLE_LIMIT = 2.0**63  # beyond it a float no longer says which whole number it means


def text_of(value: object) -> str | None:
    """``value`` as text: 109.0 -> 109, midnight -> YYYY-MM-DD, 30 hours -> 30:00:00, nothing -> None.

    >>> text_of(datetime(2024, 5, 1, 9, 30)), text_of(datetime(2024, 5, 1)), text_of(timedelta(hours=30))
    ('2024-05-01 09:30:00', '2024-05-01', '30:00:00')
    """
    match value:
        case None | "":
            return None
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case datetime():
            return _instant(value)
        case time():
            return _second(datetime.combine(date.min, value)).strftime("%H:%M:%S") + _fraction(value.microsecond)
        case timedelta():
            return _duration(value)
        case bytes():
            return value.hex()
        case dict() | list() | tuple():
            return nested_text(value)
        case _:
            return str(value)


def nested_text(value: dict | list | tuple) -> str | None:
    """A list of plain values joined by commas; anything deeper as compact JSON; empty is None."""
    if not value:
        return None
    if isinstance(value, dict) or any(isinstance(item, dict | list | tuple) for item in value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=text_of)
    return ",".join(text for item in value if (text := text_of(item)) is not None) or None


def _number(value: float) -> str | None:
    if math.isnan(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < WHOLE_LIMIT else repr(value)


def _instant(value: datetime) -> str:
    rounded = _second(value)
    fraction = _fraction(value.microsecond)
    if rounded.time() == time() and not fraction and value.tzinfo is None:
        return rounded.strftime("%Y-%m-%d").rjust(10, "0")
    return rounded.isoformat(" ", timespec="seconds") + fraction


def _second(value: datetime) -> datetime:
    """To the second; a workbook keeps times as fractions of a day, which miss it by some microseconds."""
    whole = value.replace(microsecond=0)
    return whole + timedelta(seconds=1) if value.microsecond >= 999_500 else whole


def _fraction(microsecond: int) -> str:
    return f".{microsecond // 1000:03d}" if 500 <= microsecond < 999_500 else ""


def _duration(value: timedelta) -> str:
    seconds = round(abs(value).total_seconds())
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
