"""Agents on a funnel, in place of a league table: who differs from the others by more than chance.

In come the figures of a share by agent, out comes a chart of each agent's share against its number of rows, with exact
limits around the pooled share. Where agents differ more than chance allows as a whole, the limits are widened, so that
an ordinary spread makes nobody an outlier. Agents stand under their pseudonyms, and those with few answers are hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.funnels import Kind, funnel_exhibit
from auditkit.exhibits.speed import by_clock
from auditkit.labels import Labels
from auditkit.translation import N_

MOST_CHARTS = 2
FEWEST_AGENTS = 4
TYPICAL_ROWS = 20  # of the agent in the middle: with fewer, a period says nothing of single agents
REVIEWED = "qa_critical_free_rate"
# Shares that an agent answers for, the most telling first.
SHARES = ("csat", "first_response_within", "fcr", "reopen_rate", "call_resolution_rate", "resolved_within")


def agents(context: Context) -> list[Exhibit]:
    """A funnel for each of the first shares that tell agents apart; empty where there are too few agents."""
    exhibits: list[Exhibit] = []
    for measure in SHARES:
        if len(exhibits) < MOST_CHARTS:
            exhibits += funnel_of(context, by_clock(context, measure))
    return exhibits


def funnel_of(context: Context, measure: str) -> list[Exhibit]:
    """The funnel of one share by agent; empty where there are too few agents, or too few rows of each."""
    period, found = _by_agent(context, measure)
    if len(found) < FEWEST_AGENTS or sum(one.denominator for one in found) == 0:
        return []
    names = [context.labels.tell(context.agent(one.group)) for one in found]
    return [funnel_exhibit(context, AGENTS, measure, period, found, names)]


def asked(context: Context, measure: str = "") -> tuple[str, ...]:
    """The shares that agents are compared by, with another one where it is wanted: they are counted together."""
    shares = dict.fromkeys((*(by_clock(context, one) for one in SHARES), measure))
    return tuple(one for one in shares if one in context.measures)


def asked_of_reviews(context: Context) -> tuple[str, ...]:
    """As ``asked``, with the share that the reviews tell."""
    return asked(context, REVIEWED)


def _by_agent(context: Context, measure: str) -> tuple[Period, list[Figure]]:
    """The agents of the period, or of the whole history where the agent in the middle has too few rows."""
    found: list[Figure] = []
    for period in dict.fromkeys((context.period, context.whole)):
        by_agent = [one for one in context.evaluate(asked(context, measure), period, "agent") if one.measure == measure]
        found = [one for one in by_agent if one.group and one.available and one.statistic == "share"]
        found.sort(key=lambda one: (-one.denominator, one.group))
        if len(found) >= FEWEST_AGENTS and np.median([one.denominator for one in found]) >= TYPICAL_ROWS:
            return period, found
    return context.whole, []


def _title(labels: Labels, label: str, many: int, out: Sequence[str], wide: bool) -> str:
    if not out and wide:
        return labels.say(
            "{measure}: agents differ more than chance allows, and none stands apart from that spread", measure=label
        )
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


AGENTS = Kind(
    slug="agents",
    heading=N_("Agent"),
    size=N_("Rows counted of each agent"),
    about=N_("{measure} of each agent by the number of rows, with limits"),
    exact=N_("Exact binomial limits around the pooled share; agents with fewer rows lie further out by chance"),
    wide=N_("the limits are widened, because agents differ more than chance allows as a whole (Spiegelhalter 2005)"),
    caveat=N_("agents who get harder matters differ for that reason too"),
    alt=N_("{about}. All together {centre}; agents from {low} to {high}. Outside the 99.8 % limits: {outside}."),
    title=_title,
)
