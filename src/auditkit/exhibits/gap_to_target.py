"""Gap to target: how far each figure is from it, by which day it should be there, and whether the trend gets there.

In comes the context, out come a table with a row for each target and a chart for each trend that could be drawn out to
its day. A gap has the interval of its figure. Whether a trend gets there is said only where outlook.py can tell.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.config import Target
from auditkit.exhibits.apart import apart, with_interval
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.gap_chart import Gap, expected_limits, expected_value, gap_chart, outcome, target_sign
from auditkit.exhibits.outlook import CANNOT_TELL, FALLS_SHORT, GETS_THERE, NOT_REACHED, REACHED, Outlook, outlook
from auditkit.exhibits.pieces import Cell, aligned, name_of
from auditkit.exhibits.scorecard import TONES
from auditkit.labels import NOTHING, SPACE, said

MOST_CHARTS = 4
GOOD, BAD = (GETS_THERE, REACHED), (FALLS_SHORT, NOT_REACHED)
_NO_HISTORY = said("the history of a variant is not counted here")


def has_days(context: Context) -> bool:
    """Whether any target names the day by which it is wanted."""
    return any(target.by is not None and target.bound is not None for target in context.targets.values())


def gap_to_target(context: Context) -> list[Exhibit]:
    """The table of all targets, and a chart of each trend that was drawn out; one text where there are no targets."""
    gaps, absent = gaps_of(context), _without_figures(context)
    if not gaps:
        labels = context.labels
        why = absent or labels.say("audit.toml sets no target under [targets].")
        return [context.missing("gap-to-target", labels.say("There is no target to be held against"), why)]
    drawn = [one for one in gaps if one.outlook is not None and one.outlook.ahead]
    return [_table(context, gaps, absent), *(gap_chart(context, one) for one in drawn[:MOST_CHARTS])]


def gaps_of(context: Context) -> list[Gap]:
    """Each target that has a figure in this period, in the order of the catalogue."""
    found = []
    for measure in context.measures:
        target = context.targets.get(measure)
        figure = _figure(context, measure, target) if target is not None and target.bound is not None else None
        if target is None or figure is None or not figure.available:
            continue
        series = context.series(measure, figure.statistic) if target.variant == "default" else []
        found.append(Gap(measure, target, figure, series, _outlook(context, figure, series, target)))
    return found


def _figure(context: Context, measure: str, target: Target) -> Figure | None:
    if target.variant == "default":
        return context.figure(measure, statistic=target.statistic or "")
    return context.variants.figure(measure, context.period.label, target.statistic or "", target.variant)


def _outlook(context: Context, figure: Figure, series: Sequence[Figure | None], target: Target) -> Outlook | None:
    if target.by is None:
        return None
    return outlook(context, figure, series, target) if series else Outlook(CANNOT_TELL, _NO_HISTORY)


def _without_figures(context: Context) -> str:
    """Which targets have no figure in this period, and why."""
    absent = []
    for measure, target in context.targets.items():
        figure = _figure(context, measure, target) if measure in context.measures and target.bound is not None else None
        if target.bound is not None and measure in context.measures and (figure is None or not figure.available):
            absent.append(f"{context.label(measure)} ({context.reason(measure)})")
    return context.labels.say("Without figures: {measures}.", measures="; ".join(absent)) if absent else ""


def _table(context: Context, gaps: Sequence[Gap], absent: str) -> Exhibit:
    labels = context.labels
    columns = [
        labels.say("Measure"), labels.period_short(context.period), labels.say_in("column heading", "Target"),
        labels.say_in("target", "Gap"),
    ]  # fmt: skip
    dated = any(one.outlook is not None for one in gaps)
    columns += [labels.say("Does the trend get there?")] if dated else []
    note = [labels.say("Gap: figure less target, with the interval of the figure."), *_method(context, gaps), absent]
    title = _title(context, gaps)
    data = {"title": title, "note": " ".join(part for part in note if part), "alt": title}
    rows = [_row(context, one, dated) for one in gaps]
    return Exhibit("gap-to-target", "table", data | {"columns": aligned(columns, (0, 2, 3, 4)), "rows": rows})


def _title(context: Context, gaps: Sequence[Gap]) -> str:
    labels, words = context.labels, [one.outlook.word for one in gaps if one.outlook is not None]
    if not words:
        return labels.say_n(
            "How far {count} figure is from its target {when}",
            "How far {count} figures are from their targets {when}",
            len(gaps),
            when=labels.within(context.period),
        )
    there, short = (sum(word in kind for word in words) for kind in (GOOD, BAD))
    lead = labels.say_n("{count} target has a day", "{count} targets have a day", len(words))
    parts = [labels.say_n("{count} is reached in time", "{count} are reached in time", there)] if there else []
    parts += [labels.say_n("{count} is not reached in time", "{count} are not reached in time", short)] if short else []
    unsure = len(words) - there - short
    if unsure:
        parts.append(labels.say_n("of {count} it cannot be told", "of {count} it cannot be told", unsure))
    return labels.say("{lead}: {outcomes}", lead=lead, outcomes=labels.listed(parts))


def _method(context: Context, gaps: Sequence[Gap]) -> list[str]:
    """How the trends were drawn out, and on what that rests."""
    if not any(one.outlook is not None and one.outlook.trend is not None for one in gaps):
        return []
    return [
        context.labels.say(
            "Trend: the median slope between all pairs of periods (Theil-Sen; Sen 1968), of shares on the logit scale, "
            "of times on the logarithm."
        ),
        context.labels.say(
            "Projected: the figure of the last whole period until the day, with the 95 % limits of a single new "
            "period, if what moved the figures goes on."
        ),
        context.labels.say("A season cannot be told from a trend in less than two years."),
    ]


def _row(context: Context, gap: Gap, dated: bool) -> list[Cell]:
    figure, target = gap.figure, gap.target
    assert target.bound is not None
    gap_words = apart(context, figure, target.bound)
    told: Cell = {"text": gap_words, "strong": True, "tone": TONES.get(figure.verdict, "neutral")}
    now = with_interval(context.said(figure), context.interval(figure))
    row: list[Cell] = [name_of(context, figure), now, _wanted(context, gap), told]
    if not dated:
        return row
    return [*row, NOTHING if gap.outlook is None else _word(context, gap, gap.outlook)]


def _wanted(context: Context, gap: Gap) -> str:
    """The target, with the day where it has one."""
    if gap.target.by is None:
        return target_sign(context, gap)
    day = context.labels.day(gap.target.by).replace(SPACE, " ")  # a narrow column breaks it
    return context.labels.say("{target} by {day}", target=target_sign(context, gap), day=day)


def _word(context: Context, gap: Gap, made: Outlook) -> Cell:
    """The outcome, with what is expected where a line was drawn out."""
    text = outcome(context, made)
    if made.ahead:
        expected = with_interval(expected_value(context, gap, -1), expected_limits(context, gap, -1))
        text = context.labels.say("{outlook}; projected {value}", outlook=text, value=expected)
    tone = "good" if made.word in GOOD else "bad" if made.word in BAD else "unsure"
    return {"text": text, "tone": tone}
