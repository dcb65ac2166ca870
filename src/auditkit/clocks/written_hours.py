"""Opening hours as people write them: "mon-fri", "08:00-12:00, 13:00-17:00", "24h", "closed", and holidays by country.

In come words from the configuration, out come minutes of the week and dates for hours.py, or a ValueError that says
what was found, what was expected and which name is nearest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from itertools import pairwise

from auditkit.clocks.hours import DAY_MINUTES, Spans

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_week(hours: Mapping[str, str]) -> tuple[Spans, ...]:
    """The week (Monday first) of a mapping such as ``{"mon-fri": "08:00-16:00", "fri": "08:00-14:00"}``.

    The entry with fewer days wins, so Friday closes at 14:00 here; two of the same width for one day are an error. Days
    that are not named are closed. Raises ValueError with one line for each thing that is wrong.
    """
    problems: list[str] = []
    entries = []
    for key, text in hours.items():
        try:
            entries.append((parse_days(key), key, parse_spans(text)))
        except ValueError as error:
            problems.append(f"{key!r}: {error}")
    week = []
    for day, name in enumerate(DAYS):
        named = sorted((entry for entry in entries if day in entry[0]), key=lambda entry: len(entry[0]))
        week.append(named[0][2] if named else ())
        if len(named) > 1 and len(named[0][0]) == len(named[1][0]):
            problems.append(f"{name} is given twice, by {named[0][1]!r} and {named[1][1]!r} (expected once)")
    if problems:
        raise ValueError("\n".join(problems))
    return tuple(week)


def parse_days(text: str) -> tuple[int, ...]:
    """The days (0 is Monday) of ``mon``, ``mon-fri``, ``sat-mon`` or ``daily``. Raises ValueError."""
    words = text.strip().lower()
    if words == "daily":
        return tuple(range(7))
    first, _, last = words.partition("-")
    start, end = _weekday(first), _weekday(last or first)
    return tuple((start + step) % 7 for step in range((end - start) % 7 + 1))


def parse_spans(text: str) -> Spans:
    """The minutes of ``08:00-12:00, 13:00-17:00``, ``22:00-06:00``, ``24h`` or ``closed``. Raises ValueError."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r} is not a span of hours (expected 08:00-16:00, 24h or closed, in quotes)")
    words = text.strip().lower()
    if words in ("24h", "closed"):
        return ((0, DAY_MINUTES),) if words == "24h" else ()
    spans = tuple(sorted(_span(part.strip()) for part in words.split(",")))
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            raise ValueError(f"{_written(earlier)} and {_written(later)} overlap (expected spans that do not)")
    return spans


def holiday_dates(country: str, years: range) -> dict[date, str]:
    """Public holidays by day, from the holidays package, for ``FI`` or with a subdivision ``NO-03`` or ``GB-ENG``.

    Names are in the country's own language. Raises ValueError with the nearest code where there is no such country.
    """
    import holidays  # heavy, and only needed where the configuration names a country

    code, part = check_country(country)
    own_language = holidays.country_holidays(code).default_language  # without it the machine's locale would decide
    found = holidays.country_holidays(code, subdiv=part or None, years=years, language=own_language)
    return {day: name for day, name in sorted(found.items()) if day.year in years}


def check_country(country: str) -> tuple[str, str]:
    """The country's code and its part ("" for the whole). Raises ValueError as ``holiday_dates`` does."""
    import holidays

    code, _, part = country.strip().upper().partition("-")
    known = holidays.list_supported_countries()
    if code not in known:
        raise ValueError(f"no holidays are known for {country!r} (expected a code such as FI{_near_country(country)})")
    if part and part not in known[code]:
        raise ValueError(f"{country!r} is not a part of {code} (expected {_parts(code, part, known[code])})")
    return code, part


def _weekday(word: str) -> int:
    word = word.strip()
    if word in DAYS or word in _FULL_NAMES:
        return DAYS.index(word[:3])
    near = _near(word, (*DAYS, *_FULL_NAMES, "daily"))
    raise ValueError(f"{word!r} is not a day (expected mon to sun, a range such as mon-fri, or daily{near})")


def _span(text: str) -> tuple[int, int]:
    times = re.fullmatch(r"(\S+?)\s*[-–]\s*(\S+)", text)
    if not times:
        raise ValueError(f"{text!r} is not a span of hours (expected 08:00-16:00, 24h or closed)")
    start, end = _minute(times[1]), _minute(times[2])
    if start == DAY_MINUTES:
        raise ValueError(f"{text!r} begins at 24:00 (expected a start from 00:00 to 23:59)")
    if start == end:
        raise ValueError(f"{text!r} begins and ends at the same time (expected 24h or closed, if that is meant)")
    return start, end if end > start else end + DAY_MINUTES


def _minute(text: str) -> int:
    parts = re.fullmatch(r"(\d{1,2}):(\d\d)", text, re.ASCII)
    minute = int(parts[1]) * 60 + int(parts[2]) if parts else -1
    if not parts or int(parts[2]) > 59 or minute > DAY_MINUTES:
        raise ValueError(f"{text!r} is not a time of day (expected 00:00 to 24:00)")
    return minute


def _written(span: tuple[int, int]) -> str:
    start, end = span
    end = end if end <= DAY_MINUTES else end - DAY_MINUTES
    return f"{start // 60:02d}:{start % 60:02d}-{end // 60:02d}:{end % 60:02d}"


def _near(word: str, names) -> str:
    found = get_close_matches(word, list(names), n=1, cutoff=0.5)
    return f"; the nearest is {found[0]}" if found else ""


def _near_country(text: str) -> str:
    """The country nearest to ``text``, which may be a name in place of a code."""
    from holidays.registry import COUNTRIES

    codes = {name.replace("_", " "): entry[1] for name, entry in COUNTRIES.items()}
    found = get_close_matches(text.strip().lower(), codes, n=1)
    return f"; {found[0].title()} is {codes[found[0]]}" if found else _near(text.strip().upper(), codes.values())


def _parts(code: str, part: str, names: list[str]) -> str:
    near = get_close_matches(part, names, n=1, cutoff=0.5) or names[:1]
    return f"a code such as {code}-{near[0]}" if names else f"{code} alone: it has no parts"
