"""Agents on a funnel, in place of a league table: who differs from the others by more than chance.

In come the figures of a share by agent, out comes a chart of each agent's share against its number of rows, with exact
limits around the pooled share. Where agents differ more than chance allows as a whole, the limits are widened, so that
an ordinary spread makes nobody an outlier. Agents stand under their pseudonyms, and those with few answers are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.funnel_chart import funnel_chart
from auditkit.exhibits.pieces import accent, chart, ending, joined
from auditkit.exhibits.speed import by_clock
from auditkit.labels import NOTHING
from auditkit.period import Period
from auditkit.stats.funnel import Funnel, funnel
from auditkit.translation import N_

MOST_CHARTS = 2
FEWEST_AGENTS = 4
TYPICAL_ROWS = 20  # of the agent in the middle: with fewer, a period says nothing of single agents
# Shares that an agent answers for, the most telling first.
SHARES = ("csat", "first_response_within", "fcr", "reopen_rate", "call_resolution_rate", "resolved_within")
PLACES = {
    "above": N_("above the 99.8 % limits"),
    "below": N_("below the 99.8 % limits"),
    "inside": N_("within the limits"),
}


def agents(context: Context) -> list[Exhibit]:
    """A funnel for each of the first shares that tell agents apart; empty where there are too few agents."""
    exhibits: list[Exhibit] = []
    for measure in SHARES:
        if len(exhibits) < MOST_CHARTS:
            exhibits += _funnel(context, by_clock(context, measure))
    return exhibits


def _funnel(context: Context, measure: str) -> list[Exhibit]:
    period, found = _by_agent(context, measure)
    if len(found) < FEWEST_AGENTS or sum(one.denominator for one in found) == 0:
        return []
    result = funnel([one.numerator for one in found], [one.denominator for one in found])
    names = [context.labels.tell(context.agent(one.group)) for one in found]
    return [_exhibit(context, measure, period, found, result, names)]


def _by_agent(context: Context, measure: str) -> tuple[Period, list[Figure]]:
    """The agents of the period, or of the whole history where the agent in the middle has too few rows."""
    found: list[Figure] = []
    for period in dict.fromkeys((context.period, context.whole)):
        asked = tuple(by_clock(context, one) for one in SHARES if one in context.measures)
        by_agent = [one for one in context.evaluate(asked, period, "agent") if one.measure == measure]
        found = [one for one in by_agent if one.group and one.available and one.statistic == "share"]
        found.sort(key=lambda one: (-one.denominator, one.group))
        if len(found) >= FEWEST_AGENTS and np.median([one.denominator for one in found]) >= TYPICAL_ROWS:
            return period, found
    return context.whole, []


def _exhibit(
    context: Context, measure: str, period: Period, found: Sequence[Figure], result: Funnel, names: Sequence[str]
) -> Exhibit:
    labels = context.labels
    out = {place: side for place, side in enumerate(result.outside998) if side is not None}
    ends = {
        "outer": labels.say("99.8 %"),
        "inner": labels.say("95 % limits"),
        "centre": ending(labels.say("all together"), labels.share(result.centre)),
    }
    words = labels.say("Rows counted of each agent")
    named = {place: names[place] for place in out}
    svg = funnel_chart(result, axes.share_scale(labels), accent(context), words, ends, named)
    rows = [
        [names[place], labels.share(one.value, one.low, one.high), labels.count(one.denominator),
         _limits(labels, result, place), labels.tell(PLACES[out.get(place, "inside")])]
        for place, one in enumerate(found)
    ]  # fmt: skip
    columns = [labels.say("Agent"), context.label(measure), labels.say("n"), labels.say("99.8 % limits"),
        labels.say("Where it lies")]  # fmt: skip
    about = labels.say("{measure} of each agent by the number of rows, with limits", measure=context.label(measure))
    slug = f"agents-{measure.replace('_', '-')}"
    title = _title(context, measure, result, [names[place] for place in out])
    made = chart(slug, title, _note(context, measure, period, result), svg, columns, rows, about)
    return Exhibit(made.id, "chart", dict(made.data) | {"alt": _alt(context, about, result, rows, out)})


def _limits(labels, result: Funnel, place: int) -> str:
    low, high = float(result.low998[place]), float(result.high998[place])
    return labels.interval("share", low, high, half=0.05)


def _title(context: Context, measure: str, result: Funnel, out: Sequence[str]) -> str:
    labels, many = context.labels, int(np.count_nonzero(result.counted > 0))
    label = context.label(measure)
    if not out:
        return labels.say_n(
            "{measure}: the {count} agent does not differ beyond chance",
            "{measure}: none of {count} agents differs from the others beyond chance",
            many,
            measure=label,
        )
    return labels.say_n(
        "{measure}: {out} of {count} agent lies outside the limits of chance ({names})",
        "{measure}: {out} of {count} agents outside the limits of chance ({names})",
        many,
        measure=label,
        out=len(out),
        names=labels.listed(out),
    )


def _note(context: Context, measure: str, period: Period, result: Funnel) -> str:
    labels = context.labels
    wide = (
        labels.say(
            "the limits are widened, because agents differ more than chance allows as a whole (Spiegelhalter 2005)"
        )
        if result.model != "none"
        else ""
    )
    exact = labels.say(
        "Exact binomial limits around the pooled share; agents with fewer rows lie further out by chance"
    )
    mix = labels.say("agents who get harder matters differ for that reason too")
    n = float(np.nansum(result.counted))
    return context.note_of(period, n, measure, extra=joined(labels, exact, wide, mix))


def _alt(context: Context, about: str, result: Funnel, rows, out) -> str:
    labels = context.labels
    outside = [f"{rows[place][0]} {rows[place][1]} (n {rows[place][2]})" for place in out]
    shares = result.shares[result.counted > 0]
    return labels.say(
        "{about}. All together {centre}; agents from {low} to {high}. Outside the 99.8 % limits: {outside}.",
        about=about,
        centre=labels.share(result.centre),
        low=labels.share(float(shares.min()), 0, 1),
        high=labels.share(float(shares.max()), 0, 1),
        outside=labels.listed(outside) if outside else NOTHING,
    )
