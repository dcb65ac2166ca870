"""Staffing: the agents that each hour of the week needs against those on duty, and what a change would bring.

In come the report's context and the hours that staffing.py reckoned; out come a grid of the week, the hours that are
shortest, and a table of what-ifs. Every note carries the assumption of Erlang C, and a title hedges where the calls of
an hour are too few to plan by.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import Cell, accent, chart, table
from auditkit.exhibits.week_grid import week_grid
from auditkit.labels import NOTHING, capital
from auditkit.staffing import SHORT_BY, Overall, Staffing, overall, vary
from auditkit.week_hours import ENOUGH_CALLS

if TYPE_CHECKING:
    import pandas as pd

MOST_HOURS = 12  # rows of the table of hours
WIDE_CELLS = 14  # columns of the grid up to which a cell has room for a part of an agent
_WORDS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
# What is asked most often of a plan: words, agents more, factor of the handling time, factor of the calls.
WHAT_IFS = (
    ("As it is", 0, 1.0, 1.0),
    ("One agent more in every hour", 1, 1.0, 1.0),
    ("One agent fewer in every hour", -1, 1.0, 1.0),
    ("Handling a tenth shorter", 0, 0.9, 1.0),
    ("Handling a tenth longer", 0, 1.1, 1.0),
    ("A tenth more calls", 0, 1.0, 1.1),
    ("A quarter more calls", 0, 1.0, 1.25),
)


@dataclass(frozen=True)
class _Shortage:
    """Neighbouring hours of a day (``last`` is the first hour after them) with the same whole agents too few; ``sure``
    where that holds even at the low limit of the calls."""

    weekday: int
    first: int
    last: int
    agents: int
    sure: bool


def staffing(context: Context, found: Staffing) -> list[Exhibit]:
    """Required against on duty by hour of the week, the hours with the largest gap, and what-ifs."""
    if found.hours.empty:
        return [context.missing("staffing", "No staffing can be reckoned", *map(_sentence, found.reasons))]
    exhibits = [_grid(context, found), _hours(context, found)]
    return [*exhibits, _what_ifs(context, found)] if found.knows_duty else exhibits


def _grid(context: Context, found: Staffing) -> Exhibit:
    hours = found.hours
    first, beyond = int(hours["hour"].min()), int(hours["hour"].max()) + 1
    days = sorted({*range(1, 6), *hours["weekday"].astype(int)})
    names = [context.labels.weekday(day) for day in days]
    cells = {(int(row.weekday), int(row.hour)): row for row in hours.itertuples()}
    decimals = 1 if beyond - first <= WIDE_CELLS else 0
    texts = [[_pair(context, cells.get((day, hour)), decimals) for hour in range(first, beyond)] for day in days]
    gaps = [[getattr(cells.get((day, hour)), "gap", np.nan) for hour in range(first, beyond)] for day in days]
    heads = [f"{hour:02d}" for hour in range(first, beyond)]
    missing = np.nan_to_num(-np.array(gaps, dtype=float))
    svg = week_grid(texts, np.where(missing >= SHORT_BY, missing, 0), names, heads, accent(context))
    rows = [
        [name, *(_pair(context, cells.get((day, hour)), 1) or NOTHING for hour in range(first, beyond))]
        for name, day in zip(names, days, strict=True)
    ]
    what = "agents needed / on duty on average" if found.knows_duty else "agents needed"
    about = f"{capital(what)} by weekday and hour"
    exhibit = chart("staffing-week", _title(context, found), _note(context, found, f"In each cell: {what}."), svg,
                    ["Weekday", *heads], rows, about)  # fmt: skip
    alt = f"{about}. {_in_short(context, found)}"
    return Exhibit(exhibit.id, "chart", dict(exhibit.data) | {"alt": alt})


def _hours(context: Context, found: Staffing) -> Exhibit:
    """The hours with the largest gap, or the most load where nobody knows who was on duty."""
    knows, whole = found.knows_duty, overall(found.hours)
    order = found.hours.sort_values("load_erlangs", ascending=False, kind="stable")
    order = order.sort_values("gap", kind="stable") if knows else order
    rows = [_hour_row(context, found, row) for row in order.head(MOST_HOURS).itertuples()]
    columns = ["Hour", "Calls an hour", "Handling time", "Load (erlang)", "Needed"]
    columns += ["On duty", "Gap", "Expected in time", "Expected wait"] if knows else []
    title = f"The {len(rows)} hours of the week with the most load {context.labels.within(context.period)}"
    if knows:
        many = capital(_word(whole.short_hours)) if whole.short_hours else "None"
        title = f"{many} of the {whole.hours} hours of the week with calls had too few agents"
    which = "with the largest gap" if knows else "with the most load"
    total = f"The {len(rows)} hours {which}, of {whole.hours}." if len(rows) < whole.hours else ""
    extra = "In brackets: at the 95 % limits of the mean number of calls. In time: answered within the target's limit"
    extra += ", as expected with the whole agents on duty and as measured." if knows else "."
    note = _note(context, found, extra)
    return table("staffing-hours", title, note, [*columns, "Measured in time"], rows, total)


def _hour_row(context: Context, found: Staffing, row) -> list[Cell]:
    labels = context.labels
    rate, low, high = (labels.number(one, 1) for one in (row.calls_per_hour, row.calls_low, row.calls_high))
    cells: list[Cell] = [
        f"{labels.weekday(int(row.weekday))} {int(row.hour):02d}–{int(row.hour) + 1:02d}",
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
            _share(context, row.expected_service_level),
            _wait(context, row.expected_asa_seconds),
        ]
    return [*cells, _share(context, row.measured_service_level)]


def _what_ifs(context: Context, found: Staffing) -> Exhibit:
    cases = [(words, overall(vary(found, *change))) for words, *change in WHAT_IFS]
    rows = [_what_if_row(context, words, case) for words, case in cases]
    columns = ["If", "Agent-hours needed", "On duty", "Hours short", "Overloaded", "Expected in time"]
    extra = "Agent-hours a week in the hours with calls. Overloaded: hours in which the queue only grows, as agents are"
    title = _what_if_title(context, cases[0][1], cases[1][1])
    return table("staffing-what-if", title, _note(context, found, f"{extra} no more than the load."), columns, rows)


def _what_if_row(context: Context, words: str, case: Overall) -> list[Cell]:
    labels = context.labels
    hours = (labels.number(one) for one in (case.required_hours, case.on_duty_hours))
    short = f"{case.short_hours} of {case.hours}"
    return [words, *hours, short, labels.count(case.overloaded_hours), _share(context, case.service_level)]


def _what_if_title(context: Context, now: Overall, more: Overall) -> str:
    before, after = (_share(context, one.service_level) for one in (now, more))
    if before == after:
        return f"One agent more in every hour would not move the expected service level of {before}"
    return f"One agent more in every hour would take the expected service level from {before} to {after}"


def _title(context: Context, found: Staffing) -> str:
    """The message: where agents are fewest against what the target needs."""
    target = _target(context, found)
    if not found.knows_duty:
        top = found.hours.loc[found.hours["required_agents"].idxmax()]
        needed = context.labels.counted(top["required_agents"], "agents")
        when = _when(context, int(top["weekday"]), int(top["hour"]), int(top["hour"]) + 1)
        return f"{target} needs up to {needed}, {when[0].lower()}{when[1:]}; who was on duty is not known"
    worst = _worst(found.hours)
    if worst is None:
        title = f"In every hour of the week with calls, as many agents were on duty as {target} needs"
        known = found.hours[found.hours["measured_n"] > 0]
        level = float(np.average(known["measured_service_level"], weights=known["measured_n"])) if len(known) else 1.0
        return title if level >= found.at_least else f"{title}; yet only {_share(context, level)} were answered in time"
    when = _when(context, worst.weekday, worst.first, worst.last)
    fewer = f"{_word(worst.agents)} {'agent fewer was' if worst.agents == 1 else 'agents fewer were'}"
    title = f"{when} {fewer} on duty than {target} needs"
    return title if worst.sure else f"{title}, if the few calls of that time are not chance"


def _worst(hours: pd.DataFrame) -> _Shortage | None:
    """The largest shortage in whole agents with its neighbours of the same size; among equals that with most load."""
    short = hours[hours["gap"] <= -SHORT_BY]
    if short.empty:
        return None
    short = short.assign(fewer=np.maximum(np.ceil(-short["gap"] - SHORT_BY), 1).astype(int))
    top = short.sort_values(["fewer", "load_erlangs"], ascending=False).iloc[0]
    alike = short[(short["weekday"] == top["weekday"]) & (short["fewer"] == top["fewer"])]
    there = set(alike["hour"].astype(int))
    first = last = int(top["hour"])
    while first - 1 in there:
        first -= 1
    while last + 1 in there:
        last += 1
    run = alike[alike["hour"].between(first, last)]
    sure = bool((run["required_low"] - run["agents_on_duty"] >= SHORT_BY).all())
    return _Shortage(int(top["weekday"]), first, last + 1, int(top["fewer"]), sure)


def _in_short(context: Context, found: Staffing) -> str:
    """The grid for those who cannot see it: the whole, and the hours with the largest gap."""
    hours, whole = found.hours, overall(found.hours)
    if not found.knows_duty:
        top = hours.sort_values("required_agents", ascending=False, kind="stable").head(5).itertuples()
        needed = ", ".join(f"{_hour_name(context, row)} {_pair(context, row, 0)}" for row in top)
        return f"Most needed: {needed}."
    top = hours[hours["gap"] <= -SHORT_BY].sort_values("gap").head(8)
    counted = f"{whole.short_hours} of {whole.hours} hours with calls have too few"
    shortest = ", ".join(f"{_hour_name(context, row)} {_pair(context, row, 1)}" for row in top.itertuples())
    return f"{counted}{': ' + shortest if shortest else ''}."


def _note(context: Context, found: Staffing, extra: str) -> str:
    labels = context.labels
    calls = int(found.hours["calls"].sum())
    pooled = f"Hours with fewer than {ENOUGH_CALLS} answered calls take the handling time of all hours."
    parts = [
        f"{labels.period(context.period)}. {labels.sample_size(calls)} calls. {labels.zone} time. {extra}",
        f"Target: {_target(context, found)}.",
        pooled if found.hours["aht_pooled"].any() else "",
        "Who also works on tickets is counted as free for calls." if found.knows_duty else "",
        *map(_sentence, found.reasons),
        found.assumptions,
    ]
    return " ".join(part for part in parts if part)


def _target(context: Context, found: Staffing) -> str:
    """``80 % in 20 s``."""
    return f"{context.labels.percent(found.at_least)} in {context.labels.duration_short(found.within_seconds)}"


def _when(context: Context, weekday: int, first: int, last: int) -> str:
    return f"On {context.labels.weekday(weekday)}s {first:02d}–{last:02d}"


def _hour_name(context: Context, row) -> str:
    return f"{context.labels.weekday(int(row.weekday))} {int(row.hour):02d}:00"


def _pair(context: Context, row, decimals: int) -> str:
    """``14/12.5``: needed and on duty (whole agents without decimals); nothing where the hour had no calls."""
    if row is None:
        return ""
    needed, duty = context.labels.count(row.required_agents), row.agents_on_duty
    if np.isnan(duty):
        return needed
    whole = decimals == 0 or duty == round(duty)
    return f"{needed}/{context.labels.number(np.floor(duty) if whole else duty, 0 if whole else decimals)}"


def _needed(context: Context, row) -> str:
    """The agents required, with those at the limits of the calls where they differ."""
    ends = (row.required_low, row.required_agents, row.required_high)
    low, needed, high = (context.labels.count(one) for one in ends)
    return needed if low == high else f"{needed} ({low}–{high})"


def _wait(context: Context, seconds: float) -> str:
    return context.labels.duration(seconds) if np.isfinite(seconds) else "grows"


def _word(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else str(number)


def _share(context: Context, value: float | None) -> str:
    """A whole percentage: an expectation deserves no decimals."""
    return context.labels.share(value, 0.0, 1.0)


def _sentence(reason: str) -> str:
    return f"{capital(reason)}."
