"""The table that holds mystery tests against the reported times: one row per channel and kind of hour.

In come the compared pairs, out comes one table whose title names the pair that differs most surely, and says plainly
where nothing can be concluded. Medians come with their intervals.
"""

from __future__ import annotations

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.changes import FEWEST
from auditkit.exhibits.context import Context
from auditkit.exhibits.few_rows import told_median
from auditkit.exhibits.mystery_waits import FEWEST_TESTS, Pair
from auditkit.exhibits.pieces import Cell, aligned, item, probability, table
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING, Labels, capital
from auditkit.translation import N_

_LONGER = N_("Mystery tests wait longer than the reports say: {where}, a median {tests} against {reported}")
_SOONER = N_("Mystery tests are answered sooner than the reports say: {where}, a median {tests} against {reported}")
LONGER_AT = N_("Mystery tests wait longer than the reports say: {where}")
_SOONER_AT = N_("Mystery tests are answered sooner than the reports say: {where}")


def against_reports(context: Context, found: list[Pair]) -> Exhibit:
    """The table; ``found`` has at least one pair."""
    labels = context.labels
    columns = [labels.say("Channel and hours"), labels.say("Answered"), labels.say("Tests waited")]
    columns += [labels.say("Reported"), labels.say("n"), labels.say("Tests against reports")]
    unreached = labels.say("fewer than half answered")
    rows: list[list[Cell]] = [
        [
            where(labels, one),
            labels.say("{count} of {total}", count=int(one.tests["answered"].sum()), total=len(one.tests)),
            *(told_median(labels, waits.seconds, waits.answered, unreached) for waits in (one.waits, one.reported)),
            labels.count(one.reported.n),
            _verdict(labels, one),
        ]
        for one in found
    ]
    made = table("tests-reported", _title(labels, found), _note(context, found), columns, rows)
    return Exhibit(made.id, "table", dict(made.data) | {"columns": aligned(columns, left=(0, 5))})


def where(labels: Labels, pair: Pair) -> str:
    """The channel and the kind of hour: ``email, while closed``."""
    channel = value_words(labels, "channel", pair.channel)
    if pair.closed is None:
        return labels.say("{channel}, hours not known", channel=channel)
    if pair.closed:
        return labels.say("{channel}, while closed", channel=channel)
    return labels.say("{channel}, while open", channel=channel)


def _title(labels: Labels, found: list[Pair]) -> str:
    slower = sorted((one for one in found if one.is_slower), key=lambda one: one.p)
    faster = sorted((one for one in found if one.is_faster), key=lambda one: one.p)
    if slower or faster:
        one = (*slower, *faster)[0]
        tests, reported = (labels.value("seconds", *waits.median) for waits in (one.waits, one.reported))
        if NOTHING in (tests, reported):
            return labels.say(LONGER_AT if slower else _SOONER_AT, where=where(labels, one))
        sentence = _LONGER if slower else _SOONER
        return labels.say(sentence, where=where(labels, one), tests=tests, reported=reported)
    if any(one.is_compared for one in found):
        return labels.say("Mystery tests wait no clearly different time from what the reports say")
    return labels.say("Whether mystery tests wait as long as the reports say cannot be concluded")


def _note(context: Context, found: list[Pair]) -> str:
    labels, days = context.labels, [day for one in found for day in one.tests["contacted_on"]]
    parts = [
        labels.say(
            "Tests from {first} to {last}, and what was recorded on those days.", first=min(days), last=max(days)
        ),
        labels.say(
            "Calls are held against calls, messages against tickets of their channel, on the calendar. What nobody "
            "answered waited on: a test as long as its tester watched, a caller until hanging up. Kaplan-Meier medians "
            "and log-rank tests, adjusted for the number of rows (Holm); 95 % intervals. Testers choose their hours, "
            "so within a row the hours may still differ from the customers' own."
        ),
        f"{capital(context.ids(('mystery_speed_of_answer', 'mystery_first_response_time')))}.",
    ]
    return " ".join(parts)


def _verdict(labels: Labels, pair: Pair) -> Cell:
    """What the two waits say, or why they say nothing."""
    if pair.is_slower:
        return item(labels.say("tests wait longer ({p})", p=probability(labels, pair.p)), "bad")
    if pair.is_faster:
        return item(labels.say("tests are answered sooner ({p})", p=probability(labels, pair.p)), "good")
    if pair.is_compared:
        return labels.say("no clear difference ({p})", p=probability(labels, pair.p))
    if not pair.reported.n:
        return item(labels.say("cannot conclude: no such contacts on record"), "unsure")
    if pair.waits.n < FEWEST_TESTS:
        return item(labels.say("cannot conclude: fewer than {fewest} tests", fewest=FEWEST_TESTS), "unsure")
    return item(labels.say("cannot conclude: fewer than {fewest} contacts on record", fewest=FEWEST), "unsure")
