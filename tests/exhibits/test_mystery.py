"""Mystery tests in a report: held against the reported times of their own channel and hours, and told one by one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from small_report import MAY, context, plain, share, texts

from auditkit.exhibits.mystery import mystery_tests
from auditkit.exhibits.mystery_waits import Pair, independent_tests, pairs

DAY = 86400
MINUTE = 60


def probes(waits: list[float | None], **more) -> pd.DataFrame:
    """Independent e-mail tests on 4 May at 10, watched for two days; None was not answered."""
    made = datetime(2026, 5, 4, 7)
    columns = {
        "test_id": [f"T{number}" for number in range(len(waits))],
        "contacted_at": [pd.Timestamp(made, tz="UTC") + timedelta(minutes=number) for number in range(len(waits))],
        "contacted_on": date(2026, 5, 4),
        "contacted_hour": 10,
        "contacted_weekday": 1,
        "after_hours": False,
        "channel": "email",
        "reply_seconds": np.array([np.nan if wait is None else wait for wait in waits], dtype=float),
        "watched_seconds": 2.0 * DAY,
        "seconds_to_as_of": 20.0 * DAY,
        "tester_type": "independent",
        "independent": True,
        "answered_right": True,
    }
    return pd.DataFrame(columns | more)


def tickets(waits: list[float], **more) -> pd.DataFrame:
    columns = {
        "created_on": date(2026, 5, 4),
        "channel": "email",
        "after_hours": False,
        "response_seconds": np.array(waits, dtype=float),
        "seconds_to_as_of": 20.0 * DAY,
    }
    return pd.DataFrame(columns | more)


def calls(waits: list[float], **more) -> pd.DataFrame:
    columns = {"offered_on": date(2026, 5, 4), "after_hours": False, "answered": True, "wait_seconds": waits}
    return pd.DataFrame(columns | more)


HOURS = [60.0 * MINUTE * number for number in range(1, 41)]  # one to forty hours


def only_pair(**tables) -> Pair:
    made = context(tables=tables)
    (found,) = pairs(made, independent_tests(made, MAY))
    return found


def cells(made) -> list[list[str]]:
    (data,) = (one.data for one in mystery_tests(made) if one.id == "tests-reported")
    return [[plain(cell if isinstance(cell, str) else cell["text"]) for cell in row] for row in data["rows"]]


def test_tests_that_wait_as_long_as_reported_show_no_difference():
    found = only_pair(mystery_tests=probes(HOURS[::2]), tickets=tickets(HOURS))
    assert found.is_compared and not found.is_slower and not found.is_faster


@pytest.mark.parametrize(("factor", "slower", "faster"), [(3, True, False), (1 / 20, False, True)])
def test_tests_that_wait_longer_or_shorter_are_told_so(factor, slower, faster):
    found = only_pair(mystery_tests=probes([factor * wait for wait in HOURS[::2]]), tickets=tickets(HOURS))
    assert (found.is_slower, found.is_faster) == (slower, faster)


def test_the_median_counts_what_was_not_answered_as_waiting_on():
    """Seven of twelve were answered, after an hour each: a median of the answered would be one hour for any number."""
    assert only_pair(mystery_tests=probes(7 * [3600.0] + 5 * [None]), tickets=tickets(HOURS)).waits.median[0] == 3600
    assert np.isnan(only_pair(mystery_tests=probes(5 * [3600.0] + 7 * [None]), tickets=tickets(HOURS)).waits.median[0])


def test_tests_without_any_answer_are_slower_than_contacts_that_have_one():
    found = only_pair(mystery_tests=probes(20 * [None]), tickets=tickets(HOURS))
    assert found.is_slower


@pytest.mark.parametrize(
    ("own", "others", "reason"),
    [
        (probes(HOURS[:11]), tickets(HOURS), "cannot conclude: fewer than 12 tests"),
        (probes(HOURS), tickets(HOURS[:29]), "cannot conclude: fewer than 30 contacts on record"),
        (probes(HOURS), tickets(HOURS, channel="chat"), "cannot conclude: no such contacts on record"),
        (probes(HOURS), tickets(HOURS, after_hours=True), "cannot conclude: no such contacts on record"),
        (probes(HOURS), tickets(HOURS, created_on=date(2026, 5, 5)), "cannot conclude: no such contacts on record"),
        (probes(HOURS), None, "cannot conclude: no such contacts on record"),
    ],
)
def test_what_cannot_be_concluded_says_why(own, others, reason):
    made = context(tables={"mystery_tests": own, "tickets": others})
    assert [row[-1] for row in cells(made)] == [reason]
    (data,) = (one.data for one in mystery_tests(made) if one.id == "tests-reported")
    assert data["title"] == "Whether mystery tests wait as long as the reports say cannot be concluded"


def test_calls_are_held_against_calls_and_callers_who_left_waited_on():
    """Half of the callers hung up after ten seconds: the median of all is not that of the answered."""
    own = probes(30 * [5.0], channel="phone")
    others = calls(30 * [5.0] + 30 * [2.0], answered=30 * [True] + 30 * [False])
    made = context(tables={"mystery_tests": own, "tickets": tickets(HOURS, channel="phone"), "calls": others})
    ((where, answered, waited, reported, n, _),) = cells(made)
    assert (where, answered, n) == ("phone, while open", "30 of 30", "60")
    assert waited.startswith("5 s") and reported.startswith("5 s")


def test_channels_and_hours_are_rows_of_their_own():
    own = pd.concat([probes(HOURS), probes(HOURS, after_hours=True), probes([3.0], channel="phone", after_hours=None)])
    made = context(tables={"mystery_tests": own.assign(test_id=range(len(own)))})
    assert [row[0] for row in cells(made)] == ["email, while open", "email, while closed", "phone, hours not known"]


def test_testers_who_are_not_independent_are_in_no_row():
    own = probes(HOURS, independent=[True, False, None, *(37 * [True])])
    assert cells(context(tables={"mystery_tests": own}))[0][1] == "38 of 38"


def test_the_grid_says_where_tests_were_made_and_not_answered():
    own = probes([3600.0, None], contacted_hour=[10, 23], after_hours=[False, True])
    (data,) = (one.data for one in mystery_tests(context(tables={"mystery_tests": own})) if one.id == "tests-hours")
    assert plain(data["title"]) == (
        "2 mystery tests cover 2 of the 168 hours of the week; 50 % came while the team was closed"
    )
    monday = data["table"]["rows"][0]
    assert (monday[11], monday[24]) == ("1", "1 (1 not answered)")


def test_the_log_tells_each_test_beside_what_is_usual_and_no_testers_name():
    own = probes(
        [3600.0, None], tester="Eve Smith", watched_seconds=300.0, channel="phone", answered_right=[False, None]
    )
    made = context(tables={"mystery_tests": own, "calls": calls(30 * [8.0])})
    (data,) = (one.data for one in mystery_tests(made) if one.id == "tests-log")
    told = [[plain(cell if isinstance(cell, str) else cell["text"]) for cell in row] for row in data["rows"]]
    assert told == [
        ["T0", "4 May 2026, 10:00", "phone, while open", "independent tester", "1 h 00 min", "8 s", "no"],
        ["T1", "4 May 2026, 10:01", "phone, while open", "independent tester", "no answer in 5 min", "8 s", "–"],
    ]
    assert plain(data["title"]) == "2 mystery tests in May 2026, 1 of them not answered"
    assert not any("Eve" in texts(one) for one in mystery_tests(made))


def test_periods_stand_beside_each_other_with_the_reported_medians():
    rows = [
        share("mystery_answer_rate", period, 8, 10) | {"measure": name, "value": value, "statistic": statistic, "n": 10}
        for period in ("2026-04", "2026-05")
        for name, statistic, value in (
            ("mystery_answer_rate", "share", 0.8),
            ("mystery_tests_made", "count", 10),
            ("mystery_first_response_time", "median", 7200),
            ("first_response_time", "median", 3600),
        )
    ]
    rows = [row | ({"low": None, "high": None, "unit": "seconds"} if "time" in row["measure"] else {}) for row in rows]
    made = context(*rows, tables={"mystery_tests": probes(HOURS)})
    (data,) = (one.data for one in mystery_tests(made) if one.id == "tests-periods")
    assert plain(data["rows"][1][0]) == "May 2026"
    assert [plain(cell).split(" (")[0] for cell in data["rows"][1][1:]] == ["10", "80 %", "2 h 00 min", "1 h 00 min"]


def test_without_tests_there_is_nothing():
    assert mystery_tests(context()) == []
    assert mystery_tests(context(tables={"mystery_tests": probes([1.0], independent=False)})) == []
