"""What a figure that looks ahead has to leave out: the last days before as_of, whose window is not over yet.

In come the context and measures, out comes one sentence for those whose period reaches into such days, so that nobody
takes the figure for the whole period's. What each measure looks ahead for is read from its own declaration.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from auditkit.definition import Measure

if TYPE_CHECKING:
    from auditkit.exhibits.context import Context

LOOKS_AHEAD = "seconds_to_as_of >= {days}"


def window_words(context: Context, *measures: str) -> str:
    """Which days of the period the measures leave out, and why; "" where they leave out none."""
    labels = context.labels
    for name in measures:
        declared = context.measures.get(name)
        days = window_days(declared)
        until = None if days is None else last_day_counted(context, days)
        if days is not None and until is not None and until < context.period.end - timedelta(days=1):
            if until < context.period.start:
                return labels.say("Nothing of the period can be counted yet: the {days} days that follow are not over",
                    days=days)  # fmt: skip
            return labels.say(
                "Counted up to {day}: what came later is left out, because its {days} days are not over",
                day=labels.day(until),
                days=days,
            )
    return ""


def window_days(measure: Measure | None) -> int | None:
    """The days that a measure waits for before it counts a row; None where it waits for none.

    >>> from auditkit.measures import CATALOGUE
    >>> window_days(CATALOGUE["fcr"]), window_days(CATALOGUE["csat"])
    (7, None)
    """
    if measure is None or LOOKS_AHEAD not in measure.counted:
        return None
    return int(measure.parameters["days"])


def last_day_counted(context: Context, days: int) -> date:
    """The last local day of which every row's window is over at as_of."""
    local = (context.as_of - timedelta(days=days)).astimezone(ZoneInfo(context.labels.zone))
    return local.date() - timedelta(days=1)
