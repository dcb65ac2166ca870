"""Patterns over time: which measures move more than they always do, and what changes that are known have brought.

In come the histories of the headline figures and the changes that the auditor dated; out come charts of individual
values with their limits (XmR), for the measures that have something to tell, and one table of the changes. After a
change that names a measure, its limits start afresh, and the range before it is what the change is held against.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST_PERIODS, Headline, possible
from auditkit.exhibits.context import Context
from auditkit.exhibits.control_chart import Named, control_chart
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import accent, chart, ending, joined, name_of, table, usual_words
from auditkit.known_changes import Change, concerning, first_whole, rebased_at
from auditkit.labels import NOTHING, is_net
from auditkit.stats import XmR, xmr
from auditkit.translation import N_

MOST_CHARTS = 4
FEWEST_DRAWN = 4  # values that make a series at all
# What is drawn where nothing signals: the figures that a team is known by.
ALWAYS = ("first_response_time", "first_response_time_business", "csat", "service_level", "fcr", "backlog")
SIGNALS = {
    "outside": N_("outside the limits"),
    "run_of_7": N_("seven or more in a row on one side of the mean"),
    "trend_of_7": N_("seven or more in a row that go one way"),
    "two_of_three": N_("two of three near the same limit"),
}
DIRECTIONS = {"up": N_("up"), "down": N_("down")}


def patterns(context: Context) -> list[Exhibit]:
    """Charts of the measures with a signal or a dated change, else of the best known; and the table of changes."""
    drawn = [one for one in _chosen(context) if len(_known(context, one)) >= FEWEST_DRAWN][:MOST_CHARTS]
    exhibits = [_chart(context, one) for one in drawn] + _changes(context)
    if exhibits:
        return exhibits
    title = context.labels.say("Too few periods to see a pattern")
    why = context.labels.say_n(
        "A pattern needs at least {least} periods with a figure; the data hold {count} period.",
        "A pattern needs at least {least} periods with a figure; the data hold {count} periods.",
        len(context.history),
        least=FEWEST_DRAWN,
    )
    return [context.missing("patterns", title, why)]


def _chosen(context: Context) -> list[Headline]:
    """The headlines worth a chart: those that a dated change names, then those that signal, then the best known."""
    found = list(context.headlines.values())

    def rank(one: Headline) -> int:
        if any(change.measure and change.concerns(one.figure.measure) for change in context.changes):
            return 0
        if one.usual is not None and one.usual.signals:
            return 1
        return 2 if one.figure.measure in ALWAYS else 3

    return sorted((one for one in found if rank(one) < 3), key=rank)


def _known(context: Context, headline: Headline) -> list[float]:
    return [value for value in _values(context, headline.figure) if not math.isnan(value)]


def _values(context: Context, figure: Figure) -> list[float]:
    series = context.series(figure.measure, figure.statistic)
    if context.partial:
        series = series[:-1]
    return [math.nan if one is None or one.value is None else one.value for one in series]


def _chart(context: Context, headline: Headline) -> Exhibit:
    labels, figure = context.labels, headline.figure
    values = _values(context, figure)
    history = context.history[: len(values)]
    limits = xmr(values, rebase_at=rebased_at(context.changes, figure.measure, history))
    marks = [
        (place, change.title)
        for change in concerning(context.changes, figure.measure)
        if (place := first_whole(change, history)) is not None
    ]
    low, high = possible(figure, -math.inf, math.inf)
    svg = control_chart(
        labels.axis(history), values, limits, _scale(context, figure, values), accent(context),
        _named(context, figure, limits), marks, (low, high),
    )  # fmt: skip
    rows = [
        [labels.period(period), _told(context, figure, values[place], limits, place),
         _level(context, figure, limits, limits.lowers[place], place),
         _level(context, figure, limits, limits.means[place], place),
         _level(context, figure, limits, limits.uppers[place], place), _signals(context, limits.signals[place])]
        for place, period in enumerate(history)
    ]  # fmt: skip
    columns = [labels.say("Period"), name_of(context, figure), labels.say("Lower limit"), labels.say("Mean"),
        labels.say("Upper limit"), labels.say("Signal")]  # fmt: skip
    about = labels.say("{measure} by period, with the limits of its usual range", measure=name_of(context, figure))
    slug = f"patterns-{figure.measure.replace('_', '-')}"
    return chart(slug, _title(context, headline, limits), _note(context, figure, limits), svg, columns, rows, about)


def _title(context: Context, headline: Headline, limits: XmR) -> str:
    """Where the last value stands, or that the range is too young to say."""
    labels, figure = context.labels, headline.figure
    lead = labels.say(
        "{measure}: {value} {when}",
        measure=name_of(context, figure),
        value=context.said(figure),
        when=labels.within(context.period),
    )
    if context.partial:
        return joined(labels, lead, labels.say("the period is not over"))
    if headline.usual is None and limits.segments[-1] > 0:
        last = concerning(context.changes, figure.measure)[-1]
        return joined(labels, lead, labels.say("too soon after “{change}” to say what is usual", change=last.title))
    if headline.usual is None:
        return joined(labels, lead, labels.say("its history is too short or too unsteady to say what is usual"))
    return joined(labels, lead, usual_words(context, headline))


def _note(context: Context, figure: Figure, limits: XmR) -> str:
    labels = context.labels
    extra = [
        labels.say("Grey: mean ± 2.66 mean moving ranges (XmR, Wheeler & Chambers 1992); large dots signal"),
        labels.say("trial limits from fewer than 12 periods") if limits.trial else "",
        labels.say("the limits start afresh after each dated change") if limits.segments[-1] > 0 else "",
    ]
    return context.note(figure.measure, extra=joined(labels, *extra))


def _named(context: Context, figure: Figure, limits: XmR) -> Named:
    say, last = context.labels.say, len(limits.means) - 1

    def level(value: float) -> str:
        return _level(context, figure, limits, value, last)

    low, high = possible(figure, limits.lower, limits.upper)
    return Named(
        ending(say("upper limit"), level(high)) if high == limits.upper else "",
        ending(say("mean"), level(limits.mean)),
        ending(say("lower limit"), level(low)) if low == limits.lower else "",
    )


def _told(context: Context, figure: Figure, value: float, limits: XmR, place: int) -> str:
    one = context.series(figure.measure, figure.statistic)[place]
    return NOTHING if math.isnan(value) else context.said(one, figure)


def _level(context: Context, figure: Figure, limits: XmR, value: float, place: int) -> str:
    """A mean or a limit, as roughly as the width of its range deserves."""
    if math.isnan(value):
        return NOTHING
    half = (limits.uppers[place] - limits.lowers[place]) / 2
    low, high = possible(figure, value, value)
    clipped = high if value > high else low if value < low else value
    return context.labels.value(
        figure.unit, round(clipped) if figure.statistic == "count" else clipped, -half, half,
        statistic=figure.statistic, business=context.is_business(figure.measure),
    )  # fmt: skip


def _signals(context: Context, names: Sequence[str]) -> str:
    return context.labels.listed([context.labels.tell(SIGNALS[name]) for name in names]) if names else NOTHING


def _scale(context: Context, figure: Figure, values: Sequence[float]) -> axes.Scale:
    labels = context.labels
    if is_net(figure.unit, figure.statistic):
        return axes.Scale(0.01, label=labels.number)
    if figure.unit == "share":
        return axes.share_scale(labels)
    if figure.unit == "seconds":
        return axes.duration_scale(labels, float(np.nanmax(values)), context.is_business(figure.measure))
    return axes.count_scale(labels)


# --- what the changes have brought


def _changes(context: Context) -> list[Exhibit]:
    """One row per dated change of the history that names a measure with a figure."""
    found = [(change, headline) for change in context.changes if (headline := _headline(context, change)) is not None]
    rows = [row for change, headline in found if (row := _change_row(context, change, headline))]
    if not rows:
        return []
    labels = context.labels
    seen = sum(row[-1]["tone"] == "good" for row in rows)
    if seen:
        title = labels.say_n(
            "{seen} of {count} dated change was followed by the movement that was expected of it",
            "{seen} of {count} dated changes were followed by the movement that was expected of them",
            len(rows),
            seen=seen,
        )
    else:
        title = labels.say("No dated change was followed by more than the usual movement of its measure")
    note = labels.say(
        "Mean of the periods wholly after the change against those before it (at most as far as the change before). "
        "A movement is called so where a period after the change lies outside the limits of before; other causes at "
        "the same time are not ruled out."
    )
    columns = [labels.say("Change"), labels.say("Day"), labels.say("Measure"), labels.say("Expected"),
        labels.say("Before"), labels.say("After"), labels.say("What was seen")]  # fmt: skip
    return [table("patterns-changes", title, note, columns, rows)]


def _headline(context: Context, change: Change) -> Headline | None:
    """The headline of the very measure that a change names, else of its twin."""
    own = [one for one in context.headlines.values() if change.measure and change.concerns(one.figure.measure)]
    return next((one for one in own if one.figure.measure == change.measure), own[0] if own else None)


def _change_row(context: Context, change: Change, headline: Headline) -> list | None:
    labels, figure = context.labels, headline.figure
    values = _values(context, figure)
    at = first_whole(change, context.history[: len(values)])
    if at is None:
        return None
    starts = [place for place in rebased_at(context.changes, figure.measure, context.history) if place < at]
    before, after = np.array(values[starts[-1] if starts else 0 : at]), np.array(values[at:])
    ends = [place for place in rebased_at(context.changes, figure.measure, context.history) if place > at]
    after = after[: ends[0] - at] if ends else after
    limits = xmr(before)
    expected = labels.tell(DIRECTIONS.get(change.direction, "")) or NOTHING
    means = [_mean(context, figure, part, limits) for part in (before, after)]
    seen, tone = _seen(context, change, before, after, limits)
    return [change.title, labels.day(change.day), name_of(context, figure), expected, *means,
        {"text": seen, "tone": tone}]  # fmt: skip


def _mean(context: Context, figure: Figure, part: np.ndarray, limits: XmR) -> str:
    known = part[~np.isnan(part)]
    if not known.size:
        return NOTHING
    half = (limits.upper - limits.lower) / 2
    ends = (-half, half) if math.isfinite(half) else (None, None)
    value = float(known.mean())
    return context.labels.value(
        figure.unit, round(value) if figure.statistic == "count" else value, *ends, statistic=figure.statistic,
        business=context.is_business(figure.measure),
    )  # fmt: skip


def _seen(context: Context, change: Change, before: np.ndarray, after: np.ndarray, limits: XmR) -> tuple[str, str]:
    """What the periods after a change show against the range of before, with its tone."""
    say, known = context.labels.say, after[~np.isnan(after)]
    if np.count_nonzero(~np.isnan(before)) < FEWEST_PERIODS or not limits.moving_range > 0 or not known.size:
        return say("cannot be told: too few periods"), "unsure"
    above, below = int(np.sum(known > limits.upper)), int(np.sum(known < limits.lower))
    if not above and not below:
        return say("within the range of before"), "neutral"
    moved = "up" if above > below else "down"
    outside = max(above, below)
    words = context.labels.say_n(
        "{outside} of {count} period outside the range of before",
        "{outside} of {count} periods outside the range of before",
        known.size,
        outside=outside,
    )
    if not change.direction:
        return words, "neutral"
    return words, "good" if moved == change.direction else "bad"
