"""Volume and backlog: what came in and went out, when it came, and what was left.

Counts of everything that came in are facts, so they carry no interval; whether a count is unusual is told by the
usual range of its own history.
"""

from __future__ import annotations

import math

import numpy as np

from auditkit.exhibits import axes, charts, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart, line, period_rows, since, usual_words
from auditkit.period import Period, span

_FURTHER = ("resolution_rate", "clearance_ratio", "net_flow", "peak_ratio")
ENOUGH_FOR_A_WEEK = 1000  # tickets; with fewer, the week's pattern is drawn from the whole history


def volume(context: Context) -> list[Exhibit]:
    """Received and resolved by period, and the week's pattern of arrivals."""
    received = context.figure("tickets_received")
    if received is None or not received.available or not any(_values(context, "tickets_received")):
        return [_nothing(context, "volume")]
    return [_flow(context), *_arrivals(context), *further(context, "volume-further", _FURTHER)]


def backlog(context: Context) -> list[Exhibit]:
    """Open tickets at the end of each period, and how old they were."""
    if not context.has("backlog"):
        reason = context.why_not("backlog")
        return [context.missing("backlog", "The backlog is not known", reason)]
    return [_open_tickets(context), *_ages(context)]


def _flow(context: Context) -> Exhibit:
    labels, shade = context.labels, accent(context)
    received, resolved = context.series("tickets_received"), context.series("tickets_resolved")
    known = any(one is not None and one.available for one in resolved)
    drawn = [line(resolved, f"resolved\n{context.said(resolved[-1])}", shade)] if known else []
    bars = line(received, f"received\n{context.said(received[-1])}", theme.PALE)
    svg = charts.lines(
        labels.axis(context.history), drawn, axes.count_scale(labels), bars=bars, partial=context.partial
    )
    title = f"{labels.counted(received[-1].value, 'tickets')} came in"
    headline = context.headline("tickets_received")
    if context.partial:
        title += " so far"
    elif headline is not None and headline.usual is not None:
        title += f", {usual_words(context, headline)}{',' if known else ''}"
    title += f" and {context.said(resolved[-1])} were resolved" if known else ""
    columns = ["Period", "Received", "Resolved"] if known else ["Period", "Received"]
    rows = period_rows(context, received, resolved) if known else period_rows(context, received)
    note = context.note("tickets_received", *(["tickets_resolved"] if known else []))
    about = "Tickets received as bars and tickets resolved as a line, by period"
    return chart("volume-flow", title, note, svg, columns, rows, about)


def _arrivals(context: Context) -> list[Exhibit]:
    rows = context.fetch("tickets")
    if rows is None:
        return []
    first, beyond = context.period.start, context.period.end
    within = rows[(rows["created_on"] >= first) & (rows["created_on"] < beyond)]
    if within.empty:
        return []
    if len(within) < ENOUGH_FOR_A_WEEK:
        first = context.history[0].start
        within = rows[(rows["created_on"] >= first) & (rows["created_on"] < beyond)]
    window = span(first, beyond) if first != context.period.start else context.period
    hours, days = within["created_hour"].astype(int), within["created_weekday"].astype(int)
    counts = np.zeros((7, 24))
    np.add.at(counts, (days - 1, hours), 1)
    weekdays = [(first.toordinal() - 1 + place) % 7 for place in range(window.days)]
    often = np.array([weekdays.count(day) for day in range(7)], dtype=float)
    rates = counts / np.where(often > 0, often, 1)[:, None]
    names = [context.labels.weekday(day) for day in range(1, 8)]
    svg = charts.heatmap(rates, names, [str(hour) for hour in range(24)], accent(context))
    return [_arrival_exhibit(context, window, within, counts, rates, names, svg)]


def _arrival_exhibit(context: Context, window: Period, within, counts, rates, names, svg) -> Exhibit:
    labels = context.labels
    day, hour = np.unravel_index(np.argmax(rates), rates.shape)
    rate = labels.number(rates[day, hour], 1)
    title = f"The busiest hour is {names[day]} {hour:02d}–{hour + 1:02d}, with {rate} tickets on average"
    if counts.max() < 10:
        title = f"Tickets are too few to name a busiest hour: none of the week had more than {counts.max():.0f} in all"
    if context.has_hours and within["after_hours"].notna().any():
        outside = float(within["after_hours"].dropna().astype(bool).mean())
        title += f"; {labels.share(outside)} came outside business hours"
    rows = [[name, *(labels.number(value, 1) for value in rates[place])] for place, name in enumerate(names)]
    covered = labels.period(window)
    note = (
        f"Mean number of tickets received per hour, {covered}. {labels.sample_size(len(within))}. {labels.zone} time."
    )
    about = "Mean number of tickets received by weekday and hour of the day"
    columns = ["Weekday", *(f"{hour:02d}" for hour in range(24))]
    exhibit = chart("volume-arrivals", title, note, svg, columns, rows, about)
    busiest = np.argsort(rates, axis=None)[::-1][:5]
    peaks = (f"{names[place // 24]} {place % 24:02d}:00 {labels.number(rates.flat[place], 1)}" for place in busiest)
    by_day = ", ".join(f"{name} {labels.number(rates[place].sum(), 1)}" for place, name in enumerate(names))
    alt = f"{about}. Busiest hours: {', '.join(peaks)}. Mean tickets a day: {by_day}."
    return Exhibit(exhibit.id, "chart", dict(exhibit.data) | {"alt": alt})


def _open_tickets(context: Context) -> Exhibit:
    labels, figures = context.labels, context.series("backlog")
    now = figures[-1]
    drawn = [line(figures, f"open\n{context.said(now)}", accent(context))]
    svg = charts.lines(
        labels.axis(context.history), drawn, axes.count_scale(labels), partial=context.partial, height=2.4
    )
    opened = labels.counted(now.value, "tickets")
    verb = "is" if now.value == 1 else "are"
    when = "so far" if context.partial else f"at the end of {labels.period(context.period)}"
    headline = context.headline("backlog")
    tail = f"; {since(context, headline)}" if headline and not context.partial else ""
    title = f"{opened} {verb if context.partial else 'was' if now.value == 1 else 'were'} open {when}{tail}"
    rows = period_rows(context, figures)
    note = context.note("backlog", extra="Opened by the end of the period and not resolved at that instant")
    return chart(
        "backlog-open", title, note, svg, ["Period", "Open tickets"], rows, "Open tickets at the end of each period"
    )


def _ages(context: Context) -> list[Exhibit]:
    median, tail = context.series("backlog_age_median"), context.series("backlog_age_p90")
    if median[-1] is None or not median[-1].available:
        return []
    labels = context.labels
    largest = max((one.value for one in (*median, *tail) if one is not None and one.available), default=1)
    drawn = [
        line(tail, f"9 in 10 under\n{context.said(tail[-1])}", theme.QUIET),
        line(median, f"median\n{context.said(median[-1])}", accent(context)),
    ]
    scale = axes.duration_scale(labels, largest)
    svg = charts.lines(labels.axis(context.history), drawn, scale, partial=context.partial, height=2.4)
    title = f"Half of the open tickets were older than {context.said(median[-1])}"
    title += f", one in ten older than {context.said(tail[-1])}"
    rows = period_rows(context, median, tail)
    note = context.note("backlog_age_median", "backlog_age_p90")
    about = "Age of the open tickets at the end of each period: median and 90th percentile"
    return [chart("backlog-age", title, note, svg, ["Period", "Median age", "90th percentile"], rows, about)]


def _values(context: Context, measure: str) -> list[float]:
    return [
        one.value for one in context.series(measure) if one is not None and one.available and not math.isnan(one.value)
    ]


def _nothing(context: Context, slug: str) -> Exhibit:
    where = context.labels.within(context.period)
    return context.missing(
        slug,
        f"No tickets {where}",
        f"The data hold no tickets of {context.team} {where}. {context.why_not('tickets_received')}",
    )
