"""Calls: how many came, how many were answered and how soon, and how many were settled.

Waiting and holding, missed and abandoned are kept apart; a team without calls gets one sentence and no chart.
"""

from __future__ import annotations

from auditkit.exhibits import axes, charts, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import further
from auditkit.exhibits.pieces import accent, chart, line, period_rows, since, table
from auditkit.exhibits.speed import distribution, share_trend
from auditkit.exhibits.variants import variants
from auditkit.labels import NOTHING

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
_WAITS = {"median": "Median", "mean": "Mean (ASA)", "p90": "90th percentile", "max": "Longest"}


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
    exhibits += _waits(context)
    if context.has("call_resolution_rate"):
        exhibits.append(share_trend(context, "call_resolution_rate", "calls-resolution"))
        exhibits += variants(context, "call_resolution_rate", "calls-resolution-variants")
    return [*exhibits, *further(context, "calls-further", _FURTHER)]


def _flow(context: Context) -> Exhibit:
    labels, offered = context.labels, context.series("calls_offered")
    answered = [_part(context, period.label, "answer_rate") for period in context.history]
    abandoned = [_part(context, period.label, "abandonment_rate") for period in context.history]
    known = [(name, values, colour) for name, values, colour in _drawn(context, answered, abandoned) if any(values)]
    drawn = [
        axes.Line(values, f"{name}\n{labels.count(values[-1])}" if values[-1] is not None else name, colour)
        for name, values, colour in known
    ]
    bars = line(offered, f"offered\n{context.said(offered[-1])}", theme.PALE)
    svg = charts.lines(
        labels.axis(context.history), drawn, axes.count_scale(labels), bars=bars, partial=context.partial
    )
    title = f"{labels.counted(offered[-1].value, 'calls')} were offered {labels.within(context.period)}"
    rate = context.figure("answer_rate")
    if rate is not None and rate.available:
        title += f" and {context.said(rate)} were answered"
    headline = context.headline("calls_offered")
    tail = since(context, headline) if headline is not None and headline.usual is not None else ""
    rows = [
        [*row, *(labels.count(values[place]) for _, values, _ in known)]
        for place, row in enumerate(period_rows(context, offered))
    ]
    columns = ["Period", "Offered", *(name.capitalize() for name, _, _ in known)]
    note = context.note("calls_offered", *(["answer_rate"] if rate is not None and rate.available else []))
    about = "Calls offered as bars, with those answered and abandoned as lines, by period"
    return chart("calls-flow", f"{title}{'; their number is ' + tail if tail else ''}", note, svg, columns, rows, about)


def _drawn(context: Context, answered: list, abandoned: list) -> list[tuple[str, list, str]]:
    return [("answered", answered, accent(context)), ("abandoned", abandoned, theme.WARNING)]


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
    exhibits = distribution(context, measure, "calls-waits", "the callers who got through were answered", limit, "")
    rows = []
    for statistic, word in _WAITS.items():
        now = context.figure("speed_of_answer", statistic=statistic)
        if now is not None and now.available:
            before = context.figure("speed_of_answer", context.previous, statistic)
            rows.append([word, context.said(now), context.interval(now), context.said(before)])
    mean = context.said(context.figure("speed_of_answer", statistic="mean"))
    tail = since(context, context.headline("speed_of_answer", "mean"))
    title = f"The mean speed of answer was {mean}{'; ' + tail if tail and mean != NOTHING else ''}"
    columns = ["Wait of answered calls", context.labels.period(context.period), "95 % interval"]
    columns.append(context.labels.period(context.previous))
    return [*exhibits, table("calls-speed", title, context.note("speed_of_answer"), columns, rows)]


def _nothing(context: Context) -> Exhibit:
    title = f"No calls {context.labels.within(context.period)}"
    known = context.meta is not None and "calls" in context.meta.tables
    covered = known and context.team in context.meta.tables["calls"].first_day
    why = (
        context.why_not("calls_offered")
        if not known
        else (
            "Calls were recorded in other periods, but none in this one."
            if covered
            else f"The sources hold calls, but none of {context.team}."
        )
    )
    remedy = "" if covered else "If the team takes calls, add the phone system's export as a source in audit.toml."
    return context.missing("calls", title, f"{why} {remedy}".strip())
