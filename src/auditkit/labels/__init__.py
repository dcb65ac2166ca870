"""Labels: numbers, durations, periods, instants and sentences as people read them, in the reader's language.

In come bare figures (shares in 0..1, seconds, counts) with their intervals, out go short texts. The interval decides
how many digits a figure deserves. A no-break space keeps a number and its unit together, thousands are parted by a
narrow one, and nothing at all is a dash. Nothing here knows measures or tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from auditkit.clocks.period import Period
from auditkit.labels.durations import DAY, HOUR, MINUTE
from auditkit.labels.figures import PER_THOUSAND, Figures, is_net
from auditkit.labels.numbers import MINUS, NOTHING, SPACE, THIN
from auditkit.labels.times import Times
from auditkit.translation import Said, Shown

__all__ = [
    "DAY",
    "HOUR",
    "MINUS",
    "MINUTE",
    "NOTHING",
    "PER_THOUSAND",
    "SPACE",
    "THIN",
    "Labels",
    "capital",
    "is_net",
    "said",
    "said_n",
    "shown",
]


class Labels(Figures, Times):
    """Everything for one reader: ``language`` (one of :data:`auditkit.languages.AVAILABLE`) and the time ``zone``.

    >>> Labels("fi", "Europe/Helsinki").share(0.8108)
    '81,1\xa0%'
    """


def said(message: str, /, **values: Any) -> Said:
    """A sentence for a reader whose language is not known yet: English now, any language later by :meth:`Labels.tell`.

    Days, periods and instants are written the ISO way in it, since it also goes to logs and to other programs. What was
    said already stays as it is.

    >>> said("no source has the column {column}", column="agent")
    'no source has the column agent'
    """
    if isinstance(message, Said) and not values:
        return message
    return Said(Labels().say(message, **_plain(values)), message, "", values)


def said_n(one: str, many: str, count: int, /, **values: Any) -> Said:
    """As :func:`said`, with a ``{count}``.

    >>> said_n("{count} row is", "{count} rows are", 2)
    '2\xa0rows are'
    """
    return Said(Labels().say_n(one, many, count, **_plain(values)), one, many, {"count": count} | values)


def shown(kind: str, *given: Any) -> Shown:
    """A figure for a sentence that was :func:`said`: written by the method ``kind`` of Labels, in any language.

    >>> shown("share", 0.825, 0.81, 0.84)
    '82.5\xa0%'
    """
    return Shown(getattr(Labels(), kind)(*given), kind, given)


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with days, periods and instants (in UTC) in ISO form, and sentences as they were said."""
    return {name: _iso(value) for name, value in values.items()}


def _iso(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_iso(one) for one in value)
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Period | str) else value


def capital(text: str) -> str:
    """The text with its first letter in upper case, the rest as it is."""
    return text[:1].upper() + text[1:]
