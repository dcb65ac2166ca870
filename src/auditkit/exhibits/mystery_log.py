"""The log of mystery tests as evidence: each test of the period, beside what is usual at such hours.

In come the compared pairs, out comes one table. Where the period has no tests the latest ones stand in it. A tester is
told by the type that was recorded; the tester's own words stay in the source.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from auditkit.exhibits.base import Exhibit
from auditkit.exhibits.context import Context
from auditkit.exhibits.mystery_reports import where
from auditkit.exhibits.mystery_waits import Pair, independent_tests
from auditkit.exhibits.pieces import Cell, aligned, item, table
from auditkit.exhibits.values import value_words
from auditkit.labels import NOTHING, Labels, capital

MOST = 40  # rows of a log that are still read


def log(context: Context, found: list[Pair]) -> list[Exhibit]:
    """The tests of the period, the earliest first."""
    labels = context.labels
    usual = {test: pair for pair in found for test in pair.tests["test_id"]}
    own = independent_tests(context, context.period)
    of_period = own is not None and not own.empty
    if not of_period:
        own = pd.concat([pair.tests for pair in found])
    shown = own.sort_values(["contacted_at", "test_id"]).tail(MOST)
    rows = [_row(labels, test, usual[test["test_id"]]) for _, test in shown.iterrows()]
    columns = [labels.say("Test"), labels.say("Made"), labels.say("Channel and hours"), labels.say("Tester")]
    columns += [labels.say("Wait"), labels.say("Usual wait"), labels.say("Right")]
    made = table("tests-log", _title(context, own, of_period), _note(context, len(own) - len(shown)), columns, rows)
    return [Exhibit(made.id, "table", dict(made.data) | {"columns": aligned(columns, left=(0, 1, 2, 3))})]


def _row(labels: Labels, test: pd.Series, pair: Pair) -> list[Cell]:
    value, low, high = pair.reported.median if pair.reported.n else (np.nan,) * 3
    kind = value_words(labels, "tester_type", test["tester_type"]) if test["tester_type"] else NOTHING
    return [
        test["test_id"],
        labels.moment(test["contacted_at"].to_pydatetime()),
        where(labels, pair),
        kind,
        _wait(labels, test),
        labels.value("seconds", value, low, high),
        _right(labels, test),
    ]


def _wait(labels: Labels, test: pd.Series) -> Cell:
    if test["answered"]:
        return labels.duration(test["wait"])
    if np.isnan(test["wait"]):
        return item(labels.say("not answered"), "bad")
    return item(labels.say("no answer in {time}", time=labels.duration_short(test["wait"])), "bad")


def _right(labels: Labels, test: pd.Series) -> Cell:
    if not test["answered"] or pd.isna(test["answered_right"]):
        return NOTHING
    return labels.say("yes") if test["answered_right"] else item(labels.say("no"), "bad")


def _title(context: Context, own: pd.DataFrame, of_period: bool) -> str:
    labels, missed = context.labels, int((~own["answered"]).sum())
    when = labels.within(context.period) if of_period else context.over_history
    lead = labels.say_n("{count} mystery test {when}", "{count} mystery tests {when}", len(own), when=when)
    if not missed:
        return labels.say("{lead}, all of them answered", lead=lead)
    return labels.say("{lead}, {missed} of them not answered", lead=lead, missed=missed)


def _note(context: Context, left: int) -> str:
    labels = context.labels
    parts = [
        labels.say(
            "{zone} time. The usual wait is the median of what was recorded in the same channel and kind of hour. Only "
            "tests by testers who are independent of the team.",
            zone=labels.zone,
        )
    ]
    if left:
        parts.append(labels.say_n("{count} earlier test is left out.", "{count} earlier tests are left out.", left))
    return " ".join([*parts, f"{capital(context.ids(('mystery_tests_made',)))}."])
