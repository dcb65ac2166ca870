"""What customers complain of period after period: a small chart for each reason, and what is certain of it.

In come themes (comments/themes.py) and the history they are of, out comes one chart with its table. That a reason
recurs is a count; that its rate rises or falls is said only where it is more than chance, after Holm over the reasons.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.comments.themes import CHANCE, FEWEST, Theme
from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import accent, chart, joined
from auditkit.exhibits.small_multiples import Panel, small_multiples
from auditkit.labels import NOTHING, Labels
from auditkit.stats import wilson

MOST_PANELS = 8
FEWEST_PERIODS = 3


def complaint_themes(context: Context, themes: Sequence[Theme]) -> list[Exhibit]:
    """Complaints per 1,000 contacts by reason and period; one sentence where there is nothing to lay side by side."""
    labels = context.labels
    if len(context.history) < FEWEST_PERIODS or len(themes) < 2 or sum(one.total for one in themes) < FEWEST:
        title = labels.say("Too few complaints with a reason to say what recurs")
        why = labels.say_n(
            "{count} complaint has a reason {when}.", "{count} complaints have a reason {when}.",
            int(sum(one.total for one in themes)), when=context.over_history,
        )  # fmt: skip
        return [context.missing("complaints-themes", title, why)]
    shown = themes[:MOST_PANELS]
    drawn = [one for one in shown if one.total >= FEWEST] or shown  # a few complaints of few contacts are all peaks
    panels = [
        Panel(one.name, _per_thousand(one), labels.say_n("{count} complaint", "{count} complaints", int(one.total)),
              one.trend == 1)
        for one in drawn
    ]  # fmt: skip
    ends = (labels.period_short(context.history[0]), labels.period_short(context.history[-1]))
    svg = small_multiples(panels, axes.Scale(1, label=labels.number), accent(context), ends, _together(themes))
    columns = [labels.say("Reason"), labels.say("Complaints"), labels.say("Per 1,000 contacts"),
        labels.say("95 % interval"), labels.say("Periods with a complaint"), labels.say("Trend")]  # fmt: skip
    rows = [_row(labels, one) for one in shown]
    note = labels.say(
        "Complaints per 1,000 contacts about the reason; the grey line is all reasons together. A reason recurs when "
        "it was complained of in half of the periods or more, at least three. Rises and falls: Cochran-Armitage test, "
        "adjusted p below {threshold}, from {fewest} complaints; reasons with fewer are not drawn",
        threshold=labels.number(CHANCE, 2), fewest=FEWEST,
    )  # fmt: skip
    note = context.note_of(context.whole, sum(sum(one.contacts) for one in themes), "complaint_rate", extra=note)
    about = labels.say("Complaints by reason and period, most first")
    return [chart("complaints-themes", _title(context, themes), note, svg, columns, rows, about)]


def _title(context: Context, themes: Sequence[Theme]) -> str:
    labels, recurring = context.labels, [one for one in themes if one.recurs]
    if not recurring:
        first = labels.say("No reason is complained of in half of the periods or more")
    else:
        most = max(recurring, key=lambda one: (one.seen, one.total))
        first = labels.say_n(
            "{count} reason of complaint recurs: “{reason}”, in {seen} of {periods} periods",
            "{count} reasons of complaint recur, “{reason}” most often, in {seen} of {periods} periods",
            len(recurring), reason=most.name, seen=most.seen, periods=len(context.history),
        )  # fmt: skip
    return joined(labels, first, _trends(labels, themes))


def _trends(labels: Labels, themes: Sequence[Theme]) -> str:
    """Which reasons certainly rise or fall, as a clause."""
    rising = [one.name for one in themes if one.trend == 1]
    falling = [one.name for one in themes if one.trend == -1]
    clauses = []
    if rising:
        clauses.append(labels.say("certainly more often of late: {reasons}", reasons=", ".join(rising)))
    if falling:
        clauses.append(labels.say("certainly more seldom of late: {reasons}", reasons=", ".join(falling)))
    return joined(labels, *clauses) if clauses else labels.say("none certainly rises or falls")


def _row(labels: Labels, one: Theme) -> list[str]:
    total = sum(one.contacts)
    low, high = (1000 * float(limit) for limit in wilson(one.total, total))
    rate = labels.value("per 1,000", 1000 * one.total / total, low, high)
    between = labels.interval("per 1,000", low, high)
    seen = labels.say("{seen} of {periods}", seen=one.seen, periods=len(one.complaints))
    return [one.name, labels.count(one.total), rate, between, seen, _trend_words(labels, one)]


def _trend_words(labels: Labels, one: Theme) -> str:
    return {1: labels.say("rises"), -1: labels.say("falls"), 0: labels.say("no clear trend")}.get(
        one.trend, labels.say("too few to tell") if one.trend is None else NOTHING
    )


def _per_thousand(one: Theme) -> list[float | None]:
    return [None if rate is None else 1000 * rate for rate in one.rates]


def _together(themes: Sequence[Theme]) -> list[float | None]:
    """All reasons as one, period by period."""
    complaints = [sum(counts) for counts in zip(*(one.complaints for one in themes), strict=True)]
    contacts = [sum(counts) for counts in zip(*(one.contacts for one in themes), strict=True)]
    return [1000 * met / n if n else None for met, n in zip(complaints, contacts, strict=True)]
