"""Volume and backlog: what came in and went out, when it came, and what was left.

Counts of everything that came in are facts, so they carry no interval; whether a count is unusual is told by the
usual range of its own history.
"""

from __future__ import annotations

import math

import numpy as np

from auditkit.clocks.period import Period, span
from auditkit.exhibits import axes, charts, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart, ending, joined, line, period_rows, since, usual_words
from auditkit.exhibits.reasons import reasons
from auditkit.exhibits.waiting import waiting
from auditkit.labels import capital

_FURTHER = ("resolution_rate", "clearance_ratio", "net_flow", "peak_ratio")
FEWEST_IN_AN_HOUR = 10  # tickets in all; with fewer, no hour of the week is named as the busiest
ENOUGH_FOR_A_WEEK = 1000  # tickets; with fewer, the week's pattern is drawn from the whole history


def volume(context: Context) -> list[Exhibit]:
    """Received and resolved by period, and the week's pattern of arrivals."""
    received = context.figure("tickets_received")
    if received is None or not received.available or not any(_values(context, "tickets_received")):
        return [_nothing(context, "volume")]
    week = [*_arrivals(context), *waiting(context)]
    return [_flow(context), *week, *reasons(context), *further(context, "volume-further", _FURTHER)]


def backlog(context: Context) -> list[Exhibit]:
    """Open tickets at the end of each period, and how old they were."""
    if not context.has("backlog"):
        title = context.labels.say("The backlog is not known")
        return [context.missing("backlog", title, context.why_not("backlog"))]
    return [_open_tickets(context), *_ages(context)]


def _flow(context: Context) -> Exhibit:
    labels, shade = context.labels, accent(context)
    received, resolved = context.series("tickets_received"), context.series("tickets_resolved")
    known = any(one is not None and one.available for one in resolved)
    came = ending(labels.say_in("line of a chart", "received"), context.said(received[-1]))
    done = ending(labels.say_in("line of a chart", "resolved"), context.said(resolved[-1]))
    drawn = [line(resolved, done, shade)] if known else []
    bars = line(received, came, theme.PALE)
    svg = charts.lines(
        labels.axis(context.history), drawn, axes.count_scale(labels), bars=bars, partial=context.partial
    )
    columns = [labels.say("Period"), labels.say("Received"), *([labels.say("Resolved")] if known else [])]
    rows = period_rows(context, received, resolved) if known else period_rows(context, received)
    note = context.note("tickets_received", *(["tickets_resolved"] if known else []))
    about = labels.say("Tickets received as bars, by period")
    if known:
        about = labels.say("Tickets received as bars and tickets resolved as a line, by period")
    title = _flow_title(context, received[-1], resolved[-1] if known else None)
    return chart("volume-flow", title, note, svg, columns, rows, about)


def _flow_title(context: Context, received: Figure, resolved: Figure | None) -> str:
    labels, came = context.labels, int(received.value)
    if context.partial:
        lead = labels.say_n("{count} ticket came in so far", "{count} tickets came in so far", came)
    else:
        lead = labels.say_n("{count} ticket came in", "{count} tickets came in", came)
    if resolved is not None and resolved.available:
        done = labels.say_n("{count} was resolved", "{count} were resolved", int(resolved.value))
        lead = labels.say("{first} and {second}", first=lead, second=done)
    headline = context.headline("tickets_received")
    if context.partial or headline is None or headline.usual is None:
        return lead
    standing = usual_words(context, headline)
    return joined(labels, lead, labels.say("the number received is {standing}", standing=standing))


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
    names = [capital(context.labels.weekday(day)) for day in range(1, 8)]
    svg = charts.heatmap(rates, names, [str(hour) for hour in range(24)], accent(context), context.labels)
    return [_arrival_exhibit(context, window, within, counts, rates, names, svg)]


def _arrival_exhibit(context: Context, window: Period, within, counts, rates, names, svg) -> Exhibit:
    labels = context.labels
    rows = [[name, *(labels.number(value, 1) for value in rates[place])] for place, name in enumerate(names)]
    note = labels.say(
        "Mean number of tickets received per hour, {period}. {n}. {zone} time.",
        period=labels.period(window),
        n=labels.sample_size(len(within)),
        zone=labels.zone,
    )
    about = labels.say("Mean number of tickets received by weekday and hour of the day")
    columns = [labels.say("Weekday"), *(f"{hour:02d}" for hour in range(24))]
    title = _arrival_title(context, within, counts, rates)
    exhibit = chart("volume-arrivals", title, note, svg, columns, rows, about)
    busiest = np.argsort(rates, axis=None)[::-1][:5]
    peaks = (f"{names[place // 24]} {place % 24:02d}:00 {labels.number(rates.flat[place], 1)}" for place in busiest)
    by_day = (f"{name} {labels.number(rates[place].sum(), 1)}" for place, name in enumerate(names))
    alt = labels.say(
        "{about}. Busiest hours: {peaks}. Mean tickets a day: {days}.",
        about=about,
        peaks=", ".join(peaks),
        days=", ".join(by_day),
    )
    return Exhibit(exhibit.id, "chart", dict(exhibit.data) | {"alt": alt})


def _arrival_title(context: Context, within, counts, rates) -> str:
    labels = context.labels
    day, hour = np.unravel_index(np.argmax(rates), rates.shape)
    if counts.max() < FEWEST_IN_AN_HOUR:
        lead = labels.say(
            "Tickets are too few to name a busiest hour: none of the week had more than {most} in all",
            most=int(counts.max()),
        )
    else:
        lead = labels.say(
            "The busiest hour is {weekday} {hours}, with {rate} tickets on average",
            weekday=labels.weekday(int(day) + 1),
            hours=f"{hour:02d}–{hour + 1:02d}",
            rate=labels.number(rates[day, hour], 1),
        )
    if not context.has_hours or not within["after_hours"].notna().any():
        return lead
    outside = labels.share(float(within["after_hours"].dropna().astype(bool).mean()))
    return joined(labels, lead, labels.say("{share} came outside business hours", share=outside))


def _open_tickets(context: Context) -> Exhibit:
    labels, figures = context.labels, context.series("backlog")
    now = figures[-1]
    drawn = [line(figures, ending(labels.say_in("line of a chart", "open"), context.said(now)), accent(context))]
    svg = charts.lines(
        labels.axis(context.history), drawn, axes.count_scale(labels), partial=context.partial, height=2.4
    )
    if context.partial:
        title = labels.say_n("{count} ticket is open so far", "{count} tickets are open so far", int(now.value))
    else:
        end = labels.period(context.period)
        lead = labels.say_n(
            "{count} ticket was open at the end of {period}",
            "{count} tickets were open at the end of {period}",
            int(now.value),
            period=end,
        )
        title = joined(labels, lead, since(context, context.headline("backlog")))
    rows = period_rows(context, figures)
    extra = labels.say("Opened by the end of the period and not resolved at that instant")
    columns = [labels.say("Period"), labels.say("Open tickets")]
    about = labels.say("Open tickets at the end of each period")
    return chart("backlog-open", title, context.note("backlog", extra=extra), svg, columns, rows, about)


def _ages(context: Context) -> list[Exhibit]:
    median, tail = context.series("backlog_age_median"), context.series("backlog_age_p90")
    if median[-1] is None or not median[-1].available:
        return []
    labels = context.labels
    largest = max((one.value for one in (*median, *tail) if one is not None and one.available), default=1)
    drawn = [
        line(tail, ending(labels.say_in("line of a chart", "9 in 10 under"), context.said(tail[-1])), theme.QUIET),
        line(median, ending(labels.say_in("line of a chart", "median"), context.said(median[-1])), accent(context)),
    ]
    scale = axes.duration_scale(labels, largest)
    svg = charts.lines(labels.axis(context.history), drawn, scale, partial=context.partial, height=2.4)
    title = labels.say(
        "Half of the open tickets were older than {median}, one in ten older than {tail}",
        median=context.said(median[-1]),
        tail=context.said(tail[-1]),
    )
    note = context.note("backlog_age_median", "backlog_age_p90")
    columns = [labels.say("Period"), labels.say("Median age"), labels.say("90th percentile")]
    about = labels.say("Age of the open tickets at the end of each period: median and 90th percentile")
    return [chart("backlog-age", title, note, svg, columns, period_rows(context, median, tail), about)]


def _values(context: Context, measure: str) -> list[float]:
    return [
        one.value for one in context.series(measure) if one is not None and one.available and not math.isnan(one.value)
    ]


def _nothing(context: Context, slug: str) -> Exhibit:
    labels, when = context.labels, context.labels.within(context.period)
    found = labels.say("The data hold no tickets of {team} {when}.", team=context.team, when=when)
    why = context.why_not("tickets_received")
    return context.missing(slug, labels.say("No tickets {when}", when=when), f"{found} {why}")
