"""Small tables of further figures, one per section, from a literal list of ids.

In come the context and measures in the order in which they matter; out comes one table whose title tells the first
that rests on enough rows. Nothing here is tested for change: an earlier figure stands beside the new one only where
both rest on enough rows to be laid side by side. What a period holds too little of is told over the whole history too.
"""

from __future__ import annotations

from collections.abc import Sequence

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.pieces import few, name_of, table
from auditkit.exhibits.variants import fill, numbers
from auditkit.labels import NOTHING, capital, listed

# What a figure says, as a sentence; a measure without one is told by its label.
_SENTENCES = {
    "resolution_rate": "{value} of the tickets received {when} have been resolved",
    "awaiting_first_response": "{value} of the open tickets had no first response at the period's end",
    "unanswered_share": "{value} of the tickets received were never answered",
    "after_hours_share": "{value} of the tickets came while the team was closed",
    "update_cadence": "{value} of the days on which a ticket was open brought the customer an update",
    "repeat_contact_rate": "{value} of the customers came back within {days} days",
    "transfer_rate": "{value} of the resolved tickets had been handed on",
    "complaint_rate": "{value} contacts were complaints",
    "identity_match_rate": "Journeys rest on the {value} of the contacts whose customer is known",
    "missed_rate": "{value} of the calls offered rang and were not picked up",
    "immediate_answer_rate": "{value} of the answered calls were answered within {immediate} seconds",
    "handle_time_calls": "A call took a mean {value} of work",
    "low_score_rate": "{value} of the scored answers lay in the lowest {low_percent} % of their scale",
    "review_score": "Public reviews gave a mean {value} of their scale",
    "agent_satisfaction": "{value} of the agents' answers were satisfied ones",
    "enps": "Agents' recommendation of the workplace (eNPS) is {value}",
    "qa_critical_free_rate": "{value} of the reviews found no critical failure",
    "qa_coverage": "{value} of the resolved tickets were reviewed",
    "training_pass_rate": "{value} of the courses taken were passed",
    "agent_turnover": "{value} of the mean headcount left",
    "language_match_rate": "{value} of the tickets had an agent who speaks the customer's language",
    "conversion_rate": "{value} of the offers to buy were accepted",
    "cross_sell_rate": "{value} of the offers of a further product were accepted",
    "referral_rate": "{value} of the requests to recommend were accepted",
    "retention_rate": "{value} of the customers stayed",
    "repeat_purchase_rate": "{value} of the customers who ordered had ordered before",
}


def further(context: Context, slug: str, measures: Sequence[str], seldom: bool = False) -> list[Exhibit]:
    """The table; empty where none of the measures has a figure. ``seldom`` adds the figures of the whole history."""
    seldom = seldom and context.whole != context.period
    pairs = [(context.figure(name), context.seldom(name) if seldom else None) for name in measures]
    shown = [pair for pair in pairs if any(_exists(one) for one in pair)]
    if not shown:
        return []
    rows = [_row(context, now, whole, seldom) for now, whole in shown]
    columns = ["Measure", context.labels.period_short(context.period), "95 % interval", "n"]
    columns += (
        [context.history_words, "95 % interval", "n"] if seldom else [context.labels.period_short(context.previous)]
    )
    return [table(slug, _title(context, shown), _note(context, measures, shown, seldom), columns, rows)]


def why_nothing(context: Context, measures: Sequence[str]) -> str:
    """Why none of the measures has a figure, each reason said once."""
    reasons = dict.fromkeys(context.why_not(name).removesuffix(".") for name in measures)
    return ". ".join(capital(reason) for reason in reasons) + "."


def told(context: Context, figure: Figure) -> str:
    """A value with its interval, and what it rests on where that is little."""
    rests = [context.interval(figure)] if context.interval(figure) != NOTHING else []
    rests += [context.labels.sample_size(figure.n)] if is_thin(figure) else []
    return f"{context.said(figure)} ({', '.join(rests)})" if rests else context.said(figure)


def is_thin(figure: Figure) -> bool:
    """Whether a figure rests on too few rows to be leant on; a count is its own evidence."""
    return figure.statistic != "count" and few(figure)


def _exists(figure: Figure | None) -> bool:
    return figure is not None and figure.available


def _row(context: Context, now: Figure | None, whole: Figure | None, seldom: bool) -> list[str]:
    named = now if now is not None else whole
    row = [name_of(context, named), *_cells(context, now)]
    if seldom:
        return [*row, *_cells(context, whole)]
    before = context.figure(named.measure, context.previous, named.statistic)
    comparable = _exists(now) and _exists(before) and not is_thin(now) and not is_thin(before)
    return [*row, context.said(before, now) if comparable else NOTHING]


def _cells(context: Context, figure: Figure | None) -> list[str]:
    if not _exists(figure):
        return [NOTHING, NOTHING, NOTHING]
    return [context.said(figure), context.interval(figure), context.labels.count(figure.n)]


def _title(context: Context, shown: Sequence[tuple[Figure | None, Figure | None]]) -> str:
    """The first figure that rests on enough rows: of the period, else of the whole history, else the first there is."""
    when, over = context.labels.within(context.period), f"over {context.history_words}"
    told_of = [(now, when) for now, _ in shown if _exists(now)] + [
        (whole, over) for _, whole in shown if _exists(whole)
    ]
    figure, time = next(((one, time) for one, time in told_of if not is_thin(one)), told_of[0])
    sentence = _SENTENCES.get(figure.measure, f"{name_of(context, figure)}: {{value}}")
    words = fill(sentence, numbers(context, context.measures[figure.measure]))
    words = words if "{when}" in words else f"{words} {{when}}"
    return words.replace("{value}", told(context, figure)).replace("{when}", time)


def _note(context: Context, measures: Sequence[str], shown: Sequence[tuple], seldom: bool) -> str:
    named = [next(one for one in pair if one is not None).measure for pair in shown]
    absent = [context.measures[name].label for name in measures if name not in named and name in context.measures]
    parts = [context.labels.period(context.period)]
    parts.append(
        "A period holds few of these, so the whole history stands beside it"
        if seldom
        else f"An earlier figure is shown where both rest on at least {FEWEST} rows; none is tested for change"
    )
    parts += [f"Without figures: {listed(absent)} (why stands under Every measure)"] if absent else []
    parts.append(f"{'Measures' if len(named) > 1 else 'Measure'} {', '.join(named)}")
    return f"{'. '.join(parts)}."
