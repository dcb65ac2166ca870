"""The words and number signs of each language that reports can be written in.

In comes a language code, out come names of months and weekdays and the sign between whole and part. A further
language is one more entry here; nothing else knows how a language writes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """How one language writes dates and numbers."""

    name: str
    decimal: str
    months: tuple[str, ...]
    weekdays: tuple[str, ...]


LANGUAGES = {
    "en": Language(
        "English",
        ".",
        (
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
}
AVAILABLE = tuple(LANGUAGES)
