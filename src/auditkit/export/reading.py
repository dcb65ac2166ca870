"""A cell read back: the number in a text that was written for people, where it is one beyond doubt.

In comes the text of a cell and the language of its report, out comes the number with the way to show it, or nothing. A
page sorts by it, and a workbook holds it as a number. Written numbers part their thousands, so a longer run of digits
is a name (an id, a telephone number) and stays a text, as does a limit (``> 99.9 %``) and an interval. It stands alone
because exhibits carry texts, and nothing else should guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from auditkit.languages import decimal_mark

MINUS = "−"
_GROUPS = "\u202f\u00a0"
_SECONDS_OF = {
    unit: seconds
    for units, seconds in (("s sek с сек", 1), ("min мин", 60), ("h t ч", 3600), ("d pv vrk døgn д дн сут", 86400))
    for unit in units.split()
}


@dataclass(frozen=True)
class Read:
    """``value`` is a bare number, a share of 0..1 or seconds, by ``kind``: number, share or duration."""

    value: float
    kind: str
    decimals: int = 0


def read_number(text: str, language: str = "en") -> Read | None:
    """The number that ``text`` is as a whole.

    >>> read_number("1\\u202f234.5"), read_number("81.1\\u00a0%")
    (Read(value=1234.5, kind='number', decimals=1), Read(value=0.811, kind='share', decimals=1))
    >>> read_number("2\\u00a0h\\u00a005\\u00a0min").value, read_number("+358401234567"), read_number("007")
    (7500.0, None, None)
    """
    text = text.strip()
    if not text or not any(sign.isdigit() for sign in text):
        return None
    mark = decimal_mark(language)
    share = text.removesuffix("%").rstrip() if text.endswith("%") else None
    found = _number(text if share is None else share, mark)
    if found is None:
        return _duration(text, mark) if share is None else None
    value, decimals = found
    return Read(value, "number", decimals) if share is None else Read(round(value / 100, 10), "share", decimals)


def _duration(text: str, mark: str) -> Read | None:
    """One or two numbers with units of time, the larger first."""
    sign = -1 if text[0] in (MINUS, "-") else 1
    words = text.lstrip(MINUS + "-+").split()
    if len(words) not in (2, 4):
        return None
    total, before = 0.0, float("inf")
    for number, unit in zip(words[::2], words[1::2], strict=True):
        found, seconds = _number(number.lstrip("0") or "0", mark), _SECONDS_OF.get(unit.rstrip("."))
        if found is None or seconds is None or seconds >= before:
            return None
        total, before = total + found[0] * seconds, seconds
    return Read(sign * total, "duration")


def _number(text: str, mark: str) -> tuple[float, int] | None:
    found = _pattern(mark).match(text)
    if found is None:
        return None
    sign, whole, part = found[1], re.sub(f"[{_GROUPS}]", "", found[2]), found[3] or ""
    value = float(f"{whole}.{part or 0}")
    return (-value if sign in (MINUS, "-") else value), len(part)


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    whole = rf"(0|[1-9]\d{{0,3}}|[1-9]\d{{0,2}}(?:[{_GROUPS}]\d{{3}})+)"
    return re.compile(rf"^([+\-{MINUS}]?){whole}(?:{re.escape(mark)}(\d+))?$")
