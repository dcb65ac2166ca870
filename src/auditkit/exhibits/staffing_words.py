"""What staffing amounts to, in words: the titles of its exhibits, and the week for those who cannot see the grid.

In come the hours that staffing.py reckoned, out come sentences. A title names the largest shortage in whole agents with
its neighbours of the same size, and hedges where the calls of that time are too few to plan by.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from auditkit.exhibits.context import Context
from auditkit.exhibits.pieces import joined
from auditkit.labels import capital
from auditkit.staffing import SHORT_BY, Overall, Staffing, overall

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class _Shortage:
    """Neighbouring hours of a day (``last`` is the first hour after them) with the same whole agents too few; ``sure``
    where that holds even at the low limit of the calls."""

    weekday: int
    first: int
    last: int
    agents: int
    sure: bool


def week_title(context: Context, found: Staffing) -> str:
    """The message: where agents are fewest against what the target needs."""
    labels, target = context.labels, target_words(context, found)
    if not found.knows_duty:
        top = found.hours.loc[found.hours["required_agents"].idxmax()]
        hour = int(top["hour"])
        return labels.say_n(
            "{target} needs up to {count} agent, at its most on {weekday} {hours}; who was on duty is not known",
            "{target} needs up to {count} agents, at its most on {weekday} {hours}; who was on duty is not known",
            int(top["required_agents"]),
            target=target,
            weekday=labels.weekday(int(top["weekday"])),
            hours=hours_of(hour, hour + 1),
        )
    worst = _worst(found.hours)
    return _enough_title(context, found) if worst is None else _short_title(context, worst, target)


def _enough_title(context: Context, found: Staffing) -> str:
    labels = context.labels
    lead = labels.say(
        "In every hour of the week with calls, as many agents were on duty as {target} needs",
        target=target_words(context, found),
    )
    known = found.hours[found.hours["measured_n"] > 0]
    level = float(np.average(known["measured_service_level"], weights=known["measured_n"])) if len(known) else 1.0
    if level >= found.at_least:
        return lead
    return joined(labels, lead, labels.say("yet only {share} were answered in time", share=share(context, level)))


def _short_title(context: Context, worst: _Shortage, target: str) -> str:
    labels = context.labels
    lead = labels.say_n(
        "{weekday} {hours}: {count} agent fewer on duty than {target} needs",
        "{weekday} {hours}: {count} agents fewer on duty than {target} needs",
        worst.agents,
        weekday=capital(labels.weekday(worst.weekday)),
        hours=hours_of(worst.first, worst.last),
        target=target,
    )
    if worst.sure:
        return lead
    hedge = labels.say("if the few calls of that time are not chance")
    return labels.say("{first}, {second}", first=lead, second=hedge)


def hours_title(context: Context, knows_duty: bool, whole: Overall, shown: int) -> str:
    labels = context.labels
    if not knows_duty:
        return labels.say_n(
            "The hour of the week with the most load {when}",
            "The {count} hours of the week with the most load {when}",
            shown,
            when=labels.within(context.period),
        )
    if not whole.short_hours:
        return labels.say_n(
            "The {count} hour of the week with calls had agents enough",
            "None of the {count} hours of the week with calls had too few agents",
            whole.hours,
        )
    return labels.say_n(
        "{count} of the {all} hours of the week with calls had too few agents",
        "{count} of the {all} hours of the week with calls had too few agents",
        whole.short_hours,
        all=whole.hours,
    )


def what_if_title(context: Context, now: Overall, more: Overall) -> str:
    before, after = (share(context, one.service_level) for one in (now, more))
    if before == after:
        return context.labels.say(
            "One agent more in every hour would not move the expected service level of {share}", share=before
        )
    return context.labels.say(
        "One agent more in every hour would take the expected service level from {before} to {after}",
        before=before,
        after=after,
    )


def in_short(context: Context, found: Staffing) -> str:
    """The grid for those who cannot see it: the whole, and the hours with the largest gap."""
    hours, whole = found.hours, overall(found.hours)
    labels = context.labels
    if not found.knows_duty:
        top = hours.sort_values("required_agents", ascending=False, kind="stable").head(5).itertuples()
        return labels.say("Most needed: {hours}.", hours=_hours_listed(context, top, 0))
    top = hours[hours["gap"] <= -SHORT_BY].sort_values("gap").head(8)
    few = labels.say_n(
        "{count} of {all} hours with calls has too few",
        "{count} of {all} hours with calls have too few",
        whole.short_hours,
        all=whole.hours,
    )
    if top.empty:
        return f"{few}."
    return labels.say("{first}: {second}", first=few, second=_hours_listed(context, top.itertuples(), 1)) + "."


def _hours_listed(context: Context, rows: Iterable[Any], decimals: int) -> str:
    """``Monday 10:00 14/12, ...``: hours with what is needed and on duty."""
    return ", ".join(
        f"{capital(context.labels.weekday(int(row.weekday)))} {int(row.hour):02d}:00 {pair(context, row, decimals)}"
        for row in rows
    )


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


def target_words(context: Context, found: Staffing) -> str:
    """``80 % in 20 s``."""
    share, time = context.labels.percent(found.at_least), context.labels.duration_short(found.within_seconds)
    return context.labels.say("{share} in {time}", share=share, time=time)


def hours_of(first: int, last: int) -> str:
    return f"{first:02d}–{last:02d}"


def pair(context: Context, row, decimals: int) -> str:
    """``14/12.5``: needed and on duty (whole agents without decimals); nothing where the hour had no calls."""
    if row is None:
        return ""
    needed, duty = context.labels.count(row.required_agents), row.agents_on_duty
    if np.isnan(duty):
        return needed
    whole = decimals == 0 or duty == round(duty)
    return f"{needed}/{context.labels.number(np.floor(duty) if whole else duty, 0 if whole else decimals)}"


def share(context: Context, value: float | None) -> str:
    """A whole percentage: an expectation deserves no decimals."""
    return context.labels.share(value, 0.0, 1.0)
