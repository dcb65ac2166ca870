"""Journeys: the chain of contacts that a customer needed for one matter, across tickets and calls.

How many contacts it took, how long it lasted, whether the channel had to be changed and where customers begin. All of
it rests on customers who are known, so the share of contacts that have one is told with it.
"""

from __future__ import annotations

import numpy as np

from auditkit.exhibits import charts, theme
from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.further import further, is_thin, told
from auditkit.exhibits.pieces import accent, chart, since, table
from auditkit.exhibits.speed import share_trend, time_trend
from auditkit.labels import NOTHING
from auditkit.stats import wilson

LAST_COLUMN = 5  # contacts: so many or more stand in one column
_BY_CHANNEL = ("start_channel", "contacts_per_journey", "channel_switch_rate")
_FURTHER = ("identity_match_rate", "start_channel")


def journeys(context: Context) -> list[Exhibit]:
    """Contacts per journey, lead time, changes of channel, where journeys begin, and what this rests on."""
    begun = context.figure("start_channel")
    if begun is None or not begun.available or not begun.value:
        return [_nothing(context)]
    exhibits = _contacts(context)
    if context.has("journey_lead_time", "median"):
        lead = "Journeys that are settled had taken a median"
        exhibits.append(time_trend(context, "journey_lead_time", "journeys-lead-time", lead))
    if context.has("channel_switch_rate"):
        exhibits.append(share_trend(context, "channel_switch_rate", "journeys-switches"))
    return [*exhibits, *_channels(context), *further(context, "journeys-basis", _FURTHER)]


def _contacts(context: Context) -> list[Exhibit]:
    """How many contacts the journeys of the period took."""
    taken = np.asarray(context.sample(context.measures["contacts_per_journey"], context.period), dtype=float)
    if not taken.size:
        return []
    labels, figure = context.labels, context.figure("contacts_per_journey", statistic="mean")
    last = int(min(max(taken.max(), 2), LAST_COLUMN))
    names = [str(number) for number in range(1, last)] + [f"{last}{' or more' if taken.max() > last else ''}"]
    counts = [int(np.sum(taken == number)) for number in range(1, last)] + [int(np.sum(taken >= last))]
    shares = [labels.share(count / taken.size, *map(float, wilson(count, taken.size))) for count in counts]
    colours = [accent(context), *[theme.PALE] * (last - 1)]
    svg = charts.columns(names, [count / taken.size for count in counts], shares, colours)
    rows = [[name, labels.count(count), share] for name, count, share in zip(names, counts, shares, strict=True)]
    title = f"{shares[0]} of the journeys took one contact; the mean is {told(context, figure)}"
    tail = since(context, context.headline("contacts_per_journey", "mean"))
    begun = labels.counted(context.figure("start_channel").value, "journeys")
    extra = f"Of the {begun} that began, those are counted which no further contact can join any more"
    note = context.note("contacts_per_journey", extra=extra)
    about = "Journeys by the number of contacts that they took"
    columns = ["Contacts", "Journeys", "Share"]
    return [chart("journeys-contacts", f"{title}{'; ' + tail if tail else ''}", note, svg, columns, rows, about)]


def _channels(context: Context) -> list[Exhibit]:
    """Where journeys begin, and how they went on from there."""
    found = [one for one in context.evaluate(_BY_CHANNEL, context.period, "channel") if one.available and one.group]
    by_name = {(one.measure, one.statistic, one.group): one for one in found}
    begun = sorted((one for one in found if one.measure == "start_channel"), key=lambda one: -one.value)
    if not begun:
        return []
    labels, total = context.labels, sum(one.value for one in begun)
    rows, limits = [], []
    for one in begun:
        limits.append(tuple(map(float, wilson(one.value, total))))
        contacts = by_name.get(("contacts_per_journey", "mean", one.group))
        switched = by_name.get(("channel_switch_rate", "share", one.group))
        row = [one.group, labels.count(one.value), labels.share(one.value / total, *limits[-1])]
        row += [labels.interval("share", *limits[-1]), _unless_thin(context, contacts), _unless_thin(context, switched)]
        rows.append(row)
    first, interval = rows[0][2], rows[0][3]
    title = f"Journeys begin most often by {begun[0].group}: {first} ({interval}) of {labels.count(total)}"
    if len(begun) > 1 and limits[0][0] <= limits[1][1]:
        title = f"Journeys begin about as often by {begun[0].group} ({first}) as by {begun[1].group} ({rows[1][2]})"
    if total < FEWEST:
        title = f"Too few journeys to say where they begin most: {labels.counted(total, 'journeys')}"
    note = context.note(*_BY_CHANNEL, extra=f"Means and shares of fewer than {FEWEST} journeys are left out")
    columns = ["First channel", "Journeys", "Share", "95 % interval", "Contacts, mean", "Changed channel"]
    return [table("journeys-channels", title, note, columns, rows)]


def _unless_thin(context: Context, figure) -> str:
    return NOTHING if figure is None or is_thin(figure) else context.said(figure)


def _nothing(context: Context) -> Exhibit:
    known = context.figure("identity_match_rate")
    if known is not None and known.available and known.value == 0:
        contacts = context.labels.counted(known.n, "contacts")
        why = f"None of the {contacts} names a customer, so contacts cannot be chained. Map customer_id in audit.toml."
    else:
        why = context.why_not("start_channel")
    return context.missing("journeys", f"No journeys {context.labels.within(context.period)}", why)
