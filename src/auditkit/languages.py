"""The languages that reports can be written in: English, and whatever has a catalogue in ``locale/``.

In comes a language code, out comes what the Unicode CLDR knows of it: its own name, the names of its months and
weekdays, its way of writing days and its decimal mark. A further language is one more catalogue; nothing else knows
how a language writes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from auditkit.translation import DOMAIN, LOCALE, SOURCE

if TYPE_CHECKING:
    from babel import Locale

# English as Europe writes it: 17 May 2026, 14:05, no comma before the last "and".
_WRITTEN_AS = {"en": "en_150"}
_OWN_NAMES = {"en": "English"}  # and not "English (Europe)"

AVAILABLE = (SOURCE, *sorted(path.parts[-3] for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


@cache
def locale_of(language: str) -> Locale:
    """How the language writes days, numbers and lists; English where it is not one of :data:`AVAILABLE`."""
    from babel import Locale

    known = language if language in AVAILABLE else SOURCE
    return Locale.parse(_WRITTEN_AS.get(known, known))


@cache
def own_name(language: str) -> str:
    """The language in its own words.

    >>> own_name("en"), own_name("fi")
    ('English', 'suomi')
    """
    return _OWN_NAMES.get(language) or locale_of(language).get_display_name() or language


@cache
def decimal_mark(language: str) -> str:
    """The sign between whole and part."""
    return str(locale_of(language).number_symbols["latn"]["decimal"])


@cache
def weekdays(language: str) -> tuple[str, ...]:
    """The names of the weekdays, Monday first, as they stand by themselves."""
    names = locale_of(language).days["stand-alone"]["wide"]
    return tuple(names[place] for place in range(7))


@cache
def months(language: str, short: bool = False) -> tuple[str, ...]:
    """The names of the months, January first, as they stand by themselves."""
    width = "abbreviated" if short else "wide"
    own = locale_of(language) if language != SOURCE else _plain_english()  # Sep, where Europe writes Sept
    names = own.months["stand-alone"][width]
    return tuple(names[number] for number in range(1, 13))


def _plain_english() -> Locale:
    from babel import Locale

    return Locale.parse(SOURCE)
