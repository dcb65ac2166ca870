"""Durations as people write them, to seconds: "4h", "2h 5m", "20s", "3d", "1:30:00", 90.

One day is 24 hours here, also in business time, where a target of "1d" is unusual: write hours instead.
"""

from __future__ import annotations

import math
import re

UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "min": 60, "s": 1, "sec": 1}
FORMS = '"20s", "15m", "4h", "2h 5m", "3d", "1:30:00" or a number of seconds'
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(w|d|h|min|m|sec|s)\s*")


def parse_duration(value: object) -> float:
    """Seconds of a duration; ValueError names the forms that are understood.

    >>> parse_duration("2h 5m"), parse_duration("0:00:20"), parse_duration(90)
    (7500.0, 20.0, 90.0)
    """
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf:
        return float(value)
    if isinstance(value, str):
        text = value.strip().lower()
        if re.fullmatch(r"\d+(\.\d+)?", text):
            return float(text)
        if match := re.fullmatch(r"(\d+):([0-5]\d)(?::([0-5]\d(?:\.\d+)?))?", text):
            return int(match[1]) * 3600 + int(match[2]) * 60 + float(match[3] or 0)
        parts = _PART.findall(text)
        if parts and _PART.sub("", text) == "":
            return float(sum(float(number) * UNITS[unit] for number, unit in parts))
    raise ValueError(f"{value!r} is not a duration (expected {FORMS})")
