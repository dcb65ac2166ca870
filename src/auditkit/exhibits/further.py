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
from auditkit.exhibits.variants import numbers
from auditkit.labels import NOTHING, capital
from auditkit.translation import N_

# What a figure says, as a sentence; a measure without one is told by its label.
_SENTENCES = {
    "resolution_rate": N_("{value} of the tickets received {when} have been resolved"),
    "awaiting_first_response": N_("{value} of the open tickets had no first response at the period's end {when}"),
    "unanswered_share": N_("{value} of the tickets received were never answered {when}"),
    "after_hours_share": N_("{value} of the tickets came while the team was closed {when}"),
    "update_cadence": N_("{value} of the days on which a ticket was open brought the customer an update {when}"),
    "repeat_contact_rate": N_("{value} of the customers came back within {days} days {when}"),
    "transfer_rate": N_("{value} of the resolved tickets had been handed on {when}"),
    "complaint_rate": N_("{value} contacts were complaints {when}"),
    "identity_match_rate": N_("Journeys rest on the {value} of the contacts whose customer is known {when}"),
    "missed_rate": N_("{value} of the calls offered rang and were not picked up {when}"),
    "immediate_answer_rate": N_("{value} of the answered calls were answered within {immediate} seconds {when}"),
    "handle_time_calls": N_("A call took a mean {value} of work {when}"),
    "low_score_rate": N_("{value} of the scored answers lay in the lowest {low_percent} % of their scale {when}"),
    "mystery_answer_rate": N_("{value} of the mystery tests were answered {when}"),
    "agent_satisfaction": N_("{value} of the agents' answers were satisfied ones {when}"),
    "enps": N_("Agents' recommendation of the workplace (eNPS) is {value} {when}"),
    "qa_critical_free_rate": N_("{value} of the reviews found no critical failure {when}"),
    "qa_coverage": N_("{value} of the resolved tickets were reviewed {when}"),
    "training_pass_rate": N_("{value} of the courses taken were passed {when}"),
    "agent_turnover": N_("{value} of the mean headcount left {when}"),
    "language_match_rate": N_("{value} of the tickets had an agent who speaks the customer's language {when}"),
    "conversion_rate": N_("{value} of the offers to buy were accepted {when}"),
    "cross_sell_rate": N_("{value} of the offers of a further product were accepted {when}"),
    "referral_rate": N_("{value} of the requests to recommend were accepted {when}"),
    "retention_rate": N_("{value} of the customers stayed {when}"),
    "repeat_purchase_rate": N_("{value} of the customers who ordered had ordered before {when}"),
}


def further(context: Context, slug: str, measures: Sequence[str], seldom: bool = False) -> list[Exhibit]:
    """The table; empty where none of the measures has a figure. ``seldom`` adds the figures of the whole history."""
    seldom = seldom and context.whole != context.period
    pairs = [(context.figure(name), context.seldom(name) if seldom else None) for name in measures]
    shown = [pair for pair in pairs if any(_exists(one) for one in pair)]
    if not shown:
        return []
    rows = [_row(context, now, whole, seldom) for now, whole in shown]
    return [table(slug, _title(context, shown), _note(context, measures, shown, seldom), _heads(context, seldom), rows)]


def why_nothing(context: Context, measures: Sequence[str]) -> str:
    """Why none of the measures has a figure, each reason said once."""
    return " ".join(dict.fromkeys(context.why_not(name) for name in measures))


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


def _heads(context: Context, seldom: bool) -> list[str]:
    labels = context.labels
    basis = [labels.say("95 % interval"), labels.say_in("column heading", "n")]
    heads = [labels.say("Measure"), labels.period_short(context.period), *basis]
    return [*heads, context.history_words, *basis] if seldom else [*heads, labels.period_short(context.previous)]


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
    labels = context.labels
    now_and_whole = [(now, labels.within(context.period)) for now, _ in shown if _exists(now)]
    now_and_whole += [(whole, context.over_history) for _, whole in shown if _exists(whole)]
    figure, when = next(((one, when) for one, when in now_and_whole if not is_thin(one)), now_and_whole[0])
    value, sentence = told(context, figure), _SENTENCES.get(figure.measure)
    if sentence is None:
        return labels.say("{measure}: {value} {when}", measure=name_of(context, figure), value=value, when=when)
    parameters = numbers(context, context.measures[figure.measure])
    given = {name: labels.number(value) for name, value in parameters.items() if isinstance(value, int | float)}
    return labels.say(sentence, **given | {"value": value, "when": when})


def _note(context: Context, measures: Sequence[str], shown: Sequence[tuple], seldom: bool) -> str:
    labels = context.labels
    named = [next(one for one in pair if one is not None).measure for pair in shown]
    absent = [context.label(name) for name in measures if name not in named and name in context.measures]
    parts = [f"{capital(labels.period(context.period))}."]
    if seldom:
        parts.append(labels.say("A period holds few of these, so the whole history stands beside it."))
    else:
        parts.append(
            labels.say(
                "An earlier figure is shown where both rest on at least {fewest} rows; none is tested for change.",
                fewest=FEWEST,
            )
        )
    if absent:
        parts.append(labels.say("Without figures: {measures} (why stands under Every measure).", measures=absent))
    return " ".join([*parts, f"{capital(context.ids(named))}."])
