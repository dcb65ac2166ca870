"""Sentences as plain data and back, so that a store keeps what was said for readers of every language.

In come values of JSON and sentences (:func:`auditkit.labels.said`) with their values: texts, counts, figures, days,
instants, periods and further sentences. Out goes what JSON can hold, and the very same sentences again. A text that is
no sentence stays a text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from auditkit.clocks.period import Period, parse_period
from auditkit.labels import said, said_n, shown
from auditkit.translation import Said, Shown


def to_plain(value: Any) -> Any:
    """What JSON can hold of a value of a sentence, or of a sentence.

    >>> to_plain(said("{team} has no rows", team="Oslo"))
    {'said': '{team} has no rows', 'values': {'team': 'Oslo'}}
    """
    if isinstance(value, Said):
        several = {"many": value.many} if value.many else {}
        return (
            {"said": value.message} | several | {"values": {name: to_plain(one) for name, one in value.values.items()}}
        )
    if isinstance(value, Shown):
        return {"shown": value.kind, "given": [to_plain(one) for one in value.given]}
    if isinstance(value, tuple):
        return {"listed": [to_plain(one) for one in value]}
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, Period):
        return {"period": value.label}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{value!r} cannot be kept: it is no value of a sentence")


def from_plain(plain: Any) -> Any:
    """What :func:`to_plain` was given.

    >>> from_plain({"said": "{count} row is", "many": "{count} rows are", "values": {"count": 2}})
    '2\xa0rows are'
    """
    if not isinstance(plain, dict):
        return plain
    return next(read for name, read in _READ.items() if name in plain)(plain)


def _sentence(plain: dict[str, Any]) -> Said:
    values = {name: from_plain(one) for name, one in plain["values"].items()}
    if "many" in plain:
        return said_n(plain["said"], plain["many"], values.pop("count"), **values)
    return said(plain["said"], **values)


_READ: dict[str, Callable[[dict[str, Any]], Any]] = {
    "said": _sentence,
    "shown": lambda plain: shown(plain["shown"], *(from_plain(one) for one in plain["given"])),
    "listed": lambda plain: tuple(from_plain(one) for one in plain["listed"]),
    "instant": lambda plain: datetime.fromisoformat(plain["instant"]),
    "day": lambda plain: date.fromisoformat(plain["day"]),
    "period": lambda plain: parse_period(plain["period"]),
}
