"""Staffing: the agents that each hour of the week needs against those on duty, and what a change would bring.

In come the report's context and the hours that staffing.py reckoned; out come a grid of the week, the hours that are
shortest, and a table of what-ifs. Every note carries the assumption of Erlang C, and a title hedges where the calls of
an hour are too few to plan by.
"""

from __future__ import annotations

import numpy as np

from auditkit.clocks.week_hours import ENOUGH_CALLS
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, accent, chart, table
from auditkit.exhibits.staffing_words import (
    hours_of,
    hours_title,
    in_short,
    pair,
    share,
    target_words,
    week_title,
    what_if_title,
)
from auditkit.exhibits.week_grid import week_grid
from auditkit.labels import NOTHING, Labels, capital
from auditkit.staffing import SHORT_BY, Overall, Staffing, overall, vary
from auditkit.translation import N_

MOST_HOURS = 12  # rows of the table of hours
WIDE_CELLS = 14  # columns of the grid up to which a cell has room for a part of an agent
# What is asked most often of a plan: words, agents more, factor of the handling time, factor of the calls.
WHAT_IFS = (
    (N_("As it is"), 0, 1.0, 1.0),
    (N_("One agent more in every hour"), 1, 1.0, 1.0),
    (N_("One agent fewer in every hour"), -1, 1.0, 1.0),
    (N_("Handling a tenth shorter"), 0, 0.9, 1.0),
    (N_("Handling a tenth longer"), 0, 1.1, 1.0),
    (N_("A tenth more calls"), 0, 1.0, 1.1),
    (N_("A quarter more calls"), 0, 1.0, 1.25),
)


def staffing(context: Context, found: Staffing) -> list[Exhibit]:
    """Required against on duty by hour of the week, the hours with the largest gap, and what-ifs."""
    if found.hours.empty:
        title = context.labels.say("No staffing can be reckoned")
        return [context.missing("staffing", title, *_reasons(context, found))]
    exhibits = [_grid(context, found), _hours(context, found)]
    return [*exhibits, _what_ifs(context, found)] if found.knows_duty else exhibits


def _grid(context: Context, found: Staffing) -> Exhibit:
    hours = found.hours
    first, beyond = int(hours["hour"].min()), int(hours["hour"].max()) + 1
    days = sorted({*range(1, 6), *hours["weekday"].astype(int)})
    names = [capital(context.labels.weekday(day)) for day in days]
    cells = {(int(row.weekday), int(row.hour)): row for row in hours.itertuples()}
    decimals = 1 if beyond - first <= WIDE_CELLS else 0
    texts = [[pair(context, cells.get((day, hour)), decimals) for hour in range(first, beyond)] for day in days]
    gaps = [[getattr(cells.get((day, hour)), "gap", np.nan) for hour in range(first, beyond)] for day in days]
    heads = [f"{hour:02d}" for hour in range(first, beyond)]
    missing = np.nan_to_num(-np.array(gaps, dtype=float))
    svg = week_grid(texts, np.where(missing >= SHORT_BY, missing, 0), names, heads, accent(context))
    rows = [
        [name, *(pair(context, cells.get((day, hour)), 1) or NOTHING for hour in range(first, beyond))]
        for name, day in zip(names, days, strict=True)
    ]
    labels = context.labels
    if found.knows_duty:
        about = labels.say("Agents needed and on duty on average, by weekday and hour")
        extra = labels.say("In each cell: agents needed / on duty on average.")
    else:
        about = labels.say("Agents needed, by weekday and hour")
        extra = labels.say("In each cell: agents needed.")
    columns = [labels.say("Weekday"), *heads]
    exhibit = chart(
        "staffing-week", week_title(context, found), _note(context, found, extra), svg, columns, rows, about
    )
    alt = f"{about}. {in_short(context, found)}"
    return Exhibit(exhibit.id, "chart", dict(exhibit.data) | {"alt": alt})


def _hours(context: Context, found: Staffing) -> Exhibit:
    """The hours with the largest gap, or the most load where nobody knows who was on duty."""
    knows, whole = found.knows_duty, overall(found.hours)
    order = found.hours.sort_values("load_erlangs", ascending=False, kind="stable")
    order = order.sort_values("gap", kind="stable") if knows else order
    rows = [_hour_row(context, found, row) for row in order.head(MOST_HOURS).itertuples()]
    labels, total = context.labels, ""
    if len(rows) < whole.hours:
        total = (
            labels.say("The {shown} hours with the largest gap, of {all}.", shown=len(rows), all=whole.hours)
            if knows
            else labels.say("The {shown} hours with the most load, of {all}.", shown=len(rows), all=whole.hours)
        )
    note = _note(context, found, _hours_note(labels, knows))
    title = hours_title(context, knows, whole, len(rows))
    return table("staffing-hours", title, note, _hour_heads(labels, knows), rows, total)


def _hour_heads(labels: Labels, knows_duty: bool) -> list[str]:
    heads = [
        *(labels.say("Hour"), labels.say("Calls an hour"), labels.say("Handling time")),
        *(labels.say("Load (erlang)"), labels.say("Needed")),
    ]
    if knows_duty:
        heads += [labels.say("On duty"), labels.say("Gap"), labels.say("Expected in time"), labels.say("Expected wait")]
    return [*heads, labels.say("Measured in time")]


def _hours_note(labels: Labels, knows_duty: bool) -> str:
    brackets = labels.say("In brackets: at the 95 % limits of the mean number of calls.")
    if knows_duty:
        what = labels.say(
            "In time: answered within the target's limit, as expected with the whole agents on duty and as measured."
        )
    else:
        what = labels.say("In time: answered within the target's limit.")
    return f"{brackets} {what}"


def _hour_row(context: Context, found: Staffing, row) -> list[Cell]:
    labels = context.labels
    rate, low, high = (labels.number(one, 1) for one in (row.calls_per_hour, row.calls_low, row.calls_high))
    cells: list[Cell] = [
        f"{capital(labels.weekday(int(row.weekday)))} {hours_of(int(row.hour), int(row.hour) + 1)}",
        f"{rate} ({low}–{high})",
        labels.duration(row.aht_seconds),
        labels.number(row.load_erlangs, 1),
        _needed(context, row),
    ]
    if found.knows_duty:
        tone = {"tone": "bad"} if row.gap <= -SHORT_BY else {}
        cells += [
            labels.number(row.agents_on_duty, 1),
            {"text": labels.signed(row.gap, 1)} | tone,
            share(context, row.expected_service_level),
            _wait(context, row.expected_asa_seconds),
        ]
    return [*cells, share(context, row.measured_service_level)]


def _what_ifs(context: Context, found: Staffing) -> Exhibit:
    cases = [(words, overall(vary(found, *change))) for words, *change in WHAT_IFS]
    labels = context.labels
    rows = [_what_if_row(context, labels.tell(words), case) for words, case in cases]
    columns = [
        *(labels.say("If"), labels.say("Agent-hours needed"), labels.say("On duty")),
        *(labels.say("Hours short"), labels.say("Overloaded"), labels.say("Expected in time")),
    ]
    extra = labels.say(
        "Agent-hours a week in the hours with calls. Overloaded: hours in which the queue only grows, as agents are "
        "no more than the load."
    )
    title = what_if_title(context, cases[0][1], cases[1][1])
    return table("staffing-what-if", title, _note(context, found, extra), columns, rows)


def _what_if_row(context: Context, words: str, case: Overall) -> list[Cell]:
    labels = context.labels
    hours = (labels.number(one) for one in (case.required_hours, case.on_duty_hours))
    short = labels.say("{part} of {all}", part=case.short_hours, all=case.hours)
    return [words, *hours, short, labels.count(case.overloaded_hours), share(context, case.service_level)]


def _note(context: Context, found: Staffing, extra: str) -> str:
    labels = context.labels
    pooled = labels.say(
        "Hours with fewer than {fewest} answered calls take the handling time of all hours.", fewest=ENOUGH_CALLS
    )
    parts = [
        labels.say_n(
            "{period}. {count} call. {zone} time.",
            "{period}. {count} calls. {zone} time.",
            int(found.hours["calls"].sum()),
            period=capital(labels.period(context.period)),
            zone=labels.zone,
        ),
        extra,
        labels.say("Target: {target}.", target=target_words(context, found)),
        pooled if found.hours["aht_pooled"].any() else "",
        labels.say("Who also works on tickets is counted as free for calls.") if found.knows_duty else "",
        *_reasons(context, found),
        labels.tell(found.assumptions),
    ]
    return " ".join(part for part in parts if part)


def _needed(context: Context, row) -> str:
    """The agents required, with those at the limits of the calls where they differ."""
    ends = (row.required_low, row.required_agents, row.required_high)
    low, needed, high = (context.labels.count(one) for one in ends)
    return needed if low == high else f"{needed} ({low}–{high})"


def _wait(context: Context, seconds: float) -> str:
    return context.labels.duration(seconds) if np.isfinite(seconds) else context.labels.say("grows")


def _reasons(context: Context, found: Staffing) -> list[str]:
    """Why something is missing, a sentence each."""
    return [f"{capital(context.labels.tell(reason))}." for reason in found.reasons]
