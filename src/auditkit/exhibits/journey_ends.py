"""Where journeys begin and where they end: from the first channel to the last.

In come the journeys of the period, out comes a grid of first channels by last ones. What lies beside the diagonal is
customers who began by one channel and had to end by another; a matter that needs two channels is worth a look, and the
grid says which two.
"""

from __future__ import annotations

import numpy as np

from auditkit.exhibits import charts
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, chart
from auditkit.exhibits.values import value_words
from auditkit.stats import wilson

MOST = 7  # channels that still have a readable cell


def journey_ends(context: Context) -> list[Exhibit]:
    """The grid; empty with one channel or none."""
    rows = context.fetch("journeys")
    if rows is None:
        return []
    own = rows[(rows["started_on"] >= context.period.start) & (rows["started_on"] < context.period.end)]
    own = own[own["start_channel"].notna() & own["last_channel"].notna()]
    names = list(own["start_channel"].value_counts().index)
    names += sorted({*own["last_channel"]} - {*names})
    names = names[:MOST]
    if len(names) < 2:
        return []
    grid = np.array([[((own["start_channel"] == one) & (own["last_channel"] == other)).sum() for other in names]
        for one in names])  # fmt: skip
    return [_exhibit(context, [value_words(context.labels, "channel", name) for name in names], grid)]


def _exhibit(context: Context, names: list[str], grid: np.ndarray) -> Exhibit:
    labels, total = context.labels, int(grid.sum())
    svg = charts.heatmap(grid.astype(float), names, names, accent(context), labels, np.eye(len(names), dtype=bool))
    rows = [[name, *(labels.count(int(count)) for count in grid[place])] for place, name in enumerate(names)]
    heads = [labels.say("Last: {channel}", channel=name) for name in names]
    note = context.note("start_channel", extra=labels.say("Rows: the first channel. Columns: the last one. Framed: "
        "where a journey ended as it began"))  # fmt: skip
    about = labels.say("Journeys by their first channel and their last")
    columns = [labels.say("First channel"), *heads]
    return chart("journeys-ends", _title(context, names, grid, total), note, svg, columns, rows, about)


def _title(context: Context, names: list[str], grid: np.ndarray, total: int) -> str:
    labels, moved = context.labels, int(grid.sum() - np.trace(grid))
    if total < FEWEST:
        return labels.say_n("Too few journeys to say where they end: {count} journey",
            "Too few journeys to say where they end: {count} journeys", total)  # fmt: skip
    share = labels.share(moved / total, *(float(one) for one in wilson(moved, total)))
    if not moved:
        return labels.say("Every journey ended by the channel by which it began")
    away = np.where(np.eye(len(names), dtype=bool), 0, grid)
    first, last = np.unravel_index(np.argmax(away), away.shape)
    return labels.say(
        "{share} of the journeys ended by another channel than they began; most often {first} → {last} ({count})",
        share=share,
        first=names[first],
        last=names[last],
        count=int(away[first, last]),
    )
