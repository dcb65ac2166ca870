"""What customers come for: the reasons of the tickets by number, and the reasons of which they complain.

In come the figures of the period by reason; out come two charts of bars in order, with the share that is added up so
far (Pareto). A reason is said to be complained of more than the others only where that is more than chance, counted
over all reasons.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.clocks.period import Period
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import THRESHOLD
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import accent, chart
from auditkit.exhibits.rows_of_bars import Bar, bars
from auditkit.stats import compare_shares, wilson

ASKED = ("tickets_received", "complaint_rate")
MOST = 10  # reasons that still can be read
VITAL = 0.8  # Pareto: the reasons that make up so much are the ones to look at first
FEWEST_COMPLAINTS = 10


def reasons(context: Context) -> list[Exhibit]:
    """The reasons of tickets, and of complaints where there are any to speak of."""
    return [*_tickets(context), *_complaints(context)]


def _tickets(context: Context) -> list[Exhibit]:
    found = [one for one in context.evaluate(ASKED, context.period, "reason") if one.available]
    found = sorted(
        (one for one in found if one.measure == ASKED[0] and one.value),
        key=lambda one: (one.group == "", -one.value, one.group),
    )
    named = [one for one in found if one.group]
    if len(named) < 2:
        return []
    labels, total = context.labels, sum(one.value for one in found)
    shown, rest = named[:MOST], [*named[MOST:], *(one for one in found if not one.group)]
    vital = vital_few([one.value for one in named], sum(one.value for one in named))
    told, cells, so_far = [], [], 0.0
    for place, one in enumerate(shown):
        so_far += one.value
        count, share, sums = (labels.count(one.value), labels.share(one.value / total), labels.share(so_far / total))
        words = labels.say("{count} · {share}, in all {sum}", count=count, share=share, sum=sums)
        told.append(Bar(one.group, one.value, words, place < vital))
        cells.append([one.group, count, share, sums])
    if rest:
        others, name = sum(one.value for one in rest), labels.say("other or none")
        told.append(Bar(name, others, labels.count(others)))
        cells.append([name, labels.count(others), labels.share(others / total), labels.percent(1.0)])
    columns = [labels.say("Reason"), labels.say("Tickets"), labels.say("Share"), labels.say("In all")]
    title = labels.say_n(
        "{count} reason of {all} makes up {share} of the tickets that have one; the first is “{first}”",
        "{count} reasons of {all} make up {share} of the tickets that have one; the first is “{first}”",
        vital, all=len(named), first=named[0].group,
        share=labels.share(sum(one.value for one in named[:vital]) / sum(one.value for one in named)),
    )  # fmt: skip
    about = labels.say("Tickets received by reason, most first, with the share that is added up so far")
    note = context.note("tickets_received")
    return [chart("reasons-tickets", title, note, bars(told, accent(context), 1.9), columns, cells, about)]


def vital_few(counts: Sequence[float], total: float) -> int:
    """How many of the largest counts make up at least 80 % of the total.

    >>> vital_few([50, 30, 15, 5], 100), vital_few([40, 30, 20, 10], 100)
    (2, 3)
    """
    so_far = 0.0
    for place, count in enumerate(counts):
        so_far += count
        if so_far >= VITAL * total - 1e-9:
            return place + 1
    return len(counts)


def _complaints(context: Context) -> list[Exhibit]:
    period, found = _complained(context)
    named = sorted((one for one in found if one.group and one.numerator), key=lambda one: (-one.numerator, one.group))
    total = sum(one.numerator for one in named)
    if len(named) < 2 or total < FEWEST_COMPLAINTS:
        return []
    labels = context.labels
    worst = most_complained([one for one in found if one.group])
    told, cells, so_far = [], [], 0.0
    for one in named[:MOST]:
        so_far += one.numerator
        low, high = (float(limit) for limit in wilson(one.numerator, one.denominator))
        rate = labels.value("per 1,000", 1000 * one.numerator / one.denominator, 1000 * low, 1000 * high)
        told.append(Bar(one.group, one.numerator, labels.say("{count} · {rate}", count=labels.count(one.numerator),
            rate=rate), worst is not None and one.group == worst.group))  # fmt: skip
        cells.append([one.group, labels.count(one.numerator), labels.share(so_far / total), rate,
            context.interval(one)])  # fmt: skip
    columns = [labels.say("Reason"), labels.say("Complaints"), labels.say("In all"), labels.say("Per 1,000 contacts"),
        labels.say("95 % interval")]  # fmt: skip
    when = labels.within(period) if period == context.period else context.over_history
    if worst is None:
        title = labels.say("No reason is clearly complained of more than the others {when}", when=when)
    else:
        title = labels.say(
            "“{reason}” is complained of more than the others {when}: {rate} contacts about it",
            reason=worst.group,
            when=when,
            rate=context.said(worst),
        )
    extra = labels.say("Rates of complaint are compared with all other reasons (adjusted p below {threshold})",
        threshold=labels.number(THRESHOLD, 2))  # fmt: skip
    about = labels.say("Complaints by reason, most first")
    note = context.note_of(period, sum(one.denominator for one in found), "complaint_rate", extra=extra)
    return [chart("reasons-complaints", title, note, bars(told, accent(context), 1.9), columns, cells, about)]


def _complained(context: Context) -> tuple[Period, list[Figure]]:
    """The complaints by reason of the period, or of the whole history where the period has few."""
    found: list[Figure] = []
    for period in dict.fromkeys((context.period, context.whole)):
        found = [one for one in context.evaluate(ASKED, period, "reason") if one.available and one.measure == ASKED[1]]
        if sum(one.numerator or 0 for one in found) >= FEWEST_COMPLAINTS:
            return period, found
    return context.whole, found


def most_complained(found: Sequence[Figure]) -> Figure | None:
    """The reason with the highest rate among those that differ from all the others together; None where none does."""
    met, n = sum(one.numerator for one in found), sum(one.denominator for one in found)
    sure = []
    for one in found:
        others = (met - one.numerator, n - one.denominator)
        if not one.denominator or not others[1] or one.numerator / one.denominator <= others[0] / others[1]:
            continue
        p = float(compare_shares(one.numerator, one.denominator, *others)[3]) * len(found)
        if p < THRESHOLD:
            sure.append(one)
    return max(sure, key=lambda one: one.numerator / one.denominator, default=None)
