"""Calls: how many came, how many were answered and how soon, and how many were settled.

Waiting and holding, missed and abandoned are kept apart; a team without calls gets one sentence and no chart.
"""

from __future__ import annotations

from dataclasses import replace

from auditkit.exhibits import axes, charts, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import further
from auditkit.exhibits.half_hours import half_hours
from auditkit.exhibits.pieces import accent, chart, ending, joined, line, period_rows, since, table, usual_words
from auditkit.exhibits.speed import distribution, share_trend
from auditkit.exhibits.variants import variants
from auditkit.labels import NOTHING, Labels, capital
from auditkit.translation import N_

_FURTHER = (
    "missed_rate",
    "immediate_answer_rate",
    "handle_time_calls",
    "talk_time",
    "hold_time",
    "wrap_time",
    "call_success_rate",
    "call_transfer_rate",
)
_WAITS = {"median": N_("Median"), "mean": N_("Mean (ASA)"), "p90": N_("90th percentile"), "max": N_("Longest")}
_HALF = N_("Half of the callers who got through were answered within {median}")
_HALF_AND_MOST = N_("Half of the callers who got through were answered within {median}, nine in ten within {most}")


def calls(context: Context) -> list[Exhibit]:
    """Offered and answered by period, the answer rate, the service level with its variants, waits, settled calls."""
    offered = context.figure("calls_offered")
    if offered is None or not offered.available or not offered.value:
        return [_nothing(context)]
    exhibits = [_flow(context)]
    exhibits += [
        share_trend(context, measure, f"calls-{measure.replace('_', '-')}")
        for measure in ("answer_rate", "abandonment_rate", "service_level")
        if context.has(measure)
    ]
    exhibits += variants(context, "service_level", "calls-service-level-variants")
    exhibits += half_hours(context) + _waits(context)
    if context.has("call_resolution_rate"):
        exhibits.append(share_trend(context, "call_resolution_rate", "calls-resolution"))
        exhibits += variants(context, "call_resolution_rate", "calls-resolution-variants")
    return [*exhibits, *further(context, "calls-further", _FURTHER)]


def _flow(context: Context) -> Exhibit:
    labels, offered = context.labels, context.series("calls_offered")
    known = [one for one in _drawn(context) if any(one.values)]
    bars = line(offered, ending(labels.say_in("line of a chart", "offered"), context.said(offered[-1])), theme.PALE)
    svg = charts.lines(
        labels.axis(context.history),
        [_with_number(labels, one) for one in known],
        axes.count_scale(labels),
        bars=bars,
        partial=context.partial,
    )
    rows = [
        [*row, *(labels.count(one.values[place]) for one in known)]
        for place, row in enumerate(period_rows(context, offered))
    ]
    columns = [labels.say("Period"), labels.say("Offered"), *(capital(one.label) for one in known)]
    shown = ("calls_offered", "answer_rate") if context.has("answer_rate") else ("calls_offered",)
    about = labels.say("Calls offered as bars, with those answered and abandoned as lines, by period")
    return chart("calls-flow", _flow_title(context), context.note(*shown), svg, columns, rows, about)


def _flow_title(context: Context) -> str:
    labels, offered = context.labels, int(context.figure("calls_offered").value)
    when = labels.within(context.period)
    if context.has("answer_rate"):
        lead = labels.say_n(
            "{count} call was offered {when} and {share} was answered",
            "{count} calls were offered {when} and {share} were answered",
            offered,
            when=when,
            share=context.said(context.figure("answer_rate")),
        )
    else:
        lead = labels.say_n("{count} call was offered {when}", "{count} calls were offered {when}", offered, when=when)
    headline = context.headline("calls_offered")
    if headline is None or headline.usual is None:
        return lead
    return joined(labels, lead, labels.say("their number is {standing}", standing=usual_words(context, headline)))


def _drawn(context: Context) -> list[axes.Line]:
    answered, abandoned = (
        [_part(context, period.label, measure) for period in context.history]
        for measure in ("answer_rate", "abandonment_rate")
    )
    return [
        axes.Line(answered, context.labels.say_in("line of a chart", "answered"), accent(context)),
        axes.Line(abandoned, context.labels.say_in("line of a chart", "abandoned"), theme.WARNING),
    ]


def _with_number(labels: Labels, one: axes.Line) -> axes.Line:
    """The line with its last number in its label."""
    last = one.values[-1]
    return one if last is None else replace(one, label=ending(one.label, labels.count(last)))


def _part(context: Context, period: str, measure: str) -> float | None:
    """The number of calls that a share of the calls offered stands for."""
    figure: Figure | None = context.results.figure(measure, period)
    return figure.numerator if figure is not None and figure.available else None


def _waits(context: Context) -> list[Exhibit]:
    if not context.has("speed_of_answer"):
        return []
    limit = float(context.measures["service_level"].parameters["within"])
    target = context.targets.get("service_level")
    limit = float(target.within) if target is not None and isinstance(target.within, int | float) else limit
    measure = context.measures["speed_of_answer"]
    exhibits = distribution(context, measure, "calls-waits", (_HALF, _HALF_AND_MOST), limit)
    labels, rows = context.labels, []
    for statistic, word in _WAITS.items():
        now = context.figure("speed_of_answer", statistic=statistic)
        if now is not None and now.available:
            before = context.figure("speed_of_answer", context.previous, statistic)
            rows.append([labels.say(word), context.said(now), context.interval(now), context.said(before)])
    mean = context.said(context.figure("speed_of_answer", statistic="mean"))
    title = labels.say("The mean speed of answer was {mean}", mean=mean)
    if mean != NOTHING:
        title = joined(labels, title, since(context, context.headline("speed_of_answer", "mean")))
    columns = [labels.say("Wait of answered calls"), labels.period(context.period), labels.say("95 % interval")]
    columns.append(labels.period(context.previous))
    return [*exhibits, table("calls-speed", title, context.note("speed_of_answer"), columns, rows)]


def _nothing(context: Context) -> Exhibit:
    labels = context.labels
    title = labels.say("No calls {when}", when=labels.within(context.period))
    known = context.meta is not None and "calls" in context.meta.tables
    if known and context.team in context.meta.tables["calls"].first_day:
        return context.missing(
            "calls", title, labels.say("Calls were recorded in other periods, but none in this one.")
        )
    why = context.why_not("calls_offered")
    if known:
        why = labels.say("The sources hold calls, but none of {team}.", team=context.team)
    remedy = labels.say("If the team takes calls, add the phone system's export as a source in audit.toml.")
    return context.missing("calls", title, f"{why} {remedy}")
