"""One funnel as an exhibit: shares of groups against their sizes, in place of a league table, for agents or for teams.

In come the figures of the groups and what they are called, out comes the chart with its title, note, table and
description. What differs between kinds of groups is their words alone, which stand with those who show them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from auditkit.clocks.period import Period
from auditkit.exhibits import axes
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.figures import Figure
from auditkit.exhibits.funnel_chart import funnel_chart
from auditkit.exhibits.pieces import accent, chart, ending, joined
from auditkit.labels import NOTHING, Labels
from auditkit.stats.funnel import Funnel, funnel
from auditkit.translation import N_

PLACES = {
    "above": N_("above the 99.8 % limits"),
    "below": N_("below the 99.8 % limits"),
    "inside": N_("within the limits"),
}


@dataclass(frozen=True)
class Kind:
    """The words for one kind of groups, declared with ``N_``; ``title`` makes the message of label, how many groups
    there are, the names of those outside, and whether all together differ more than chance allows."""

    slug: str
    heading: str
    size: str
    about: str
    exact: str
    wide: str
    caveat: str
    alt: str
    title: Callable[[Labels, str, int, Sequence[str], bool], str]


def funnel_exhibit(
    context: Context, kind: Kind, measure: str, period: Period, found: Sequence[Figure], names: Sequence[str]
) -> Exhibit:
    """The exhibit; ``found`` has numerators and denominators, ``names`` are what the groups are called."""
    labels = context.labels
    result = funnel([one.numerator for one in found], [one.denominator for one in found])
    out = {place: side for place, side in enumerate(result.outside998) if side is not None}
    ends = {
        "outer": labels.say("99.8 %"),
        "inner": labels.say("95 % limits"),
        "centre": ending(labels.say("all together"), labels.share(result.centre)),
    }
    named = {place: names[place] for place in out}
    svg = funnel_chart(result, axes.share_scale(labels), accent(context), labels.tell(kind.size), ends, named)
    rows = [
        [names[place], labels.share(one.value, one.low, one.high), labels.count(one.denominator),
         _limits(labels, result, place), labels.tell(PLACES[out.get(place, "inside")])]
        for place, one in enumerate(found)
    ]  # fmt: skip
    columns = [labels.tell(kind.heading), context.label(measure), labels.say("n"), labels.say("99.8 % limits"),
        labels.say("Where it lies")]  # fmt: skip
    about = labels.say(kind.about, measure=context.label(measure))
    many = int(np.count_nonzero(result.counted > 0))
    wide = result.model != "none"
    title = kind.title(labels, context.label(measure), many, [names[place] for place in out], wide)
    slug = f"{kind.slug}-{measure.replace('_', '-')}"
    made = chart(slug, title, _note(context, kind, measure, period, result), svg, columns, rows, about)
    return Exhibit(made.id, "chart", dict(made.data) | {"alt": _alt(labels, kind, about, result, rows, out)})


def _limits(labels: Labels, result: Funnel, place: int) -> str:
    low, high = float(result.low998[place]), float(result.high998[place])
    return labels.interval("share", low, high, half=0.05)


def _note(context: Context, kind: Kind, measure: str, period: Period, result: Funnel) -> str:
    labels = context.labels
    wide = labels.tell(kind.wide) if result.model != "none" else ""
    extra = joined(labels, labels.tell(kind.exact), wide, labels.tell(kind.caveat))
    return context.note_of(period, float(np.nansum(result.counted)), measure, extra=extra)


def _alt(labels: Labels, kind: Kind, about: str, result: Funnel, rows, out) -> str:
    outside = [f"{rows[place][0]} {rows[place][1]} (n {rows[place][2]})" for place in out]
    shares = result.shares[result.counted > 0]
    return labels.say(
        kind.alt,
        about=about,
        centre=labels.share(result.centre),
        low=labels.share(float(shares.min()), 0, 1),
        high=labels.share(float(shares.max()), 0, 1),
        outside=labels.listed(outside) if outside else NOTHING,
    )
