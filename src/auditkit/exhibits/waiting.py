"""Waiting by the hour of the week: how long those waited who wrote at that hour, beside when they write.

In come the tickets of the period (of the whole history where they are few), out comes a grid of medians on the
calendar: a customer waits also while the team is closed. One hour is always the slowest, so it is named only where it
differs from the rest by more than chance, counted over all the hours that could have been it.
"""

from __future__ import annotations

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits import charts
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, chart
from auditkit.labels import NOTHING, capital
from auditkit.stats import compare_samples

ENOUGH_FOR_A_WEEK = 1000  # tickets, as in the grid of arrivals
FEWEST_IN_A_CELL = 5  # answered tickets: the median of fewer tells of single customers
FEWEST_CELLS = 6


def waiting(context: Context) -> list[Exhibit]:
    """The grid; empty where too few cells have enough answered tickets."""
    window, rows = _answered(context)
    if rows is None or not len(rows):
        return []
    hours, days = rows["created_hour"].to_numpy(dtype=int), rows["created_weekday"].to_numpy(dtype=int)
    waits = rows["response_seconds"].to_numpy(dtype=float)
    cell = (days - 1) * 24 + hours
    counts = np.bincount(cell, minlength=168)
    enough = np.flatnonzero(counts >= FEWEST_IN_A_CELL)
    if enough.size < FEWEST_CELLS:
        return []
    medians = np.full(168, np.nan)
    for place in enough:
        medians[place] = np.median(waits[cell == place])
    return [_exhibit(context, window, medians, counts, cell, waits)]


def _answered(context: Context) -> tuple[Period, object]:
    """The answered tickets with a sane wait, and the time they are of."""
    rows = context.fetch("tickets")
    if rows is None or "response_seconds" not in rows:
        return context.period, None
    for window in dict.fromkeys((context.period, context.whole)):
        own = rows[(rows["created_on"] >= window.start) & (rows["created_on"] < window.end)]
        if len(own) >= ENOUGH_FOR_A_WEEK:
            break
    return window, own[own["response_seconds"] >= 0]


def _exhibit(context: Context, window: Period, medians, counts, cell, waits) -> Exhibit:
    labels = context.labels
    names = [capital(labels.weekday(day)) for day in range(1, 8)]
    grid = medians.reshape(7, 24)
    hours = np.nan_to_num(grid / 3600)
    svg = charts.heatmap(hours, names, [str(hour) for hour in range(24)], accent(context), labels)
    rows = [
        [name, *(NOTHING if np.isnan(value) else labels.duration(value, value) for value in grid[place])]
        for place, name in enumerate(names)
    ]
    extra = labels.say(
        "Median hours to the first response by the hour in which the ticket came. {zone} time. Cells with fewer than "
        "{fewest} answered tickets are blank",
        zone=labels.zone,
        fewest=FEWEST_IN_A_CELL,
    )
    note = context.note_of(window, len(waits), "first_response_time", extra=extra)
    about = labels.say("Median time to the first response by weekday and hour of the day")
    columns = [labels.say("Weekday"), *(f"{hour:02d}" for hour in range(24))]
    made = chart("volume-waiting", _title(context, medians, cell, waits), note, svg, columns, rows, about)
    return Exhibit(made.id, "chart", dict(made.data) | {"alt": _alt(context, about, medians, names)})


def slowest(medians, cell, waits) -> tuple[int, float]:
    """The hour of the week (0: Monday 0-1) with the longest median, and the adjusted p of its being longer than the
    rest (Bonferroni over the hours that could have been it)."""
    known = np.flatnonzero(~np.isnan(medians))
    worst = int(known[np.argmax(medians[known])])
    superiority, p = compare_samples(waits[cell == worst], waits[cell != worst])
    return worst, min(p * known.size, 1.0) if superiority > 0.5 else 1.0


def _title(context: Context, medians, cell, waits) -> str:
    labels = context.labels
    worst, p = slowest(medians, cell, waits)
    everyone = labels.duration(float(np.median(waits)), float(np.median(waits)) / 4)
    if p >= THRESHOLD:
        return labels.say("No hour of the week clearly waits longer than the others; the median is {median}",
            median=everyone)  # fmt: skip
    return labels.say(
        "Longest median wait: {time} ({weekday} {hours}); over all hours {median}",
        weekday=labels.weekday(worst // 24 + 1),
        hours=f"{worst % 24:02d}–{worst % 24 + 1:02d}",
        time=labels.duration(float(medians[worst]), float(medians[worst]) / 4),
        median=everyone,
    )


def _alt(context: Context, about: str, medians, names) -> str:
    labels = context.labels
    known = np.flatnonzero(~np.isnan(medians))
    order = known[np.argsort(medians[known])]

    def told(places) -> list[str]:
        return [f"{names[at // 24]} {at % 24:02d}:00 {labels.duration(medians[at], medians[at])}" for at in places]

    return labels.say("{about}. Longest: {longest}. Shortest: {shortest}.", about=about,
        longest=", ".join(told(order[::-1][:5])), shortest=", ".join(told(order[:5])))  # fmt: skip
