"""Channels side by side: how many contacts each has, how soon it answers and how satisfied its customers are.

In come the figures of the period by channel; out comes one chart of the waits, and a table of what else there is. A
call's speed of answer and a message's first response are never put on one axis, nor averaged: calls are their own
section.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from auditkit.exhibits import axes
from auditkit.exhibits.axes import Mark
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.coverage import coverage
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import Cell, accent, chart, table
from auditkit.exhibits.rows_of_bars import Dot, dots
from auditkit.exhibits.speed import by_clock
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING

WAIT = "first_response_time"
MOST = 10  # channels that still can be read
# What is told of a channel beside its wait, where it is known: measure and statistic.
BESIDE = (("fcr", "share"), ("reopen_rate", "share"), ("complaint_rate", "ratio"), ("csat", "share"))

Found = Mapping[tuple[str, str, str], Figure]


def channels(context: Context) -> list[Exhibit]:
    """Channels side by side, then coverage by hours and languages; one text where there is nothing to compare."""
    found = [*_side_by_side(context), *coverage(context)]
    if found:
        return found
    title = context.labels.say("There are no channels to compare")
    why = context.labels.say("The tickets name one channel and one language, or none.")
    return [context.missing("channels", title, why)]


def asked(context: Context) -> tuple[str, ...]:
    """The measures that are told by channel."""
    beside = (name for name, _ in BESIDE if name in context.measures)
    return "tickets_received", by_clock(context, WAIT), *beside


def _side_by_side(context: Context) -> list[Exhibit]:
    """The chart and the table; empty with fewer than two channels."""
    wait = by_clock(context, WAIT)
    found = {
        (one.measure, one.statistic, one.group): one
        for one in context.evaluate(asked(context), context.period, "channel")
        if one.group and one.available
    }
    counts = sorted(
        (one for (name, *_), one in found.items() if name == "tickets_received"), key=lambda one: -one.value
    )
    if len(counts) < 2:
        return []
    names = [one.group for one in counts[:MOST]]
    exhibits = [_waits(context, wait, names, found)] if any((wait, "median", one) in found for one in names) else []
    return [*exhibits, _table(context, names, found, len(counts) - len(names))]


def _waits(context: Context, wait: str, names: Sequence[str], found: Found) -> Exhibit:
    labels, business = context.labels, context.is_business(wait)
    figures = sorted((found[wait, "median", name] for name in names if (wait, "median", name) in found),
        key=lambda one: one.value)  # fmt: skip
    ends = apart_in_time(context, wait, figures)
    told = {one.group for one in ends or ()}
    rows = [
        Dot(
            _name(context, one.group),
            one.value,
            one.low,
            one.high,
            context.said(one),
            one.group in told or ends is None,
        )
        for one in figures
    ]
    target = context.targets.get(wait)
    bound = target.bound if target is not None and (target.statistic or "median") == "median" else None
    mark = Mark(bound, labels.say("target {limit}", limit=labels.duration_short(bound, business))) if bound else None
    scale = axes.duration_scale(labels, max([one.value for one in figures] + [bound or 0]), business)
    svg = dots(rows, scale, accent(context), mark)
    cells = [
        [_name(context, one.group), context.said(one), context.interval(one), labels.count(one.n)] for one in figures
    ]
    columns = [labels.say("Channel"), labels.say("Median"), labels.say("95 % interval"), labels.say("n")]
    about = labels.say("{measure}, median by channel with its 95 % interval", measure=context.label(wait))
    note = context.note(wait, extra=labels.say("The lines are 95 % intervals"))
    return chart("channels-waits", _waits_title(context, figures, ends), note, svg, columns, cells, about)


def _name(context: Context, channel: str) -> str:
    return value_words(context.labels, "channel", channel)


def apart_in_time(context: Context, wait: str, figures: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """The quickest and the slowest channel where they differ by more than chance explains, else None.

    The intervals of the two medians lie apart, and both rest on enough rows; the widths are of 95 %, so that being
    apart is a stricter test than 5 % (about 0.6 %), which allows for the few pairs there are.
    """
    enough = [one for one in figures if (one.n or 0) >= FEWEST and one.low is not None and one.high is not None]
    if len(enough) < 2:
        return None
    quick, slow = enough[0], enough[-1]
    return (quick, slow) if quick.high < slow.low else None


def _waits_title(context: Context, figures: Sequence[Figure], ends: tuple[Figure, Figure] | None) -> str:
    labels = context.labels
    if ends is None:
        if sum((one.n or 0) >= FEWEST for one in figures) < 2:
            return labels.say("Too few answered tickets to tell the channels apart by their first response")
        return labels.say_n("No clear difference of the first response within {count} channel",
            "No clear difference of the first response among {count} channels", len(figures))  # fmt: skip
    quick, slow = ends
    return labels.say(
        "First response by channel: longest {slow} ({slow_time}), quickest {quick} ({quick_time})",
        slow=_name(context, slow.group),
        slow_time=context.said(slow),
        quick=_name(context, quick.group),
        quick_time=context.said(quick),
    )


def _table(context: Context, names: Sequence[str], found: Found, left: int) -> Exhibit:
    labels = context.labels
    total = sum(one.value for (measure, *_), one in found.items() if measure == "tickets_received")
    shown = [
        (measure, statistic)
        for measure, statistic in BESIDE
        if any((measure, statistic, one) in found for one in names)
    ]
    rows: list[list[Cell]] = []
    for name in names:
        received = found["tickets_received", "count", name].value
        row: list[Cell] = [_name(context, name), labels.count(received), labels.share(received / total)]
        rows.append(row + [_cell(context, found.get((measure, statistic, name))) for measure, statistic in shown])
    columns = [labels.say("Channel"), labels.say("Tickets"), labels.say("Share")]
    columns += [context.label(measure) for measure, _ in shown]
    title = labels.say(
        "Most tickets {when}: {channel}, {share}",
        when=labels.within(context.period),
        channel=_name(context, names[0]),
        share=rows[0][2],
    )
    extra = labels.say(
        "In brackets: the 95 % interval. Figures of fewer than {fewest} rows are left out", fewest=FEWEST
    )
    total_words = (
        labels.say_n("{count} channel more is not shown.", "{count} channels more are not shown.", left) if left else ""
    )
    return table("channels-table", title, context.note("tickets_received", *(name for name, _ in shown), extra=extra),
        columns, rows, total_words)  # fmt: skip


def _cell(context: Context, figure: Figure | None) -> str:
    if figure is None or (figure.n or 0) < FEWEST:
        return NOTHING
    interval = context.interval(figure)
    return context.said(figure) if interval == NOTHING else f"{context.said(figure)} ({interval})"
