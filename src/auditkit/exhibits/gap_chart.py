"""The chart of one gap: the figure's history, the line through it drawn out to the wanted day, and the target.

In comes a gap with its outlook, out comes a chart with the same figures as a table. What is expected is told as roughly
as its limits deserve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from auditkit.config import Target
from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import possible
from auditkit.exhibits.context import SCALES, Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.outlook import Outlook
from auditkit.exhibits.pieces import accent, chart, ending, name_of
from auditkit.exhibits.projection_chart import NAMES, projection_chart
from auditkit.labels import NOTHING, is_net


@dataclass(frozen=True)
class Gap:
    """One target with the figure that it is of, that figure's history, and the outlook where a day is wanted."""

    measure: str
    target: Target
    figure: Figure
    series: Sequence[Figure | None]
    outlook: Outlook | None


def outcome(context: Context, made: Outlook) -> str:
    """The word of an outlook with its reason."""
    labels = context.labels
    if not made.reason:
        return labels.tell(made.word)
    return labels.say("{outlook}: {reason}", outlook=labels.tell(made.word), reason=labels.tell(made.reason))


def target_sign(context: Context, gap: Gap) -> str:
    """The target with its sign: ``≥ 80 %``."""
    labels, figure = context.labels, gap.figure
    business = context.is_business(gap.measure)
    bound = labels.bound(figure.unit, gap.target.bound, statistic=figure.statistic, business=business)
    return f"{'≥' if gap.target.at_least is not None else '≤'}\u00a0{bound}"


def expected_value(context: Context, gap: Gap, place: int) -> str:
    """An expected value, as roughly as its limits deserve."""
    made, figure = gap.outlook, gap.figure
    assert made is not None
    half = (made.high[place] - made.low[place]) / 2
    value = round(made.expected[place]) if figure.statistic == "count" else made.expected[place]
    return context.labels.value(
        figure.unit, value, -half, half, statistic=figure.statistic, business=context.is_business(gap.measure)
    )


def expected_limits(context: Context, gap: Gap, place: int) -> str:
    """The limits of an expected value, kept to what the figure can be."""
    made, figure = gap.outlook, gap.figure
    assert made is not None
    low, high = possible(figure, made.low[place], made.high[place])
    if math.isnan(low) or math.isnan(high):
        return NOTHING
    net = is_net(figure.unit, figure.statistic)
    return context.labels.interval(
        figure.unit, low, high, statistic="net" if net else figure.statistic,
        business=context.is_business(gap.measure),
    )  # fmt: skip


def gap_chart(context: Context, gap: Gap) -> Exhibit:
    """The chart of a gap whose trend was drawn out to its day."""
    labels, made, figure = context.labels, gap.outlook, gap.figure
    assert made is not None and gap.target.by is not None
    history = context.history[: len(made.line)]
    values = [None if one is None else one.value for one in gap.series[: len(made.line)]]
    cone = list(zip(made.expected, made.low, made.high, strict=True))
    name, (least, most) = name_of(context, figure), _bounds(figure)
    mark = axes.Mark(float(gap.target.bound or 0), f"{labels.say_in('chart', 'target')}\n{target_sign(context, gap)}")
    svg = projection_chart(
        _names(context, [*history, *made.ahead]), values, made.line, cone, mark, _scale(context, gap, values),
        accent(context), ending(labels.say("projected"), expected_value(context, gap, -1)), (least, most),
    )  # fmt: skip
    rows = [
        [labels.period(period), context.said(one, figure), NOTHING, NOTHING]
        for period, one in zip(history, gap.series, strict=False)
    ]
    rows += [
        [labels.period(period), NOTHING, expected_value(context, gap, place), expected_limits(context, gap, place)]
        for place, period in enumerate(made.ahead)
    ]
    columns = [labels.say("Period"), name, labels.say("Projected"), labels.say("95 % limits of a new period")]
    told = {"day": labels.day(gap.target.by), "outlook": outcome(context, made)}
    title = labels.say("{measure} by {day}: {outlook}", measure=name, **told)
    note = context.note(
        gap.measure, extra=labels.say("Shade: 95 % limits of a single new period, if what moved the figures goes on")
    )
    about = labels.say("{measure} by period, and drawn out to the day of its target", measure=name)
    return chart(f"gap-to-target-{gap.measure.replace('_', '-')}", title, note, svg, columns, rows, about)


def _names(context: Context, periods: Sequence) -> list[tuple[int, str]]:
    """Names along the axis, every second or third one where all of them would not fit."""
    step = math.ceil(len(periods) / NAMES)
    return list(zip(range(0, len(periods), step), context.labels.axis(list(periods[::step])), strict=True))


def _bounds(figure: Figure) -> tuple[float, float]:
    """What the figure can be at all."""
    if figure.measure in SCALES:
        return SCALES[figure.measure]
    return possible(figure, -math.inf, math.inf)


def _scale(context: Context, gap: Gap, values: Sequence[float | None]) -> axes.Scale:
    labels, figure = context.labels, gap.figure
    if is_net(figure.unit, figure.statistic):
        return axes.Scale(0.01, label=labels.number)
    if figure.unit == "share":
        return axes.share_scale(labels)
    if figure.unit == "seconds":
        largest = max([one for one in values if one is not None] + [gap.target.bound or 0.0])
        return axes.duration_scale(labels, largest, context.is_business(gap.measure))
    return axes.Scale(label=labels.number)
