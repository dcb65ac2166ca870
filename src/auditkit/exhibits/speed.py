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
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart, ending, hedged, joined, line, period_rows, since, table, target_mark
from auditkit.labels import NOTHING, Labels
from auditkit.translation import N_

HIGH_SHARE = 0.5  # where all of a share's history lies above it, its axis begins there
_FURTHER = (
    "unanswered_share",
    "awaiting_first_response",
    "after_hours_share",
    "handle_time",
    "update_cadence",
    "sla_coverage",
)
_ON_A_CLOCK = {
    "calendar": {
        "median": N_("Calendar: median"),
        "mean": N_("Calendar: mean"),
        "p90": N_("Calendar: 90th percentile"),
    },
    "business": {
        "median": N_("Business hours: median"),
        "mean": N_("Business hours: mean"),
        "p90": N_("Business hours: 90th percentile"),
    },
}
_TREND = N_("The first response took a median {time} {when}")
_HALF = N_("Half of the first responses came within {median}")
_HALF_AND_MOST = N_("Half of the first responses came within {median}, nine in ten within {most}")


def speed(context: Context) -> list[Exhibit]:
    """First response: its trend, its distribution, the share within target, both clocks."""
    measure = by_clock(context, "first_response_time")
    more = further(context, "speed-further", _FURTHER)
    if not context.has(measure):
        title = context.labels.say("How long customers waited for a first answer is not known")
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


def on_its_clock(context: Context, measure: str, time: str) -> str:
    """A time with the clock that it is on."""
    if context.is_business(measure):
        return context.labels.say("{time} of business time", time=time)
    return context.labels.say("{time} on the calendar", time=time)


# What a share says, as a sentence; a measure without one is told by its label.
_SENTENCES = {
    "first_response_within": N_("{share} of the tickets got a first response within {within} {when}"),
    "resolved_within": N_("{share} of the tickets were resolved within {within} {when}"),
    "sla_met_as_recorded": N_("{share} of the tickets met their service level {when}, as the source records it"),
    "reopen_rate": N_("{share} of the tickets resolved {when} had been reopened"),
    "channel_switch_rate": N_("{share} of the journeys changed channel {when}"),
    "qa_score": N_("Reviews gave a mean score of {share} {when}"),
    "fcr": N_("{share} of the first contacts settled the matter for good {when}"),
    "answer_rate": N_("{share} of the calls offered {when} were answered"),
    "abandonment_rate": N_("{share} of the callers hung up before an answer {when}"),
    "service_level": N_("{share} of the calls offered {when} were answered within {within}"),
    "call_resolution_rate": N_("{share} of the answered calls settled the matter {when}"),
    "csat": N_("{share} of those who answered {when} were satisfied"),
    "survey_response_rate": N_("{share} of the surveys sent {when} were answered"),
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
    label = labels.tell(context.measures[measure].label)
    title = joined(labels, _sentence(context, measure, now), since(context, context.headline(measure)))
    rows = period_rows(context, figures, intervals=True)
    extra = joined(
        labels,
        labels.say("The band is the 95 % interval"),
        labels.say("the axis begins at {start}", start=labels.percent(bottom)) if bottom else "",
        _cut_words(labels) if charts.is_cut(drawn, mark, scale, 1.0) else "",
    )
    columns = [labels.say("Period"), label, labels.say("95 % interval")]
    about = labels.say("{measure} by period", measure=label)
    return chart(slug, title, context.note(measure, extra=extra), svg, columns, rows, about)


def _sentence(context: Context, measure: str, figure: Figure) -> str:
    labels, within = context.labels, context.within_words(measure)
    when, share = labels.within(context.period), f"{context.said(figure)}{hedged(context, figure)}"
    sentence = _SENTENCES.get(measure.removesuffix("_business"))
    if sentence is None or ("{within}" in sentence and not within):
        label = labels.tell(context.measures[measure].label)
        return labels.say("{measure}: {value} {when}", measure=label, value=share, when=when)
    if within and context.is_business(measure):
        within = labels.say("{time} of business time", time=within)
    return labels.say(sentence, share=share, within=within, when=when)


def _cut_words(labels: Labels) -> str:
    return labels.say("where the band is wider than the chart, it is cut at the top")


def time_trend(context: Context, measure: str, slug: str, sentence: str) -> Exhibit:
    """A median duration by period with the band of its interval and its target.

    ``sentence`` is the title's first clause, declared with ``N_``, with the placeholders time and when.
    """
    labels, figures = context.labels, context.series(measure, "median")
    now, business = figures[-1], context.is_business(measure)
    drawn = [
        line(figures, ending(labels.say_in("line of a chart", "median"), context.said(now)), accent(context), band=True)
    ]
    mark = target_mark(context, measure, now)
    largest = max([one.value for one in figures if one is not None and one.available], default=1)
    scale = axes.duration_scale(labels, max(largest, mark.value if mark else 0), business)
    svg = charts.lines(labels.axis(context.history), drawn, scale, target=mark, partial=context.partial)
    time = on_its_clock(context, measure, f"{context.said(now)}{hedged(context, now)}")
    lead = labels.say(sentence, time=time, when=labels.within(context.period))
    title = joined(labels, lead, since(context, context.headline(measure, "median")))
    rows = period_rows(context, figures, intervals=True)
    band = labels.say("The band is the 95 % interval of the median")
    extra = joined(labels, band, _cut_words(labels) if charts.is_cut(drawn, mark, scale) else "")
    columns = [labels.say("Period"), labels.say("Median"), labels.say("95 % interval")]
    about = labels.say("{measure}, median by period", measure=labels.tell(context.measures[measure].label))
    return chart(slug, title, context.note(measure, extra=extra), svg, columns, rows, about)


def distribution(
    context: Context, measure: Measure, slug: str, titles: tuple[str, str], limit: float | None, kept: str = ""
) -> list[Exhibit]:
    """How the durations of the period spread, with the limit that each of them should keep.

    ``titles``, declared with ``N_``: of the median alone, and with the time that nine in ten took (median, most).
    ``kept`` is the share that kept the limit.
    """
    business = measure.clock == "business"
    found = bins(context.sample(measure, context.period), business)
    if found is None:
        return []
    labels = context.labels
    mark = (
        Mark(found.place(limit), _limit_words(labels, labels.duration_short(limit, business), kept)) if limit else None
    )
    svg = charts.histogram(found.counts, found.names(labels, business), accent(context), labels, target=mark)
    times = [context.figure(measure.id, statistic=statistic) for statistic in ("median", "p90")]
    median, most = (context.said(time) for time in times)
    half, half_and_most = titles
    title = labels.say(half, median=median)
    if times[1] is not None and times[1].available:
        title = labels.say(half_and_most, median=median, most=most)
    note = context.note(measure.id, extra=labels.say("The bars span unequal times, so their heights do not compare"))
    columns = [labels.say("Time"), labels.say("Number"), labels.say("Share")]
    about = labels.say("{measure}: number by length", measure=labels.tell(measure.label))
    return [chart(slug, title, note, svg, columns, found.rows(labels, business), about)]


def _limit_words(labels: Labels, limit: str, kept: str) -> str:
    if kept:
        return labels.say("target {limit}: {share} within", limit=limit, share=kept)
    return labels.say("target {limit}", limit=limit)


def clocks_table(context: Context, slug: str, measure: str) -> Exhibit:
    """The same times on both clocks, each statistic with its interval."""
    labels, rows = context.labels, []
    for name, clock in ((measure, "calendar"), (f"{measure}_business", "business")):
        for statistic, words in _ON_A_CLOCK[clock].items():
            figure = context.figure(name, statistic=statistic)
            if figure is not None and figure.available:
                interval, count = context.interval(figure), labels.count(figure.n)
                rows.append([labels.say(words), context.said(figure), interval, count])
    both = context.has(measure) and context.has(f"{measure}_business")
    shown = (measure, f"{measure}_business") if both else (measure,)
    columns = [labels.say("Clock"), labels.say("Time"), labels.say("95 % interval"), labels.say("n")]
    return table(slug, _clocks_title(context, measure, both), context.note(*shown), columns, rows)


def _clocks_title(context: Context, measure: str, both: bool) -> str:
    labels = context.labels
    label = labels.tell(context.measures[measure].label)
    if not both:
        return labels.say("{measure} on the calendar only: the team's business hours are not known", measure=label)
    times = [context.said(context.figure(name, statistic="median")) for name in (measure, f"{measure}_business")]
    return labels.say(
        "{measure}: a median {calendar} on the calendar is {business} of the team's business hours",
        measure=label,
        calendar=times[0],
        business=times[1],
    )


def limit_of(context: Context, measure: str) -> tuple[float | None, str]:
    """The one limit that each ticket should keep, and the share that did; none where it differs by priority."""
    within = getattr(context.targets.get(measure), "within", None)
    if not isinstance(within, int | float):
        return None, ""
    said = context.said(context.figure(measure))
    return float(within), said if said != NOTHING else ""


def _trend(context: Context, measure: str) -> Exhibit:
    return time_trend(context, measure, "speed-trend", _TREND)


def _distribution(context: Context, measure: str, within: str) -> list[Exhibit]:
    limit, kept = limit_of(context, within)
    titles = (_HALF, _HALF_AND_MOST)
    return distribution(context, context.measures[measure], "speed-distribution", titles, limit, kept)
