"""One measure by a group: criterion, touchpoint, question, type. Which group stands apart, and whether that is sure.

In come a measure and the name of a group, out comes one table, the lowest first. Somebody is always last, so the ends
are named in the title only when they differ by more than chance, counted over every pair that could have been named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from auditkit.clocks.period import Period
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST, THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.further import told
from auditkit.exhibits.pieces import table
from auditkit.exhibits.values import value_words
from auditkit.labels import capital
from auditkit.stats import compare_means, compare_shares
from auditkit.translation import N_

MOST_GROUPS = 20  # rows of a table that still can be read
_GROUP = {
    "criterion": N_("Criterion"),
    "touchpoint": N_("Touchpoint"),
    "question": N_("Question"),
    "type": N_("Type"),
}
Extra = Mapping[str, Callable[[Figure, Period], str]]


def breakdown(context: Context, slug: str, measure: str, by: str, extra: Extra | None = None) -> list[Exhibit]:
    """The table; empty where there are no groups. Of the period where a group of it has enough rows, else of the whole
    history. ``extra`` are further columns: a heading, and the cell of a group in the period shown."""
    period, groups = _groups(context, measure, by)
    if not groups:
        return []
    labels, extra = context.labels, extra or {}
    largest = sorted(groups, key=lambda one: (-one.n, one.group))[:MOST_GROUPS]
    shown = sorted(largest, key=lambda one: (one.value, one.group))
    rows = [
        [value_words(labels, by, one.group), context.said(one), context.interval(one), labels.count(one.n)]
        + [cell(one, period) for cell in extra.values()]
        for one in shown
    ]
    label = labels.tell(context.measures[measure].label)
    columns = [labels.tell(_GROUP[by]), label, labels.say("95 % interval"), labels.say("n"), *extra]
    left = len({one.group for one in context.evaluate((measure,), period, by) if one.group}) - len(shown)
    named = labels.say("Measure {measure}.", measure=measure)
    note = " ".join(part for part in (f"{capital(labels.period(period))}.", _left_out(context, left), named) if part)
    return [table(slug, _title(context, label, by, shown, period), note, columns, rows)]


def apart(figures: Sequence[Figure]) -> tuple[Figure, Figure] | None:
    """The lowest and the highest group where they differ by more than chance explains, else None.

    The p value of the pair is multiplied by the number of pairs that could have been the extreme one (Bonferroni).
    """
    enough = sorted((one for one in figures if (one.n or 0) >= FEWEST), key=lambda one: one.value)
    if len(enough) < 2:
        return None
    low, high = enough[0], enough[-1]
    p = _p(low, high) * math.comb(len(enough), 2)
    return (low, high) if p < THRESHOLD else None


def _p(low: Figure, high: Figure) -> float:
    """The two-sided p value of two groups; 1 where no test suits them."""
    if low.statistic == "share":
        return float(compare_shares(low.numerator, low.denominator, high.numerator, high.denominator)[3])
    sides = [part for one in (low, high) for part in (one.n, one.value, _variance(one))]
    p = float(compare_means(*sides)[3])
    return 1.0 if math.isnan(p) else p


def _variance(figure: Figure) -> float:
    """The variance of one value, back from Student's interval of the mean; none where all values are alike."""
    from scipy.special import stdtrit

    if figure.low is None or figure.high is None:
        return 0.0
    return figure.n * ((figure.high - figure.low) / 2 / float(stdtrit(figure.n - 1, 0.975))) ** 2


def _groups(context: Context, measure: str, by: str) -> tuple[Period, list[Figure]]:
    """The groups of the first period, the report's own or the whole history, in which one of them has enough rows."""
    found: list[Figure] = []
    for period in dict.fromkeys((context.period, context.whole)):
        if _is_empty(context, measure, period):
            continue
        found = [one for one in context.evaluate((measure,), period, by) if one.group and one.available]
        found = [one for one in found if one.statistic == found[0].statistic]
        if any(one.n >= FEWEST for one in found):
            return period, found
    return context.whole, found


def _is_empty(context: Context, measure: str, period: Period) -> bool:
    """Whether the ungrouped figures already say that there is nothing to group."""
    figures = context.series(measure) if period == context.whole else [context.figure(measure)]
    return all(one is not None and not one.available for one in figures)


def _left_out(context: Context, left: int) -> str:
    if not left:
        return ""
    return context.labels.say_n("{count} small group is left out.", "The {count} smallest groups are left out.", left)


def _title(context: Context, label: str, by: str, shown: Sequence[Figure], period: Period) -> str:
    labels = context.labels
    when = labels.within(period)
    if period != context.period:
        when = context.over_history
    if len(shown) == 1:
        value = told(context, shown[0])
        return labels.say(
            "{measure}: {value} for {group}, the only group, {when}",
            measure=label,
            value=value,
            group=value_words(labels, by, shown[0].group),
            when=when,
        )
    ends = apart(shown)
    if ends is not None:
        (lowest, low), (highest, high) = ((value_words(labels, by, one.group), told(context, one)) for one in ends)
        return labels.say(
            "{measure}: from {low} for {lowest} to {high} for {highest} {when}",
            measure=label,
            low=low,
            lowest=lowest,
            high=high,
            highest=highest,
            when=when,
        )
    if all(one.n < FEWEST for one in shown):
        return labels.say_n(
            "{measure}: too few rows to tell {count} group from another {when}",
            "{measure}: too few rows to tell {count} groups from one another {when}",
            len(shown),
            measure=label,
            when=when,
        )
    return labels.say_n(
        "{measure}: no clear difference within {count} group {when}",
        "{measure}: no clear difference among {count} groups {when}",
        len(shown),
        measure=label,
        when=when,
    )
