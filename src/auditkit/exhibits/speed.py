"""Speed: how long customers waited for the first answer, on the clock that the team works by.

Where the team's business hours are known they come first and the calendar stands beside them; where not, there is
only the calendar, and the section says so. The median leads, because a few long waits drag a mean.
"""

from __future__ import annotations

from auditkit.definition import Measure
from auditkit.exhibits import axes, charts
from auditkit.exhibits.axes import Mark
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.bins import bins
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart, hedged, line, period_rows, since, table, target_mark
from auditkit.labels import NOTHING, capital

CUT = "; where it is wider than the chart, it is cut at the top"
HIGH_SHARE = 0.5  # where all of a share's history lies above it, its axis begins there
_FURTHER = (
    "unanswered_share",
    "awaiting_first_response",
    "after_hours_share",
    "handle_time",
    "update_cadence",
    "sla_coverage",
)
_STATISTICS = {"median": "Median", "mean": "Mean", "p90": "90th percentile"}


def speed(context: Context) -> list[Exhibit]:
    """First response: its trend, its distribution, the share within target, both clocks."""
    measure = by_clock(context, "first_response_time")
    more = further(context, "speed-further", _FURTHER)
    if not context.has(measure):
        title = "How long customers waited for a first answer is not known"
        return [context.missing("speed", title, context.why_not(measure)), *more]
    within = by_clock(context, "first_response_within")
    exhibits = [_trend(context, measure), *_distribution(context, measure, within)]
    if context.has(within):
        exhibits.append(share_trend(context, within, "speed-within"))
    return [*exhibits, clocks_table(context, "speed-clocks", "first_response_time"), *more]


def by_clock(context: Context, measure: str) -> str:
    """The business twin where it has a figure, else the measure itself."""
    twin = f"{measure}_business"
    return twin if context.has_hours and context.has(twin) else measure


def clock_words(context: Context, measure: str) -> str:
    """Which clock a time is on, in a sentence."""
    return "of business time" if context.is_business(measure) else "on the calendar"


# What a share says, as a sentence; a measure without one is told by its label.
_SENTENCES = {
    "first_response_within": "{share} of the tickets got a first response within {within}",
    "resolved_within": "{share} of the tickets were resolved within {within}",
    "sla_met_as_recorded": "{share} of the tickets met their service level, as the source records it",
    "reopen_rate": "{share} of the resolved tickets had been reopened",
    "channel_switch_rate": "{share} of the journeys changed channel",
    "qa_score": "Reviews gave a mean score of {share}",
    "fcr": "{share} of the first contacts settled the matter for good",
    "answer_rate": "{share} of the calls offered were answered",
    "abandonment_rate": "{share} of the callers hung up before an answer",
    "service_level": "{share} of the calls offered were answered within {within}",
    "call_resolution_rate": "{share} of the answered calls settled the matter",
    "csat": "{share} of those who answered were satisfied",
    "survey_response_rate": "{share} of the surveys sent were answered",
}


def share_trend(context: Context, measure: str, slug: str) -> Exhibit:
    """A share by period with the band of its interval and its target."""
    labels, figures = context.labels, context.series(measure)
    now = figures[-1]
    drawn = [line(figures, context.said(now), accent(context), band=True)]
    mark = target_mark(context, measure, now)
    names = labels.axis(context.history)
    scale = axes.share_scale(labels)
    lowest = min([low for low in (*drawn[0].lows, mark.value if mark else None) if low is not None], default=0)
    bottom = HIGH_SHARE if lowest > HIGH_SHARE else 0.0
    picture = {"target": mark, "partial": context.partial, "top": 1.0, "bottom": bottom, "height": 2.3}
    svg = charts.lines(names, drawn, scale, **picture)
    label = context.measures[measure].label
    title = f"{_sentence(context, measure, label, context.said(now))} {labels.within(context.period)}"
    tail = since(context, context.headline(measure))
    hedge = hedged(context, now)
    rows = period_rows(context, figures, intervals=True)
    cut = f"; the axis begins at {labels.percent(bottom)}" if bottom else ""
    cut += CUT if charts.is_cut(drawn, mark, scale, 1.0) else ""
    note = context.note(measure, extra=f"The band is the 95 % interval{cut}")
    columns = ["Period", label, "95 % interval"]
    return chart(slug, f"{title}{hedge}{'; ' + tail if tail else ''}", note, svg, columns, rows, f"{label} by period")


def _sentence(context: Context, measure: str, label: str, share: str) -> str:
    within = context.within_words(measure)
    within += " of business time" if within and context.is_business(measure) else ""
    sentence = _SENTENCES.get(measure.removesuffix("_business"))
    if sentence is None or ("{within}" in sentence and not within):
        return f"{label}: {share}"
    return sentence.replace("{share}", share).replace("{within}", within)


def time_trend(context: Context, measure: str, slug: str, lead: str) -> Exhibit:
    """A median duration by period with the band of its interval and its target."""
    labels, figures = context.labels, context.series(measure, "median")
    now, business = figures[-1], context.is_business(measure)
    drawn = [line(figures, f"median\n{context.said(now)}", accent(context), band=True)]
    mark = target_mark(context, measure, now)
    largest = max([one.value for one in figures if one is not None and one.available], default=1)
    scale = axes.duration_scale(labels, max(largest, mark.value if mark else 0), business)
    svg = charts.lines(labels.axis(context.history), drawn, scale, target=mark, partial=context.partial)
    hedge = hedged(context, now)
    title = f"{lead} {context.said(now)}{hedge} {clock_words(context, measure)} {labels.within(context.period)}"
    tail = since(context, context.headline(measure, "median"))
    rows = period_rows(context, figures, intervals=True)
    cut = CUT if charts.is_cut(drawn, mark, scale) else ""
    note = context.note(measure, extra=f"The band is the 95 % interval of the median{cut}")
    columns = ["Period", "Median", "95 % interval"]
    about = f"{context.measures[measure].label}, median by period"
    return chart(slug, f"{title}{'; ' + tail if tail else ''}", note, svg, columns, rows, about)


def distribution(
    context: Context, measure: Measure, slug: str, lead: str, limit: float | None, share: str
) -> list[Exhibit]:
    """How the durations of the period spread, with the limit that each of them should keep."""
    business = measure.clock == "business"
    found = bins(context.sample(measure, context.period), business)
    if found is None:
        return []
    labels = context.labels
    words = f"target {labels.duration_short(limit, business)}{share}" if limit else ""
    mark = Mark(found.place(limit), words) if limit else None
    svg = charts.histogram(found.counts, found.names(labels, business), accent(context), target=mark)
    rows = found.rows(labels, business)
    figure = context.figure(measure.id, statistic="median")
    tail = context.figure(measure.id, statistic="p90")
    title = f"Half of {lead} within {context.said(figure)}"
    title += f", nine in ten within {context.said(tail)}" if tail is not None and tail.available else ""
    note = context.note(measure.id, extra="The bars span unequal times, so their heights do not compare")
    columns = ["Time", "Number", "Share"]
    return [chart(slug, capital(title), note, svg, columns, rows, f"{measure.label}: number by length")]


def clocks_table(context: Context, slug: str, measure: str) -> Exhibit:
    """The same times on both clocks, each statistic with its interval."""
    rows = []
    for name, clock in ((measure, "Calendar"), (f"{measure}_business", "Business hours")):
        for statistic, word in _STATISTICS.items():
            figure = context.figure(name, statistic=statistic)
            if figure is not None and figure.available:
                interval, count = context.interval(figure), context.labels.count(figure.n)
                rows.append([f"{clock}: {word.lower()}", context.said(figure), interval, count])
    both = context.has(measure) and context.has(f"{measure}_business")
    label = context.measures[measure].label
    if both:
        times = [context.said(context.figure(name, statistic="median")) for name in (measure, f"{measure}_business")]
        title = f"{label}: a median {times[0]} on the calendar is {times[1]} of the team's business hours"
    else:
        title = f"{label} on the calendar only: the team's business hours are not known"
    shown = (measure, f"{measure}_business") if both else (measure,)
    return table(slug, title, context.note(*shown), ["Clock", "Time", "95 % interval", "n"], rows)


def limit_of(context: Context, measure: str) -> tuple[float | None, str]:
    """The one limit that each ticket should keep, and the share that did; none where it differs by priority."""
    within = getattr(context.targets.get(measure), "within", None)
    if not isinstance(within, int | float):
        return None, ""
    said = context.said(context.figure(measure))
    return float(within), f": {said} within" if said != NOTHING else ""


def _trend(context: Context, measure: str) -> Exhibit:
    return time_trend(context, measure, "speed-trend", "The first response took a median")


def _distribution(context: Context, measure: str, within: str) -> list[Exhibit]:
    limit, share = limit_of(context, within)
    return distribution(
        context, context.measures[measure], "speed-distribution", "the first responses came", limit, share
    )
