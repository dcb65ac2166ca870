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
from auditkit.exhibits.journey_ends import journey_ends
from auditkit.exhibits.pieces import accent, chart, joined, since, table
from auditkit.exhibits.speed import share_trend, time_trend
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING, Labels
from auditkit.stats import wilson
from auditkit.translation import N_

LAST_COLUMN = 5  # contacts: so many or more stand in one column
BY_CHANNEL = ("start_channel", "contacts_per_journey", "channel_switch_rate")
_FURTHER = ("identity_match_rate", "start_channel")
_TREND = N_("Journeys that are settled had taken a median {time} {when}")


def journeys(context: Context) -> list[Exhibit]:
    """Contacts per journey, lead time, changes of channel, where journeys begin, and what this rests on."""
    begun = context.figure("start_channel")
    if begun is None or not begun.available or not begun.value:
        return [_nothing(context)]
    exhibits = _contacts(context)
    if context.has("journey_lead_time", "median"):
        exhibits.append(time_trend(context, "journey_lead_time", "journeys-lead-time", _TREND))
    if context.has("channel_switch_rate"):
        exhibits.append(share_trend(context, "channel_switch_rate", "journeys-switches"))
    ends = [*_channels(context), *journey_ends(context)]
    return [*exhibits, *ends, *further(context, "journeys-basis", _FURTHER)]


def _contacts(context: Context) -> list[Exhibit]:
    """How many contacts the journeys of the period took."""
    taken = np.asarray(context.sample(context.measures["contacts_per_journey"], context.period), dtype=float)
    if not taken.size:
        return []
    labels, figure = context.labels, context.figure("contacts_per_journey", statistic="mean")
    last = int(min(max(taken.max(), 2), LAST_COLUMN))
    most = labels.say("{count} or more", count=last) if taken.max() > last else str(last)
    names = [*(str(number) for number in range(1, last)), most]
    counts = [int(np.sum(taken == number)) for number in range(1, last)] + [int(np.sum(taken >= last))]
    shares = [labels.share(count / taken.size, *map(float, wilson(count, taken.size))) for count in counts]
    colours = [accent(context), *[theme.PALE] * (last - 1)]
    svg = charts.columns(names, [count / taken.size for count in counts], shares, colours)
    rows = [[name, labels.count(count), share] for name, count, share in zip(names, counts, shares, strict=True)]
    title = labels.say(
        "{share} of the journeys took one contact; the mean is {mean}", share=shares[0], mean=told(context, figure)
    )
    title = joined(labels, title, since(context, context.headline("contacts_per_journey", "mean")))
    extra = labels.say_n(
        "Of the {count} journey that began, those are counted which no further contact can join any more",
        "Of the {count} journeys that began, those are counted which no further contact can join any more",
        int(context.figure("start_channel").value),
    )
    note = context.note("contacts_per_journey", extra=extra)
    about = labels.say("Journeys by the number of contacts that they took")
    columns = [labels.say("Contacts"), labels.say("Journeys"), labels.say("Share")]
    return [chart("journeys-contacts", title, note, svg, columns, rows, about)]


def _channels(context: Context) -> list[Exhibit]:
    """Where journeys begin, and how they went on from there."""
    found = [one for one in context.evaluate(BY_CHANNEL, context.period, "channel") if one.available and one.group]
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
        row = [
            value_words(labels, "channel", one.group),
            labels.count(one.value),
            labels.share(one.value / total, *limits[-1]),
        ]
        row += [labels.interval("share", *limits[-1]), _unless_thin(context, contacts), _unless_thin(context, switched)]
        rows.append(row)
    extra = labels.say("Means and shares of fewer than {fewest} journeys are left out", fewest=FEWEST)
    columns = [
        *(labels.say("First channel"), labels.say("Journeys"), labels.say("Share"), labels.say("95 % interval")),
        *(labels.say("Contacts, mean"), labels.say("Changed channel")),
    ]
    title = _channels_title(labels, rows, int(total), len(begun) > 1 and limits[0][0] <= limits[1][1])
    return [table("journeys-channels", title, context.note(*BY_CHANNEL, extra=extra), columns, rows)]


def _channels_title(labels: Labels, rows: list[list[str]], total: int, alike: bool) -> str:
    """Where journeys begin most; ``alike`` where the first two channels cannot be told apart."""
    if total < FEWEST:
        return labels.say_n(
            "Too few journeys to say where they begin most: {count} journey",
            "Too few journeys to say where they begin most: {count} journeys",
            total,
        )
    channel, _, share, interval, *_ = rows[0]
    if alike:
        return labels.say(
            "Journeys begin about as often by {first} ({share}) as by {second} ({second_share})",
            first=channel,
            share=share,
            second=rows[1][0],
            second_share=rows[1][2],
        )
    return labels.say(
        "Journeys begin most often by {channel}: {share} ({interval}) of {total}",
        channel=channel,
        share=share,
        interval=interval,
        total=total,
    )


def _unless_thin(context: Context, figure) -> str:
    return NOTHING if figure is None or is_thin(figure) else context.said(figure)


def _nothing(context: Context) -> Exhibit:
    labels, known = context.labels, context.figure("identity_match_rate")
    why = context.why_not("start_channel")
    if known is not None and known.available and known.value == 0:
        why = labels.say_n(
            "The {count} contact there is names no customer, so contacts cannot be chained. "
            "Map customer_id in audit.toml.",
            "None of the {count} contacts names a customer, so contacts cannot be chained. "
            "Map customer_id in audit.toml.",
            int(known.n),
        )
    return context.missing("journeys", labels.say("No journeys {when}", when=labels.within(context.period)), why)
